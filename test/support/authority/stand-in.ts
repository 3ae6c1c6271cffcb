import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stand-in understood of a request whose signature it accepted. */
export type Asked = {
  readonly name: string;
  readonly number: string;
  readonly face?: Buffer;
  readonly reference?: string;
};

export type Request = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Answer = { readonly status: number; readonly body: object };

/** What a vendor does with a request: refuses it, or understands a question. */
export type Vendor = {
  check(request: Request): { readonly refusal: Answer } | { readonly asked: Asked };
  /** The usual answer to a question. */
  answer(asked: Asked): Answer;
};

export type StandIn = {
  readonly url: string;
  /** Questions whose signature was accepted. */
  readonly asked: Asked[];
  /** Paths of all requests, accepted or not. */
  readonly paths: string[];
  /** Overrides the answers from now on, for requests that are accepted. */
  says(next: Answer | ((response: ServerResponse) => void) | undefined): void;
  /** Changes bodies on their way, as somebody in between would. */
  tampers(change: ((body: string) => string) | undefined): void;
  close(): void;
};

export async function startStandIn(vendor: Vendor): Promise<StandIn> {
  const asked: Asked[] = [];
  const paths: string[] = [];
  let next: Parameters<StandIn['says']>[0];
  let tamper: Parameters<StandIn['tampers']>[0];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks).toString();
      const body = tamper ? tamper(sent) : sent;
      const { method = '', url = '', headers } = request;
      paths.push(url);
      const checked = vendor.check({ method, url, headers, body });
      if ('refusal' in checked) return write(response, checked.refusal);
      asked.push(checked.asked);
      if (typeof next === 'function') return next(response);
      write(response, next ?? vendor.answer(checked.asked));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    paths,
    says: (answer) => (next = answer),
    tampers: (change) => (tamper = change),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function write(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
