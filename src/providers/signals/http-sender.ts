import { lookup as resolve } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from '../../core/addresses.ts';
import type { SignalAnswer, SignalSender } from '../../signals/index.ts';

/** Bytes of an answer that are read; an error of RFC 8935 is a fraction of it. */
const longestAnswer = 16 * 1024;

/**
 * Posts by HTTP. In `production` only by https and only to addresses of the public internet: what a name resolves to is
 * checked in the very look-up that the connection is made with, so that no second look-up can say otherwise.
 */
export function createHttpSender({ production }: { production: boolean }): SignalSender {
  const options = {
    keepAlive: true,
    maxSockets: 16,
    timeout: 30_000,
    ...(production ? { lookup: publicLookup } : {}),
  };
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };

  return {
    post({ url, headers, body, timeout }) {
      const { protocol, hostname } = new URL(url);
      const host = hostname.replace(/^\[|\]$/g, '');
      if (production && protocol !== 'https:') return refuse('not_https');
      if (production && isIP(host) !== 0 && !isPublicAddress(host)) return refuse('private_address');
      const { request } = protocol === 'https:' ? https : http;
      const agent = protocol === 'https:' ? agents['https:'] : agents['http:'];
      return new Promise<SignalAnswer>((done) => {
        const fail = (error: unknown) => done({ answered: false, code: codeOf(error) });
        const length = { 'content-length': String(Buffer.byteLength(body)) };
        const outgoing = request(
          url,
          { method: 'POST', agent, headers: { ...headers, ...length }, signal: AbortSignal.timeout(timeout) },
          (answer) => void read(answer).then(done, fail),
        );
        outgoing.on('error', fail);
        outgoing.end(body);
      });
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Resolves a name and fails unless every address it has is public. */
const publicLookup: LookupFunction = (hostname, { all, ...options }, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const inner = !error && (found.length === 0 || found.some(({ address }) => !isPublicAddress(address)));
    const problem = error ?? (inner ? Object.assign(new Error(), { code: 'private_address' }) : null);
    const [first] = found ?? [];
    if (problem || all) done(problem, found ?? []);
    else done(null, first?.address ?? '', first?.family);
  });
};

async function read(answer: http.IncomingMessage): Promise<SignalAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestAnswer) return { answered: false, code: 'answer_too_long' };
    chunks.push(chunk);
  }
  return { answered: true, status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
}

function refuse(code: string): Promise<SignalAnswer> {
  return Promise.resolve({ answered: false, code });
}

/** `timeout`, the system's name of the failure such as `ECONNREFUSED`, or `unreachable`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreachable';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Za-z_]{1,60}$/.test(code) ? code : 'unreachable';
}
