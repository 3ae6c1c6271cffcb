import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, seconds } from '../../src/core/clock.ts';
import { createCookieJar } from '../../src/testkit/cookie-jar.ts';
import { readForms } from '../../src/testkit/forms.ts';
import { createVisitor } from '../../src/testkit/visitor.ts';

const html = `<a href="/elsewhere?a=1&amp;b=2">x</a>
<form method="post" action="/echo"><input type="hidden" name="_csrf" value="a&amp;&quot;b">
<input name="phone" value=""><input type="checkbox" name="terms" value="yes"><input type="radio" name="role" value="a">
<input type="radio" name="role" value="b" checked><select name="country"><option value="CN">1<option value="HK" selected>2</select>
<textarea name="about">
hi &lt;there&gt;</textarea><button name="go" value="one">One</button><button name="go" value="two">Two</button></form>
<form action="/find"><input name="q"></form>
<form method="post" action="/upload" enctype="multipart/form-data"><input type="file" name="image"></form>`;

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '';
  if (url === '/')
    response.setHeader('set-cookie', ['one=1; Path=/; HttpOnly', 'two=2; Path=/echo']).end(html);
  else if (url === '/moved') response.writeHead(303, { location: '/' }).end();
  else if (url === '/loop') response.writeHead(302, { location: '/loop' }).end();
  else if (url === '/to-app')
    response.writeHead(302, { location: 'https://app.example/callback?code=1' }).end();
  else {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.end(`${request.method} ${url} ${request.headers.cookie} ${request.headers.origin} ${body}`);
  }
}

const visitor = (stopAt?: (url: URL) => boolean) =>
  createVisitor({ clock: new ManualClock(), ...(stopAt && { stopAt }) });

describe('a visitor', () => {
  it('submits what the form holds, what was entered and the pressed button, with cookies and origin', async () => {
    const person = visitor();
    await person.open(`${origin}/moved`);
    const { html: echo } = await person.submit({ phone: '138', terms: 'yes' }, { button: 'two' });
    const [method, path, one, two, from, body] = echo.split(' ');
    expect([method, path, one, two, from]).toEqual(['POST', '/echo', 'one=1;', 'two=2', origin]);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      _csrf: 'a&"b',
      role: 'b',
      country: 'HK',
      about: 'hi <there>',
      phone: '138',
      terms: 'yes',
      go: 'two',
    });
  });

  it('sends GET forms in the address, files as multipart, and follows links', async () => {
    const person = visitor();
    await person.open(origin);
    expect((await person.submit({ q: 'a b' })).url.search).toBe('?q=a+b');
    await person.open('/');
    const upload = await person.submit({ image: new File(['bytes'], 'photo.jpg', { type: 'image/jpeg' }) });
    expect(upload.html).toMatch(/name="image"; filename="photo.jpg"[\s\S]*bytes/);
    await person.open('/');
    expect((await person.follow('/elsewhere')).url.search).toBe('?a=1&b=2');
  });

  it('says what the page offers when a field is missing from it', async () => {
    const person = visitor();
    await person.open(origin);
    await expect(person.submit({ nothing: 'x' })).rejects.toThrow(/take nothing: \/echo \(_csrf, phone/);
    await expect(person.follow('/nowhere')).rejects.toThrow(/no link/);
  });

  it('stops before an app that is not there, and at a redirect loop', async () => {
    const person = visitor((url) => url.hostname === 'app.example');
    const page = await person.open(`${origin}/to-app`);
    expect([page.status, page.url.searchParams.get('code')]).toEqual([0, '1']);
    await expect(person.open(`${origin}/loop`)).rejects.toThrow(/redirects/);
  });
});

describe('the cookie jar', () => {
  it('replaces, expires and scopes cookies', () => {
    const clock = new ManualClock(0);
    const jar = createCookieJar(clock);
    const url = new URL('http://localhost:1/a/b');
    jar.store(url, ['x=1; Path=/; Max-Age=10', 'y=2; Path=/a', 'z=3; Path=/ab', 'p=4=5']);
    jar.store(url, ['y=6; Path=/a']);
    expect(jar.header(new URL('http://localhost:2/a/c'))).toBe('x=1; y=6; p=4=5');
    clock.advance(seconds(11));
    expect(jar.header(url)).toBe('y=6; p=4=5');
    jar.store(url, ['y=; Path=/a; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
    expect(jar.get('localhost', 'y')).toBeUndefined();
    expect(jar.header(new URL('http://other/a/b'))).toBe('');
  });
});

it('a disabled control sends nothing', () => {
  expect([...(readForms('<form><input name="a" disabled><input name="b"></form>')[0]?.names ?? [])]).toEqual([
    'b',
  ]);
});
