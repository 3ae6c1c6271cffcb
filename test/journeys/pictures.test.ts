import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { businessLicence, selfie, specimenPerson } from '../support/specimens.ts';
import { newAccount } from '../support/verification.ts';
import {
  openVerifySite,
  type OpenVerifySite,
  type Page,
  type VerifyBrowser,
} from '../support/verify-site.ts';
import { company, person, toCheck, toConsent } from '../support/verify-steps.ts';

let site: OpenVerifySite;
beforeAll(async () => {
  site = await openVerifySite();
});
afterAll(() => site.close());

describe('pictures', () => {
  let browser: VerifyBrowser;
  let page: Page;
  beforeAll(async () => {
    browser = site.browser(newAccount());
    await browser.submit(await browser.get('/verify'), {}, '/verify/start');
    page = await browser.get('/verify/photo/licence');
  });

  const heic = Buffer.concat([Buffer.of(0, 0, 0, 24), Buffer.from('ftypheic\0\0\0\0mif1heic')]);
  it.each([
    ['nothing', () => Buffer.alloc(0), 422, '没有收到图片'],
    ['HEIC', () => heic, 422, 'HEIC'],
    ['PDF', () => Buffer.from('%PDF-1.7'), 422, 'PDF'],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 422, '矢量图'],
    ['a program', () => Buffer.from('\x7fELF'), 422, '不是能识别的图片'],
    ['16 MB', () => Buffer.alloc(16 * 1024 * 1024, 1), 413, '超过 15 MB'],
  ])('%s is refused on the page it came from', async (_name, make, status, message) => {
    const refused = await browser.upload(page, make());
    expect(refused.status).toBe(status);
    expect(refused.html).toContain(message);
    expect(refused.html).toContain('name="picture"');
  });

  it('answers scripts with JSON', async () => {
    const headers = { accept: 'application/json' };
    const refused = await browser.upload(page, Buffer.from('%PDF-1.7'), { headers });
    expect(JSON.parse(refused.html)).toMatchObject({ errors: [{ field: 'picture' }] });
    const taken = await browser.upload(page, await businessLicence(company), { headers });
    expect(JSON.parse(taken.html)).toEqual({ location: '/verify' });
  });

  it('are refused without a token, with another site’s, or in a form of another kind', async () => {
    const picture = await businessLicence(company);
    expect((await browser.upload(page, picture, { fields: { _csrf: 'wrong' } })).status).toBe(403);
    const foreign = await browser.upload(page, picture, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect((await browser.submit(page, {})).status).toBe(415);
    expect((await browser.upload(page, picture, { name: 'other' })).status).toBe(422);
    const malformed = await browser.request(page.path, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nbroken',
    });
    expect(malformed.status).toBe(400);
    const bare = await browser.request(page.path, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(bare.status).toBe(400);
  });

  it('are shown to their owner only, and never cached', async () => {
    await browser.upload(page, await businessLicence(company));
    const shown = await browser.get('/verify/photo/licence');
    const path = /\/verify\/images\/img_\w+/.exec(shown.html)?.[0] as string;
    const picture = await browser.get(path);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('cache-control')).toBe('no-store');
    expect((await site.browser(newAccount()).get(path)).status).toBe(404);
    expect((await site.browser().get(path)).status).toBe(302);
    expect((await browser.get('/verify/images/img_00000000000000000000000000')).status).toBe(404);
    expect((await browser.get('/verify/images/..%2f..%2fetc%2fpasswd')).status).toBe(404);
    expect((await browser.get('/verify/photo/passwords')).status).toBe(404);
  });

  it('are not taken before their step', async () => {
    const early = await browser.upload({ ...page, path: '/verify/photo/selfie' }, await selfie(person));
    expect(early.location).toBe('/verify');
  });

  it('are not shown again after the submission', async () => {
    const accountId = newAccount();
    const owner = site.browser(accountId);
    const check = await toCheck(owner, specimenPerson());
    const path = /\/verify\/images\/img_\w+/.exec(check.html)?.[0] as string;
    expect((await owner.get(path)).status).toBe(200);
    await owner.submit(check);
    expect((await owner.get(path)).status).toBe(404);
  });
});

describe('uploads that never end', () => {
  it('take no place from anybody else', async () => {
    const [slow, quick] = [site.browser(newAccount()), site.browser(newAccount())];
    const boundary = 'x'.repeat(20);
    const ending = new AbortController();
    const begin = async () => {
      const body = new ReadableStream({
        start: (stream) => stream.enqueue(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data`)),
      });
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
      const init = { method: 'POST', body, headers, duplex: 'half', signal: ending.signal };
      await slow.request('/verify/photo/licence', init as RequestInit).catch(() => undefined);
    };
    await toConsent(slow);
    await toConsent(quick);
    const page = await quick.get('/verify/photo/licence');
    const begun = Array.from({ length: 6 }, begin);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const taken = await quick.upload(page, await businessLicence(company));
    expect(taken.status).toBe(303);
    ending.abort();
    await Promise.all(begun);
  });
});
