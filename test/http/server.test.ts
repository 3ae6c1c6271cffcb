import Router from '@koa/router';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { State } from '../../src/http/context.ts';
import { createCsrf } from '../../src/http/csrf.ts';
import { readForm } from '../../src/http/guard.ts';
import { createServer } from '../../src/http/server.ts';
import { listen, type Listening } from '../../src/listen.ts';

const open: Listening[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close(0);
});

const lines: string[] = [];

/** The real stack with a few routes that misbehave on purpose. */
async function start({ issuer = 'http://shiming.test', trustedProxies = 0 } = {}) {
  const csrf = createCsrf([{ id: 'k', key: Buffer.alloc(32, 1) }], issuer, systemRandom);
  const router = new Router<State>();
  router.get('/token', (ctx) => (ctx.body = ctx.state.csrfToken));
  router.get('/who', (ctx) => (ctx.body = ctx.state.clientAddress));
  router.get('/lang', (ctx) => {
    ctx.state.offerLocales(typeof ctx.query['ui_locales'] === 'string' ? ctx.query['ui_locales'] : undefined);
    ctx.body = ctx.state.lang;
  });
  router.get('/boom', () => {
    throw new Error('secret 13800138000');
  });
  router.get('/later', () => {
    throw new AppError('too_many_requests', { retryAfter: 12.3 });
  });
  router.post('/echo', (ctx) => {
    const form = readForm(ctx, z.object({ name: z.string().min(1, 'common.required') }));
    ctx.body = form;
  });
  const log = createLog('debug', { write: (line: string) => void lines.push(line) });
  const config = { issuer, mode: 'production', trustedProxies } as const;
  const app = createServer({
    config,
    clock: new ManualClock(),
    random: systemRandom,
    log,
    csrf,
    routers: [router],
  });
  const server = await listen(app.callback(), 0, '127.0.0.1');
  open.push(server);
  const base = `http://127.0.0.1:${server.port}`;
  return (path: string, init: RequestInit = {}) => fetch(`${base}${path}`, { redirect: 'manual', ...init });
}

async function withToken(get: Awaited<ReturnType<typeof start>>) {
  const answer = await get('/token');
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { cookie, token: await answer.text() };
}

const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  headers,
});

describe('the middleware stack', () => {
  it('sends a strict content policy and its companions with every answer, errors included', async () => {
    const get = await start({ issuer: 'https://shiming.test' });
    for (const path of ['/token', '/boom', '/nowhere']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('answers an unknown path with a page for people and problem details for programs', async () => {
    const get = await start();
    const page = await get('/nowhere', { headers: { accept: 'text/html', 'accept-language': 'en' } });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('<html lang="en">');
    const problem = await get('/nowhere', { headers: { accept: 'application/json' } });
    expect(problem.headers.get('content-type')).toContain('application/problem+json');
    expect(await problem.json()).toMatchObject({
      status: 404,
      code: 'not_found',
      request_id: expect.any(String) as string,
    });
  });

  it('never sends or logs the message of an unexpected error', async () => {
    const get = await start();
    lines.length = 0;
    const answer = await get('/boom');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('13800138000');
    expect(lines.join()).toContain('request failed');
    expect(lines.join()).not.toContain('13800138000');
  });

  it('says when to try again', async () => {
    const get = await start();
    const answer = await get('/later', { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('13');
  });

  it('does not log query strings or path parameters', async () => {
    const get = await start();
    lines.length = 0;
    await get('/who?phone=13800138000');
    expect(lines.join()).toContain('"route":"/who"');
    expect(lines.join()).not.toContain('13800138000');
  });
});

describe('forms', () => {
  it('are accepted with the cookie and the token of the same browser', async () => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    const answer = await get('/echo', form({ _csrf: token, name: '小林' }, { cookie }));
    expect(await answer.json()).toMatchObject({ ok: true, data: { name: '小林' } });
  });

  it.each([
    ['no token', {}],
    ['a made-up token', { _csrf: 'x'.repeat(43) }],
  ])('are refused with %s', async (_what, fields) => {
    const get = await start();
    const { cookie } = await withToken(get);
    expect((await get('/echo', form({ name: 'x', ...fields }, { cookie }))).status).toBe(403);
  });

  it('are refused with the token of another browser, or without the cookie', async () => {
    const get = await start();
    const [one, two] = [await withToken(get), await withToken(get)];
    expect((await get('/echo', form({ _csrf: one.token, name: 'x' }, { cookie: two.cookie }))).status).toBe(
      403,
    );
    expect((await get('/echo', form({ _csrf: one.token, name: 'x' }))).status).toBe(403);
  });

  it.each([
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
    ['origin', 'https://evil.example'],
    ['origin', 'null'],
  ])('are refused when the browser says %s: %s', async (header, value) => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    const answer = await get('/echo', form({ _csrf: token, name: 'x' }, { cookie, [header]: value }));
    expect(answer.status).toBe(403);
  });

  it('as multipart are refused where no upload is expected, whatever token they carry', async () => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    const body = new FormData();
    body.set('_csrf', token);
    body.set('name', 'x');
    const answer = await get('/echo', { method: 'POST', body, headers: { cookie, 'x-csrf-token': token } });
    expect(answer.status).toBe(415);
  });

  it('keep what was entered beside the error, and never a password', async () => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    const answer = await get(
      '/echo',
      form({ _csrf: token, name: '', city: '上海', password: 'hunter2' }, { cookie }),
    );
    expect(await answer.json()).toEqual({
      ok: false,
      errors: [{ field: 'name', message: 'common.required' }],
      values: { name: '', city: '上海' },
    });
  });

  it('larger than 64 KiB or with hundreds of fields are refused', async () => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    expect((await get('/echo', form({ _csrf: token, name: 'x'.repeat(70_000) }, { cookie }))).status).toBe(
      413,
    );
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, '']));
    expect((await get('/echo', form({ _csrf: token, ...many }, { cookie }))).status).toBe(413);
  });

  it('with a name like __proto__ do no harm', async () => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    await get(
      '/echo',
      form({ _csrf: token, name: 'x', __proto__x: '1', 'constructor.prototype.polluted': '1' }, { cookie }),
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('with malformed JSON are a bad request', async () => {
    const get = await start();
    const { cookie, token } = await withToken(get);
    const headers = { cookie, 'x-csrf-token': token, 'content-type': 'application/json' };
    expect((await get('/echo', { method: 'POST', body: '{', headers })).status).toBe(400);
  });
});

describe('cookies', () => {
  it('have the __Host- prefix and are secure over https, behind a proxy that ends TLS', async () => {
    const get = await start({ issuer: 'https://shiming.test' });
    const [cookie] = (await get('/token')).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-shiming-csrf=.*; path=\/; samesite=lax; secure; httponly/i);
  });
});

describe('the language', () => {
  it.each([
    ['/lang', 'fr,de;q=0.9', 'zh-CN'],
    ['/lang', 'de;q=0.9,en-GB;q=0.8', 'en'],
    ['/lang', 'en;q=0', 'zh-CN'],
    ['/lang?ui_locales=en', 'fr', 'en'],
    ['/lang?ui_locales=en', 'zh-TW', 'zh-CN'],
    ['/lang?lang=en', 'zh-CN', 'en'],
    ['/lang?lang=xx', 'en', 'en'],
  ])('of %s with Accept-Language %s is right', async (path, accept, language) => {
    const get = await start();
    expect(await (await get(path, { headers: { 'accept-language': accept } })).text()).toBe(language);
  });

  it('stays as chosen', async () => {
    const get = await start();
    const chosen = await get('/lang?lang=en', { headers: { 'accept-language': 'zh-CN' } });
    const cookie = chosen.headers.getSetCookie().find((line) => line.includes('lang')) ?? '';
    const again = await get('/lang', {
      headers: { 'accept-language': 'zh-CN', cookie: cookie.split(';')[0] as string },
    });
    expect(await again.text()).toBe('en');
  });
});

describe('the client address', () => {
  it.each([
    [0, '9.9.9.9', '127.0.0.1'],
    [1, '9.9.9.9, 1.2.3.4', '1.2.3.4'],
    [2, '9.9.9.9, 1.2.3.4, 10.0.0.1', '1.2.3.4'],
    [1, '', '127.0.0.1'],
  ])('behind %i proxies with X-Forwarded-For "%s" is %s', async (trustedProxies, forwarded, address) => {
    const get = await start({ trustedProxies });
    expect(await (await get('/who', { headers: { 'x-forwarded-for': forwarded } })).text()).toBe(address);
  });
});

describe('assets', () => {
  it('carry a hash in their address, a long cache and compression; others do not exist', async () => {
    const get = await start();
    const page = await (await get('/nowhere', { headers: { accept: 'text/html' } })).text();
    const [, path] = /href="(\/assets\/app\.[\w-]+\.css)"/.exec(page) ?? [];
    const asset = await get(path as string, { headers: { 'accept-encoding': 'br' } });
    expect(asset.headers.get('content-encoding')).toBe('br');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await get('/assets/../package.json')).status).toBe(404);
    expect((await get('/assets/app.css')).status).toBe(404);
  });
});
