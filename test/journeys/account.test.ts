import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/accounts/index.ts';
import { hours, minutes, seconds } from '../../src/core/clock.ts';
import { createVisitor, type Visitor } from '../../src/testkit/visitor.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { startAccountPages } from '../support/sign-in.ts';

type Pages = Awaited<ReturnType<typeof startAccountPages>>;

const password = '四月 的 雨 falls softly';

describeDatabases('the account centre', (open) => {
  let database: TestDatabase;
  let pages: Pages;
  let count = 0;

  beforeAll(async () => {
    database = await open();
    pages = await startAccountPages(database);
  });
  afterAll(() => pages.close());
  beforeEach(() => database.clock.advance(hours(25)));

  const freshNumber = () => `139${String(++count * 13).padStart(4, '0')}${String(2000 + count)}`;
  const person = (ip = `10.${++count}.1.1`): Visitor =>
    createVisitor({
      clock: database.clock,
      lang: 'en',
      stopAt: (url) => url.hostname === 'jobs.example.cn',
      headers: { 'x-forwarded-for': ip },
    });

  /** Signs in on the way to `path` and ends there. */
  async function visit(visitor: Visitor, number: string, path: string, role = 'candidate'): Promise<void> {
    await visitor.open(`${pages.issuer}${path}`);
    await prove(visitor, number);
    if (visitor.page().url.pathname.endsWith('/agreement')) {
      await visitor.submit({ accept: '1' });
      await visitor.submit({ role });
    }
  }

  async function prove(visitor: Visitor, number: string): Promise<void> {
    await visitor.submit({ phone: number });
    await visitor.submit({ code: await pages.lastCode(`+86${number}`) });
  }

  async function withPassword(number: string): Promise<void> {
    const visitor = person();
    await visit(visitor, number, '/account/password');
    await visitor.submit({ password, password_again: password });
    expect(visitor.page().text).toContain('The password is saved');
  }

  it('leads a stranger through sign-in and back to the page', async () => {
    const number = freshNumber();
    const visitor = person();
    await visit(visitor, number, '/account');
    expect(visitor.page().url.pathname).toBe('/account');
    expect(visitor.page().text).toContain(`${number.slice(0, 3)} **** ${number.slice(-4)}`);
    expect(visitor.page().html).not.toContain(number);
    expect(visitor.page().text).toContain('Become a recruiter');
  });

  it('shows a new recruiter the next step, and lets a job seeker become one', async () => {
    const recruiter = person();
    await visit(recruiter, freshNumber(), '/account', 'recruiter');
    expect(recruiter.page().text).toContain('Next: verify as a recruiter');
    const candidate = person();
    const number = freshNumber();
    await visit(candidate, number, '/account');
    expect(candidate.page().text).not.toContain('Next: verify');
    await candidate.submit({}, { action: '/account/role' });
    expect(candidate.page().url.pathname).toBe('/verify');
    const found = await database.stores.accounts.findByPhone(`+86${number}` as PhoneNumber);
    expect((await database.stores.accounts.find(found!.id))?.roles).toEqual(['candidate', 'recruiter']);
  });

  const full = {
    user_name: '小林',
    name: '买买提•吐尔逊',
    sex: 'female',
    birthdate: '1992-02-29',
    industry: '信息技术',
    work_history: '2019–2024 拾光网络\r\n2024 至今 自由职业',
    skills: '数据分析、𠮷林方言',
    company: '拾光网络科技有限公司',
    email: 'lin@example.cn',
  };

  it('keeps every field of the profile, and clears each one', async () => {
    const number = freshNumber();
    const visitor = person();
    await visit(visitor, number, '/account/profile');
    await visitor.submit(full);
    expect(visitor.page().text).toContain('Saved');
    const found = await database.stores.accounts.findByPhone(`+86${number}` as PhoneNumber);
    const read = () => database.stores.accounts.readProfile(found!.id);
    const kept = { ...full, name: '买买提·吐尔逊', work_history: full.work_history.replace('\r', '') };
    expect(await read()).toEqual(kept);
    for (const [name, value] of Object.entries(kept)) {
      expect(
        visitor
          .page()
          .forms.find(({ names }) => names.has(name))
          ?.fields.get(name),
      ).toEqual([value]);
    }
    for (const field of Object.keys(full)) {
      await visitor.submit({ [field]: '' }, { action: '/account/profile' });
      expect(await read()).not.toHaveProperty(field);
    }
    expect(await read()).toEqual({});
  });

  it.each([
    ['user_name', 'x'.repeat(31), 'at most 30'],
    ['name', '名'.repeat(101), 'at most 100'],
    ['sex', 'other', 'choose from the list'],
    ['birthdate', '1992-02-30', 'existing date'],
    ['birthdate', '31.01.1990', 'existing date'],
    ['birthdate', '2199-01-01', 'in the future'],
    ['birthdate', '1850-01-01', 'too long ago'],
    ['birthdate', '2020-01-01', 'consent of a guardian'],
    ['industry', 'x'.repeat(101), 'at most 100'],
    ['work_history', 'x'.repeat(2001), 'at most 2,000'],
    ['skills', 'x'.repeat(2001), 'at most 2,000'],
    ['company', 'x'.repeat(101), 'at most 100'],
    ['email', 'lin@', 'not complete'],
    ['email', 'a b@example.cn', 'not complete'],
    ['name', 'a\u0007b', 'control characters'],
  ])('names what is wrong with %s %j and loses nothing', async (field, value, message) => {
    const visitor = person();
    await visit(visitor, freshNumber(), '/account/profile');
    const page = await visitor.submit({ ...full, [field]: value });
    expect(page.status).toBe(422);
    expect(page.text).toContain(message);
    const form = page.forms.find(({ names }) => names.has('user_name'));
    for (const [name, typed] of Object.entries(full)) {
      if (name !== field && name !== 'work_history') expect(form?.fields.get(name)).toEqual([typed]);
    }
  });

  it('does not take a form that arrived without a field for a cleared one', async () => {
    const visitor = person();
    await visit(visitor, freshNumber(), '/account/profile');
    await visitor.submit(full);
    const form = visitor.page().forms.find(({ names }) => names.has('user_name'));
    const body = new URLSearchParams({ _csrf: form?.fields.get('_csrf')?.[0] ?? '', name: 'A' });
    const answer = await fetch(`${pages.issuer}/account/profile`, {
      method: 'POST',
      body,
      headers: { cookie: visitor.jar.header(visitor.page().url) },
    });
    expect(answer.status).toBe(422);
  });

  it('sets, uses, changes and removes a password', async () => {
    const number = freshNumber();
    await withPassword(number);
    const visitor = person();
    const enter = async (secret: string) => {
      await visitor.open(`${pages.issuer}/start`);
      await visitor.follow('/password');
      return visitor.submit({ phone: number, password: secret });
    };
    expect((await enter(password)).url.host).toBe('jobs.example.cn');
    expect([...pages.sessions.values()].at(-1)?.amr).toEqual(['pwd']);
    await visitor.open(`${pages.issuer}/account/password`);
    await visitor.submit({ password: 'another sentence 2', password_again: 'another sentence 2' });
    expect((await enter(password)).text).toContain('do not match');
    expect((await enter('another sentence 2')).url.host).toBe('jobs.example.cn');
    await visitor.open(`${pages.issuer}/account/password`);
    await visitor.submit({}, { action: 'remove' });
    expect(visitor.page().text).toContain('The password is removed');
    expect((await enter('another sentence 2')).text).toContain('do not match');
  });

  it.each([
    ['', '', 'Enter a new password'],
    ['kz7!', 'kz7!', 'at least 10'],
    ['a good sentence', 'a good sentense', 'not the same'],
    ['x'.repeat(129), 'x'.repeat(129), 'at most 128'],
    ['1234567890', '1234567890', 'easy to guess'],
    ['password123', 'password123', 'easy to guess'],
    ['aaaaaaaaaaaa', 'aaaaaaaaaaaa', 'easy to guess'],
  ])('refuses %j as a new password', async (first, second, message) => {
    const visitor = person();
    await visit(visitor, freshNumber(), '/account/password');
    const page = await visitor.submit({ password: first, password_again: second });
    expect(page.status).toBe(422);
    expect(page.text).toContain(message);
    expect(page.html).not.toContain(first || 'value="value"');
  });

  it('refuses a password that holds the number', async () => {
    const number = freshNumber();
    const visitor = person();
    await visit(visitor, number, '/account/password');
    const page = await visitor.submit({ password: `lin ${number} x`, password_again: `lin ${number} x` });
    expect(page.text).toContain('contains your phone number');
  });

  it('asks for a fresh sign-in before it lets a password be changed', async () => {
    const number = freshNumber();
    const visitor = person();
    await visit(visitor, number, '/account');
    database.clock.advance(minutes(11));
    await visitor.open(`${pages.issuer}/account/password`);
    expect(visitor.page().url.pathname).toMatch(/^\/interaction\/.*\/phone$/);
    await prove(visitor, number);
    expect(visitor.page().url.pathname).toBe('/account/password');
  });

  it('answers an unknown number, one without password and a wrong password alike, at equal cost', async () => {
    const [known, bare, unknown] = [freshNumber(), freshNumber(), freshNumber()];
    await withPassword(known);
    await visit(person(), bare, '/account');
    database.clock.advance(minutes(2));
    const queries: string[] = [];
    const listen = ({ sql }: { sql: string }) => void queries.push(sql.replace(/\s+/g, ' '));
    const attempt = async (number: string) => {
      const visitor = person();
      await visitor.open(`${pages.issuer}/start`);
      await visitor.follow('/password');
      queries.length = 0;
      database.connection.knex.on('query', listen);
      const page = await visitor.submit({ phone: number, password: 'not the right one' });
      database.connection.knex.removeListener('query', listen);
      const text = page.text.replaceAll(number, '');
      const html = page.html.replaceAll(number, '').replace(/uid-\d+|value="[\w-]{43}"/g, '');
      // The data key of a row is remembered for a minute, so reading it may or may not ask the database.
      return {
        status: page.status,
        text,
        html,
        work: queries.filter((sql) => !sql.includes('subject_keys')),
      };
    };
    await attempt(freshNumber());
    const [one, two, three] = [await attempt(known), await attempt(bare), await attempt(unknown)];
    expect(one.status).toBe(422);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  it('gives known and unknown numbers the same pages and the same work up to the code', async () => {
    const [known, unknown] = [freshNumber(), freshNumber()];
    await visit(person(), known, '/account');
    database.clock.advance(minutes(2));
    const queries: string[] = [];
    const listen = ({ sql }: { sql: string }) => void queries.push(sql.replace(/\s+/g, ' '));
    const attempt = async (number: string) => {
      const visitor = person();
      await visitor.open(`${pages.issuer}/start`);
      queries.length = 0;
      database.connection.knex.on('query', listen);
      const page = await visitor.submit({ phone: number });
      const wrong = await visitor.submit({ code: '000000' });
      database.connection.knex.removeListener('query', listen);
      const clean = (html: string) =>
        html
          .replaceAll(`${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`, '')
          .replace(/uid-\d+|value="[\w-]{43}"/g, '');
      return [page.status, clean(page.html), wrong.status, clean(wrong.html), [...queries]];
    };
    await attempt(freshNumber());
    expect(await attempt(unknown)).toEqual(await attempt(known));
  });

  it('locks the sign-in after five wrong passwords, not the person', async () => {
    const number = freshNumber();
    await withPassword(number);
    database.clock.advance(seconds(61));
    const visitor = person();
    await visitor.open(`${pages.issuer}/start`);
    await visitor.follow('/password');
    for (let left = 4; left >= 0; left--) {
      const page = await visitor.submit({ phone: number, password: 'wrong wrong wrong' });
      expect(page.text).toContain(`You have ${left} more tries`);
    }
    const locked = await visitor.submit({ phone: number, password });
    expect([locked.status, locked.text.includes('sign in with a code')]).toEqual([429, true]);
    await visitor.follow('/phone');
    await prove(visitor, number);
    expect(visitor.page().url.host).toBe('jobs.example.cn');
  });

  it('limits passwords per number across sign-ins, and still takes a code', async () => {
    const number = freshNumber();
    await withPassword(number);
    database.clock.advance(seconds(61));
    let status = 0;
    for (let round = 0; round < 3; round++) {
      const visitor = person();
      await visitor.open(`${pages.issuer}/start`);
      await visitor.follow('/password');
      for (let attempt = 0; attempt < 4; attempt++) {
        status = (await visitor.submit({ phone: number, password: 'wrong wrong wrong' })).status;
      }
    }
    expect(status).toBe(429);
    const visitor = person();
    await visit(visitor, number, '/account');
    expect(visitor.page().url.pathname).toBe('/account');
  });

  it('signs out', async () => {
    const visitor = person();
    await visit(visitor, freshNumber(), '/account');
    await visitor.submit({}, { action: '/account/sign-out' });
    await visitor.open(`${pages.issuer}/account`);
    expect(visitor.page().url.pathname).toMatch(/\/phone$/);
  });
});
