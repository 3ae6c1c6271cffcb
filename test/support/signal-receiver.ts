import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';

export type ReceivedToken = JWTPayload & {
  readonly sub_id: { readonly format: string; readonly sub?: string; readonly id?: string };
  readonly events: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

export type SignalReceiver = {
  readonly url: string;
  /** What was taken, in the order in which it came, repetitions among it. */
  readonly taken: ReceivedToken[];
  readonly asked: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** How the next requests are answered. `hangs`: not at all, until it behaves otherwise. */
  behave(
    how:
      | 'well'
      | 'hangs'
      | { readonly status: number; readonly body?: object; readonly headers?: Record<string, string> },
  ): void;
  /** Stops listening, and listens again at the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
};

/** A receiver of pushed security event tokens (RFC 8935) as an app would write it: it takes what it can verify. */
export async function startSignalReceiver({
  issuer,
  audience,
}: {
  issuer: string;
  audience: string;
}): Promise<SignalReceiver> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));
  const taken: ReceivedToken[] = [];
  const asked: SignalReceiver['asked'] = [];
  let manner: Parameters<SignalReceiver['behave']>[0] = 'well';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      asked.push({ headers: request.headers, body });
      if (manner === 'hangs') return;
      if (manner !== 'well') {
        response.writeHead(manner.status, { 'content-type': 'application/json', ...manner.headers });
        response.end(JSON.stringify(manner.body ?? {}));
        return;
      }
      verifyToken(body, { issuer, audience, keys })
        .then((token) => {
          taken.push(token);
          response.writeHead(202).end();
        })
        .catch((error: unknown) => {
          response.writeHead(400, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ err: 'invalid_request', description: String(error) }));
        });
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://localhost:${port}/signals`,
    taken,
    asked,
    behave: (how) => void (manner = how),
    down: close,
    up: () => listen(port),
    close,
  };
}

/** RFC 8417 and SSF 1.0 section 4.1: explicitly typed, without `sub` and `exp`, for this audience, by this issuer. */
export async function verifyToken(
  token: string,
  {
    issuer,
    audience,
    keys,
  }: { issuer: string; audience: string; keys: ReturnType<typeof createRemoteJWKSet> },
): Promise<ReceivedToken> {
  const { payload } = await jwtVerify<ReceivedToken>(token, keys, {
    issuer,
    audience,
    typ: 'secevent+jwt',
    algorithms: ['RS256'],
  });
  if (payload.sub !== undefined || payload.exp !== undefined) throw new Error('sub and exp must be absent');
  if (!payload.jti || !payload['txn'] || Object.keys(payload.events).length !== 1)
    throw new Error('incomplete');
  return payload;
}

/** Standard Webhooks, as its specification says to check. */
export function isSignedWebhook(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
  const wanted = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}
