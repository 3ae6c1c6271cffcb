import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/core/addresses.ts';
import { createHttpSender } from '../../../src/providers/signals/http-sender.ts';

const servers: Server[] = [];
const sender = createHttpSender({ production: false });
afterAll(() => {
  sender.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/x`;
}

const post = (url: string, over: { timeout?: number; production?: boolean } = {}) =>
  (over.production ? createHttpSender({ production: true }) : sender).post({
    url,
    headers: { 'x-a': '1' },
    body: '文',
    timeout: over.timeout ?? 5000,
  });

describe('the sender of signals', () => {
  it('posts what it is given and answers what came back', async () => {
    const seen: unknown[] = [];
    const url = await listen((request, response) => {
      request.on('data', (chunk: Buffer) =>
        seen.push(chunk.toString(), request.headers['x-a'], request.method),
      );
      request.on('end', () => response.writeHead(400).end('{"err":"x"}'));
    });
    expect(await post(url)).toEqual({ answered: true, status: 400, body: '{"err":"x"}' });
    expect(seen).toEqual(['文', '1', 'POST']);
  });

  it('follows no redirect', async () => {
    let elsewhere = 0;
    const target = await listen((_request, response) => {
      elsewhere += 1;
      response.end();
    });
    const url = await listen((_request, response) => response.writeHead(307, { location: target }).end());
    expect(await post(url)).toMatchObject({ answered: true, status: 307 });
    expect(elsewhere).toBe(0);
  });

  it('does not wait for ever, nor read for ever', async () => {
    const silent = await listen(() => undefined);
    expect(await post(silent, { timeout: 100 })).toEqual({ answered: false, code: 'timeout' });
    const dripping = await listen((_request, response) => {
      response.writeHead(200);
      setInterval(() => response.write('x'), 20).unref();
    });
    expect(await post(dripping, { timeout: 200 })).toEqual({ answered: false, code: 'timeout' });
    const endless = await listen((_request, response) => response.end('x'.repeat(1_000_000)));
    expect(await post(endless)).toEqual({ answered: false, code: 'answer_too_long' });
    expect(await post('http://localhost:1/x')).toEqual({ answered: false, code: 'ECONNREFUSED' });
  });

  it.each([
    ['http://app.example/x', 'not_https'],
    ['https://127.0.0.1/x', 'private_address'],
    ['https://[::1]/x', 'private_address'],
    // What a name says is checked when the connection is made.
    ['https://localhost/x', 'private_address'],
  ])('does not connect in production to %s', async (url, code) => {
    expect(await post(url, { production: true })).toEqual({ answered: false, code });
  });
});

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '240e::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'app.example',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
