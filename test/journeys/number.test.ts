import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/accounts/index.ts';
import { hours, minutes, seconds } from '../../src/core/clock.ts';
import { createVisitor, type Visitor } from '../../src/testkit/visitor.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { startAccountPages } from '../support/sign-in.ts';

type Pages = Awaited<ReturnType<typeof startAccountPages>>;

const password = '四月 的 雨 falls softly';

describeDatabases('a change of number at the account page', (open) => {
  let database: TestDatabase;
  let pages: Pages;
  let count = 0;

  beforeAll(async () => {
    database = await open();
    pages = await startAccountPages(database, { countries: ['CN'] });
  });
  afterAll(() => pages.close());
  beforeEach(() => database.clock.advance(hours(25)));

  const freshNumber = () => `137${String(++count * 13).padStart(4, '0')}${String(2000 + count)}`;
  const shown = (number: string) => `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`;
  const masked = (number: string) => `${number.slice(0, 3)} **** ${number.slice(-4)}`;
  const person = (lang = 'en'): Visitor =>
    createVisitor({
      clock: database.clock,
      lang,
      stopAt: (url) => url.hostname === 'jobs.example.cn',
      headers: { 'x-forwarded-for': `10.${++count}.1.1` },
    });

  async function prove(visitor: Visitor, number: string): Promise<void> {
    await visitor.submit({ phone: number });
    await visitor.submit({ code: await pages.lastCode(`+86${number}`) });
  }

  /** Somebody new who stands on the page of their number. */
  async function registered(number = freshNumber(), lang = 'en'): Promise<Visitor> {
    const visitor = person(lang);
    await visitor.open(`${pages.issuer}/account/number`);
    await prove(visitor, number);
    await visitor.submit({ accept: '1' });
    await visitor.submit({ role: 'candidate' });
    expect(visitor.page().url.pathname).toBe('/account/number');
    return visitor;
  }
  const ownerOf = async (number: string) =>
    (await database.stores.accounts.findByPhone(`+86${number}` as PhoneNumber))?.id;

  it('leads from the overview to the new number, and says what happened', async () => {
    const [old, next] = [freshNumber(), freshNumber()];
    const visitor = await registered(old);
    const id = await ownerOf(old);
    await visitor.open('/account');
    await visitor.follow('/account/number');
    expect(visitor.page().text).toContain(`You sign in with ${masked(old)} now`);
    await visitor.submit({ phone: next });
    expect(visitor.page().url.pathname).toBe('/account/number/code');
    expect(visitor.page().text).toContain(`going to ${shown(next)}`);
    expect(visitor.page().text).toContain(`${masked(old)} stays your number`);
    await visitor.submit({ code: await pages.lastCode(`+86${next}`) });
    expect(visitor.page().url.pathname).toBe('/account/number');
    expect(visitor.page().text).toContain(`Your number is now ${masked(next)}`);
    await visitor.open('/account');
    expect(visitor.page().text).toContain(masked(next));
    expect([await ownerOf(next), await ownerOf(old)]).toEqual([id, undefined]);

    database.clock.advance(seconds(61));
    const again = person();
    await again.open(`${pages.issuer}/start`);
    await prove(again, next);
    expect(again.page().url.host).toBe('jobs.example.cn');
    expect([...pages.sessions.values()].at(-1)?.accountId).toBe(id);
  });

  it('lets the old number begin anew, without anything of the account', async () => {
    const [old, next] = [freshNumber(), freshNumber()];
    const visitor = await registered(old);
    const id = await ownerOf(old);
    await prove(visitor, next);
    database.clock.advance(seconds(61));
    const stranger = await registered(old);
    expect(stranger.page().text).toContain(masked(old));
    expect(await ownerOf(old)).not.toBe(id);
  });

  it('still takes the password, with the new number only', async () => {
    const [old, next] = [freshNumber(), freshNumber()];
    const visitor = await registered(old);
    await visitor.open('/account/password');
    await visitor.submit({ password, password_again: password });
    await visitor.open('/account/number');
    await prove(visitor, next);
    const enter = async (number: string) => {
      const someone = person();
      await someone.open(`${pages.issuer}/start`);
      await someone.follow('/password');
      return someone.submit({ phone: number, password });
    };
    expect((await enter(old)).text).toContain('do not match');
    expect((await enter(next)).url.host).toBe('jobs.example.cn');
  });

  it.each([
    ['', 'Enter your mobile number', '请输入手机号'],
    ['138 0000', 'missing or an extra digit', '是否少输或多输了数字'],
    ['hello', 'does not look like a mobile number', '不像一个手机号'],
    ['+1 202 555 0100', 'not supported yet', '还不支持这个国家或地区'],
  ])('says what is wrong with %j as the sign-in does, and keeps it', async (typed, english, chinese) => {
    for (const [lang, text] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const visitor = await registered(freshNumber(), lang);
      const page = await visitor.submit({ phone: typed });
      expect([page.status, page.text.includes(text)]).toEqual([422, true]);
      expect(page.forms.find(({ names }) => names.has('phone'))?.fields.get('phone')).toEqual([typed]);
    }
  });

  it('refuses the number one has already', async () => {
    const number = freshNumber();
    const visitor = await registered(number);
    const page = await visitor.submit({ phone: `+86 ${shown(number)}` });
    expect([page.status, page.text.includes('This is your number already')]).toEqual([422, true]);
  });

  it('tells of the other account only after the code, and changes nothing', async () => {
    const [mine, theirs] = [freshNumber(), freshNumber()];
    await registered(theirs);
    const visitor = await registered(mine);
    database.clock.advance(seconds(61));
    const [id, owner] = [await ownerOf(mine), await ownerOf(theirs)];
    expect((await visitor.submit({ phone: theirs })).text).not.toContain('another account');
    const wrong = await visitor.submit({ code: '000000' });
    expect([wrong.status, wrong.text.includes('another account')]).toEqual([422, false]);
    const page = await visitor.submit({ code: await pages.lastCode(`+86${theirs}`) });
    expect(page.url.pathname).toBe('/account/number/taken');
    expect(page.text).toContain(`your number is still ${masked(mine)}`);
    expect([await ownerOf(mine), await ownerOf(theirs)]).toEqual([id, owner]);
    await visitor.open('/account/number/code');
    expect(visitor.page().url.pathname).toBe('/account/number/taken');
    const another = freshNumber();
    await visitor.open('/account/number');
    await prove(visitor, another);
    expect(visitor.page().text).toContain(`Your number is now ${masked(another)}`);
  });

  it('asks for a fresh sign-in on every page of it, and goes on afterwards', async () => {
    const [old, next] = [freshNumber(), freshNumber()];
    const visitor = await registered(old);
    await visitor.submit({ phone: next });
    const code = await pages.lastCode(`+86${next}`);
    database.clock.advance(minutes(9) + seconds(59));
    const form = visitor.page().forms.find(({ names }) => names.has('code'));
    database.clock.advance(seconds(1));
    await visitor.submitForm(form!, { code });
    expect(visitor.page().url.pathname).toMatch(/^\/interaction\/.*\/phone$/);
    expect(await ownerOf(next)).toBeUndefined();
    await prove(visitor, old);
    expect(visitor.page().url.pathname).toBe('/account/number/code');
    expect((await visitor.submit({ code })).text).toContain('This code has expired');
    await visitor.submit({}, { action: '/resend' });
    await visitor.submit({ code: await pages.lastCode(`+86${next}`) });
    expect(visitor.page().text).toContain('Your number is now');
    database.clock.advance(minutes(10));
    for (const path of ['/account/number', '/account/number/code', '/account/number/taken']) {
      await visitor.open(path);
      expect(visitor.page().url.pathname, path).toMatch(/^\/interaction\/.*\/phone$/);
    }
  });

  it('survives the back button, a second tab and a double click', async () => {
    const [old, one, two] = [freshNumber(), freshNumber(), freshNumber()];
    const visitor = await registered(old);
    await visitor.open('/account/number/code');
    expect(visitor.page().url.pathname).toBe('/account/number');
    const entry = visitor.page().forms.find(({ names }) => names.has('phone'))!;
    await visitor.submitForm(entry, { phone: one });
    const early = visitor.page().forms.find(({ names }) => names.has('code'))!;
    await visitor.open('/account/number');
    expect(visitor.page().html).toContain(`value="${one}"`);
    await visitor.submitForm(entry, { phone: two });
    const outdated = await visitor.submitForm(early, { code: await pages.lastCode(`+86${one}`) });
    expect(outdated.text).toContain('not the code from the newest message');
    const form = visitor.page().forms.find(({ names }) => names.has('code'))!;
    const code = await pages.lastCode(`+86${two}`);
    await visitor.submitForm(form, { code });
    expect((await visitor.submitForm(form, { code })).text).toContain('Your number is now');
    expect(await ownerOf(two)).toBeDefined();
    expect(await ownerOf(one)).toBeUndefined();
    await visitor.open('/account/number');
    expect(visitor.page().text).not.toContain('Your number is now');
  });

  it('limits codes, in words that do not speak of signing in', async () => {
    const visitor = await registered();
    const next = freshNumber();
    await visitor.submit({ phone: next });
    const soon = await visitor.submit({}, { action: '/resend' });
    expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, '60']);
    let page = soon;
    for (let sent = 0; sent < 5; sent++) {
      database.clock.advance(seconds(61));
      page = await visitor.submit({}, { action: '/resend' });
    }
    expect(page.status).toBe(429);
    expect(page.text).toContain('Too many codes were sent to this number');
    expect(page.text).not.toContain('sign in with a password');
  });

  it('locks after too many wrong codes, whoever asked for them', async () => {
    const visitor = await registered();
    const next = freshNumber();
    let page = visitor.page();
    for (let sent = 0; sent < 3; sent++) {
      database.clock.advance(seconds(61));
      await visitor.open('/account/number');
      await visitor.submit({ phone: next });
      for (let wrong = 0; wrong < 5; wrong++) page = await visitor.submit({ code: '000000' });
    }
    expect(page.status).toBe(429);
    expect(page.text).toContain('entered wrongly too often');
    expect(page.text).not.toContain('sign in with a password');
  });

  it('is nobody else’s: neither without a session, nor with another one, nor from another site', async () => {
    const [old, next] = [freshNumber(), freshNumber()];
    const visitor = await registered(old);
    await visitor.submit({ phone: next });
    const code = await pages.lastCode(`+86${next}`);
    const post = (path: string, fields: Record<string, string>, cookie = '') =>
      fetch(`${pages.issuer}${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { cookie, accept: 'text/html' },
        redirect: 'manual',
      });
    const cookie = visitor.jar.header(visitor.page().url);
    for (const path of ['/account/number', '/account/number/code', '/account/number/code/resend']) {
      const forged = await post(path, { phone: next, code }, cookie);
      expect([path, forged.status]).toEqual([path, 403]);
      const token =
        visitor
          .page()
          .forms.find(({ names }) => names.has('code'))
          ?.fields.get('_csrf')?.[0] ?? '';
      const browserless = await post(path, { _csrf: token, phone: next, code });
      expect([path, browserless.status]).toEqual([path, 403]);
    }
    const other = await registered();
    await other.open('/account/number/code');
    expect(other.page().url.pathname).toBe('/account/number');
    const form = visitor.page().forms.find(({ names }) => names.has('code'))!;
    const csrf =
      other
        .page()
        .forms.find(({ names }) => names.has('phone'))
        ?.fields.get('_csrf') ?? [];
    await other.submitForm({ ...form, fields: new Map([['_csrf', csrf]]) }, { code });
    expect(other.page().url.pathname).toBe('/account/number');
    const delivery = await fetch(`${pages.issuer}/account/number/code/delivery.json`, {
      headers: { accept: 'application/json' },
    });
    expect(delivery.status).toBe(401);
    expect(await ownerOf(next)).toBeUndefined();
    expect(await ownerOf(old)).toBeDefined();
  });

  it('tells the page what became of the message', async () => {
    const visitor = await registered();
    const next = freshNumber();
    await visitor.submit({ phone: next });
    const ask = async () =>
      (
        await fetch(`${pages.issuer}/account/number/code/delivery.json`, {
          headers: { cookie: visitor.jar.header(visitor.page().url) },
        })
      ).json();
    expect(await ask()).toEqual({ delivery: 'on_its_way' });
    await pages.jobs.drain();
    expect(await ask()).toEqual({ delivery: 'sent' });
  });
});
