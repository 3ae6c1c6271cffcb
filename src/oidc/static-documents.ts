import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Provider } from 'oidc-provider';

export type StaticDocument = { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/** One answer of the provider as bytes, for documents that change only when the provider is made anew. */
export async function capture(provider: Provider, path: string): Promise<StaticDocument> {
  const { host, protocol } = new URL(provider.issuer);
  const request = new IncomingMessage(new Socket());
  Object.assign(request, {
    method: 'GET',
    url: path,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  });
  request.headers = { host, 'x-forwarded-proto': protocol.slice(0, -1) };
  const response = new ServerResponse(request);
  const body = await new Promise<Buffer>((resolve, reject) => {
    response.end = ((chunk?: string | Buffer) => {
      resolve(Buffer.from(chunk ?? ''));
      return response;
    }) as ServerResponse['end'];
    void Promise.resolve(provider.callback()(request, response)).catch(reject);
  });
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`);
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    },
  };
}
