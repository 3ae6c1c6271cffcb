import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TwilioStandIn = {
  readonly url: string;
  readonly accountSid: string;
  /** Requests to send, in order, whether they were taken or not. */
  readonly asked: { to: string; body: string }[];
  /** Messages the vendor has. */
  readonly taken: { to: string; body: string }[];
  /** What becomes of requests to send: answered, taken but never answered, or neither. */
  behave(how: 'well' | 'takes-and-hangs' | 'hangs', to?: string): void;
  close(): void;
};

/** As much of Twilio's messaging API as a killed process leaves open: sending, and looking up what was sent. */
export async function startTwilioStandIn(): Promise<TwilioStandIn> {
  const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
  const asked: TwilioStandIn['asked'] = [];
  const taken: TwilioStandIn['taken'] = [];
  const behaviour = new Map<string, 'well' | 'takes-and-hangs' | 'hangs'>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://x');
      if (request.method === 'GET') {
        const found = taken.filter(({ to }) => to === url.searchParams.get('To'));
        const messages = found.map(({ body }) => ({ sid: 'SM1', body, status: 'sent' }));
        return answer(response, 200, { messages, page: 0, page_size: 50 });
      }
      const form = new URLSearchParams(text);
      const message = { to: form.get('To') ?? '', body: form.get('Body') ?? '' };
      const how = behaviour.get(message.to) ?? behaviour.get('') ?? 'well';
      asked.push(message);
      if (how !== 'hangs') taken.push(message);
      if (how === 'well')
        answer(response, 201, { sid: `SM${taken.length}`, status: 'queued', error_code: null });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid,
    asked,
    taken,
    behave(how, to = '') {
      if (to === '') behaviour.clear();
      behaviour.set(to, how);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
