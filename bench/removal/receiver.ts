import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Verifies what came and answers the subject it is about; undefined for an event that this benchmark does not wait for.
 * Throws on a forged one.
 */
export type Verify = (headers: IncomingHttpHeaders, body: string) => Promise<string | undefined>;

export type Receiver = {
  readonly url: string;
  /** Whether the event about somebody came, even if it was not answered. */
  isAsked(subject: string): boolean;
  /** Resolves with the instant at which the event about somebody had come and was verified. Throws after `patience`. */
  heard(subject: string): Promise<number>;
  /** How often the event about somebody was taken beyond the first time. */
  repeated(subject: string): number;
  /** Milliseconds that a request takes here which nobody signs, stores or verifies. */
  plainPost(body: string): Promise<number>;
  /** While it holds, what comes is read and not answered. */
  hold(): void;
  /** Cuts what is held and answers again. */
  release(): void;
  /** Refuses connections until it is back. */
  down(): Promise<void>;
  up(): Promise<void>;
};

const patience = 60_000;

/** An app's endpoint for signals as an HTTP server; instants are those of `performance.now()`. */
export async function startReceiver(): Promise<Receiver & { verifyWith(verify: Verify): void }> {
  let verify: Verify = async () => undefined;
  let holding = false;
  const asked = new Set<string>();
  const plain = '/plain';
  const taken = new Map<string, { at: number; times: number }>();
  const waiting = new Map<string, (at: number) => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === plain) {
        response.writeHead(202).end();
        return;
      }
      void take(request.headers, Buffer.concat(chunks).toString()).then((status) => {
        if (status !== undefined) response.writeHead(status).end();
      });
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  async function take(headers: IncomingHttpHeaders, body: string): Promise<number | undefined> {
    let subject: string | undefined;
    try {
      subject = await verify(headers, body);
    } catch (error) {
      console.error('not verified', error);
      return 500;
    }
    if (subject === undefined) return 202;
    asked.add(subject);
    if (holding) return undefined;
    const at = performance.now();
    const known = taken.get(subject);
    taken.set(subject, { at: known?.at ?? at, times: (known?.times ?? 0) + 1 });
    waiting.get(subject)?.(at);
    return 202;
  }

  return {
    url: `http://localhost:${port}/signals`,
    isAsked: (subject) => asked.has(subject),
    verifyWith: (given) => void (verify = given),
    heard(subject) {
      const known = taken.get(subject);
      if (known) return Promise.resolve(known.at);
      return new Promise((resolve, reject) => {
        const given = setTimeout(() => reject(new Error('an event was lost')), patience);
        waiting.set(subject, (at) => {
          clearTimeout(given);
          resolve(at);
        });
      });
    },
    repeated: (subject) => (taken.get(subject)?.times ?? 1) - 1,
    async plainPost(body) {
      const started = performance.now();
      await (await fetch(`http://localhost:${port}${plain}`, { method: 'POST', body })).text();
      return performance.now() - started;
    },
    hold: () => void (holding = true),
    release() {
      holding = false;
      server.closeAllConnections();
    },
    async down() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    up: () => listen(port),
  };
}
