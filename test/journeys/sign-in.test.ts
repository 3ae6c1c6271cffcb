import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/accounts/index.ts';
import { minutes, seconds } from '../../src/core/clock.ts';
import { createVisitor, type Visitor } from '../../src/testkit/visitor.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { startAccountPages } from '../support/sign-in.ts';

type Pages = Awaited<ReturnType<typeof startAccountPages>>;

let numbers = 0;
/** A number nobody used before, far from the others so that no prefix limit is met. */
const freshNumber = () =>
  `1${['38', '59', '77', '86'][numbers % 4]}${String(++numbers * 7919 + 1000).padStart(4, '0')}${String(1000 + numbers)}`.slice(
    0,
    11,
  );

describeDatabases('signing in', (open) => {
  let database: TestDatabase;
  let pages: Pages;
  let address = 0;

  beforeAll(async () => {
    database = await open();
    pages = await startAccountPages(database);
  });
  afterAll(() => pages.close());
  beforeEach(() => database.clock.advance(minutes(61)));

  const person = (options: { lang?: string; ip?: string } = {}): Visitor =>
    createVisitor({
      clock: database.clock,
      lang: options.lang ?? 'en',
      stopAt: (url) => url.hostname === 'jobs.example.cn',
      headers: { 'x-forwarded-for': options.ip ?? `10.${++address}.0.1` },
    });
  const code = (number: string) => pages.lastCode(`+86${number}`);

  async function reachCode(visitor: Visitor, number: string): Promise<void> {
    await visitor.open(`${pages.issuer}/start`);
    await visitor.submit({ phone: number });
    expect(visitor.page().url.pathname).toMatch(/\/code$/);
  }

  async function register(visitor: Visitor, number: string, role = 'candidate'): Promise<void> {
    await reachCode(visitor, number);
    await visitor.submit({ code: await code(number) });
    await visitor.submit({ accept: '1' });
    await visitor.submit({ role });
    expect(visitor.page().url.host).toBe('jobs.example.cn');
  }

  const accountOf = async (number: string) => {
    const found = await database.stores.accounts.findByPhone(`+86${number}` as PhoneNumber);
    return found && database.stores.accounts.find(found.id);
  };

  it('registers: number, code, agreement, role, back to the app', async () => {
    const number = freshNumber();
    const visitor = person({ lang: 'zh-CN' });
    await visitor.open(`${pages.issuer}/start`);
    expect(visitor.page().text).toMatch(/示例招聘\s?请您登录/);
    await visitor.submit({ phone: `+86 ${number.slice(0, 3)}-${number.slice(3)}` });
    expect(visitor.page().text).toContain('10 分钟内有效');
    await visitor.submit({ code: await code(number) });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
    await visitor.submit({ accept: '1' });
    expect(visitor.page().url.pathname).toMatch(/\/role$/);
    expect(await accountOf(number)).toBeUndefined();
    await visitor.submit({ role: 'recruiter' });
    expect(visitor.page().url.href).toBe('https://jobs.example.cn/callback?code=1');

    const account = await accountOf(number);
    expect(account).toMatchObject({
      state: 'active',
      roles: ['recruiter'],
      locale: 'zh-CN',
      phone: `+86${number}`,
    });
    const accepted = await database.stores.acceptances.list(account!.id);
    expect(accepted.map(({ policy, version, language }) => [policy, version, language]).sort()).toEqual([
      ['agreement', '2026-11-23', 'zh-CN'],
      ['privacy', '2026-11-23', 'zh-CN'],
    ]);
    const events = await database.stores.events.listBySubject(account!.id, 10);
    expect(events.map(({ type }) => type).sort()).toEqual(['account.registered', 'account.signed_in']);
    expect(pages.rolesChanged).toContain(account!.id);
  });

  it('signs in who has an account by the same form, without agreement or role', async () => {
    const number = freshNumber();
    await register(person(), number);
    database.clock.advance(seconds(61));
    const again = person();
    await reachCode(again, number);
    await again.submit({ code: await code(number) });
    expect(again.page().url.host).toBe('jobs.example.cn');
    database.clock.advance(seconds(61));
    const elsewhere = person({ lang: 'zh-CN' });
    await reachCode(elsewhere, number);
    await elsewhere.submit({ code: await code(number) });
    expect((await accountOf(number))?.locale).toBe('zh-CN');
  });

  it('asks again when a policy has a newer version, and records it in the language it was read in', async () => {
    const number = freshNumber();
    await register(person(), number);
    database.clock.advance(minutes(2));
    const newer = await startAccountPages(database, {
      inForce: { agreement: '2026-11-23', privacy: '2027-01-01' },
    });
    try {
      const visitor = person();
      await visitor.open(`${newer.issuer}/start`);
      await visitor.submit({ phone: number });
      await visitor.submit({ code: await code(number) });
      expect(visitor.page().text).toContain('Our terms have changed');
      expect(visitor.page().html).toContain('/legal/privacy');
      expect(visitor.page().html).not.toMatch(/<main[\s\S]*\/legal\/agreement[\s\S]*<\/main>/);
      await visitor.submit({ accept: '1' });
      expect(visitor.page().url.host).toBe('jobs.example.cn');
      const account = await accountOf(number);
      const versions = (await database.stores.acceptances.list(account!.id)).map(({ version }) => version);
      expect(versions).toContain('2027-01-01');
    } finally {
      await newer.close();
    }
  });

  it.each([
    ['nothing', '', 'Enter your mobile number'],
    ['letters', 'hello', 'does not look like a mobile number'],
    ['a landline', '010 8888 8888', 'not a mobile number'],
    ['too few digits', '138123', 'not a mobile number'],
    ['an extension', '13812345678 ext 3', 'does not look like a mobile number'],
    ['a country that is not served', '+447400123456', 'not supported yet'],
    ['something huge', '1'.repeat(5000), 'does not look like a mobile number'],
  ])('refuses %s as a number and keeps what was typed', async (_name, typed, message) => {
    const visitor = person();
    await visitor.open(`${pages.issuer}/start`);
    const page = await visitor.submit({ phone: typed });
    expect(page.status).toBe(422);
    expect(page.text).toContain(message);
    expect(page.forms[0]?.fields.get('phone')).toEqual([typed]);
  });

  it('takes numbers of another allowed country, selected or written with its code', async () => {
    const visitor = person();
    await visitor.open(`${pages.issuer}/start`);
    await visitor.submit({ country: 'HK', phone: '5123 4567' });
    expect(visitor.page().text).toContain('+852 5123 4567');
  });

  it('says what is wrong with a code, each case in its own words', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    const right = await code(number);
    const wrong = right === '000000' ? '111111' : '000000';
    expect((await visitor.submit({ code: '' })).text).toContain('Enter the six digits');
    expect((await visitor.submit({ code: '12ab' })).text).toContain('The code has six digits');
    expect((await visitor.submit({ code: wrong })).text).toContain('You have 4 more tries');
    expect(visitor.page().status).toBe(422);
    for (let left = 3; left > 0; left--) await visitor.submit({ code: wrong });
    expect((await visitor.submit({ code: wrong })).text).toContain('no longer works');
    expect((await visitor.submit({ code: right })).text).toContain('no longer works');
    database.clock.advance(seconds(61));
    await visitor.submit({}, { action: 'resend' });
    await visitor.submit({ code: await code(number) });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
  });

  it('refuses an expired code, and one that a newer code replaced', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    const first = await code(number);
    database.clock.advance(minutes(10));
    expect((await visitor.submit({ code: first })).text).toContain('expired');
    await visitor.submit({}, { action: 'resend' });
    const second = await code(number);
    expect(second).not.toBe('');
    if (second !== first) expect((await visitor.submit({ code: first })).text).toContain('not the code');
    await visitor.submit({ code: second });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
  });

  it('refuses the code of another browser’s sign-in', async () => {
    const number = freshNumber();
    const owner = person();
    await reachCode(owner, number);
    const right = await code(number);
    database.clock.advance(seconds(61));
    const stranger = person();
    await reachCode(stranger, number);
    const theirs = await code(number);
    if (theirs !== right) {
      expect((await stranger.submit({ code: right })).text).toContain('not the code');
      expect((await owner.submit({ code: theirs })).text).toContain('not the code');
    }
    const foreign = await stranger.open(owner.page().url);
    expect(foreign.status).toBe(410);
  });

  it('accepts the digits however they are typed', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    const right = await code(number);
    const fullWidth = [...right].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    await visitor.submit({ code: ` ${fullWidth.slice(0, 3)} ${fullWidth.slice(3)} ` });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
  });

  it('uses one code once in fifty parallel attempts, and makes one account', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    const right = await code(number);
    const uid = visitor.page().url.pathname.split('/')[2]!;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => pages.codes.enter(uid, right, '10.200.0.1')),
    );
    expect(answers.filter((answer) => answer.ok && !answer.repeated)).toHaveLength(1);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    await pages.registration.accept(uid, 'en');
    const made = await Promise.all(
      Array.from({ length: 10 }, () => pages.registration.choose(uid, 'candidate', 'en')),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await accountOf(number)).toBeDefined();
  });

  it('counts fifty parallel wrong guesses before it compares any', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    const right = await code(number);
    const uid = visitor.page().url.pathname.split('/')[2]!;
    const wrong = right === '000000' ? '111111' : '000000';
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => pages.codes.enter(uid, wrong, '10.201.0.1')),
    );
    const reasons = answers.map((answer) => (answer.ok ? 'ok' : answer.reason));
    expect(reasons.filter((reason) => reason === 'wrong')).toHaveLength(4);
    expect(reasons.filter((reason) => reason === 'exhausted')).toHaveLength(6);
    expect(reasons.filter((reason) => reason === 'locked')).toHaveLength(40);
  });

  it('goes on where it stands after the back button, in a second tab, and after a double click', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    const base = visitor.page().url.href.replace(/\/code$/, '');
    await visitor.open(`${base}/phone`);
    expect(visitor.page().forms[0]?.fields.get('phone')).toEqual([number]);
    await visitor.submit({ phone: number });
    expect(visitor.page().url.pathname).toMatch(/\/code$/);
    const right = await code(number);
    await visitor.submit({ code: right });
    for (const page of ['phone', 'code', 'password', 'role', 'help']) {
      await visitor.open(`${base}/${page}`);
      expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
    }
    await visitor.submit({ accept: '1' });
    await visitor.open(`${base}/agreement`);
    expect(visitor.page().url.pathname).toMatch(/\/role$/);
    await visitor.open(`${base}/phone?change`);
    expect(visitor.page().forms[0]?.names.has('phone')).toBe(true);
  });

  it('lets two devices register one number at once: one account, both signed in', async () => {
    const number = freshNumber();
    const [one, two] = [person(), person()];
    await reachCode(one, number);
    await one.submit({ code: await code(number) });
    database.clock.advance(seconds(61));
    await reachCode(two, number);
    await two.submit({ code: await code(number) });
    for (const visitor of [one, two]) await visitor.submit({ accept: '1' });
    await Promise.all([one.submit({ role: 'candidate' }), two.submit({ role: 'recruiter' })]);
    for (const visitor of [one, two]) expect(visitor.page().url.host).toBe('jobs.example.cn');
    expect((await accountOf(number))?.roles).toHaveLength(1);
  });

  it('asks for a choice where one is missing, and forgets everything on refusal', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    await visitor.submit({ code: await code(number) });
    expect((await visitor.submit({}, { action: 'agreement' })).text).toContain('please tick the box');
    const uid = visitor.page().url.pathname.split('/')[2]!;
    await visitor.submit({}, { action: 'cancel' });
    expect(visitor.page().url.search).toBe('?error=access_denied');
    expect(await accountOf(number)).toBeUndefined();
    expect(await database.stores.signIns.find(uid, database.clock.now())).toBeUndefined();
  });

  it('asks for a role, and refuses one that does not exist', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    await visitor.submit({ code: await code(number) });
    await visitor.submit({ accept: '1' });
    expect((await visitor.submit({}, { action: 'role' })).text).toContain('Choose one of the two');
    expect((await visitor.submit({ role: 'admin' })).status).toBe(422);
  });

  it('says so when a new number is asked for by registration, and fills in the number the app knows', async () => {
    const visitor = person();
    const page = await visitor.open(`${pages.issuer}/start?create&hint=%2B8613812345678`);
    expect(page.text).toContain('Sign up');
    expect(page.forms[0]?.fields.get('phone')).toEqual(['138 1234 5678']);
    const odd = await visitor.open(`${pages.issuer}/start?hint=someone%40example.cn`);
    expect(odd.forms[0]?.fields.get('phone')).toEqual(['']);
  });

  it('lets a proven number lie for twenty minutes, then asks again', async () => {
    const number = freshNumber();
    const visitor = person();
    await reachCode(visitor, number);
    await visitor.submit({ code: await code(number) });
    database.clock.advance(minutes(20));
    await visitor.submit({ accept: '1' });
    expect(visitor.page().url.pathname).toMatch(/\/phone$/);
  });

  it('keeps a disabled account out, and tells only who proved the number', async () => {
    const number = freshNumber();
    await register(person(), number);
    const account = await accountOf(number);
    await database.connection.knex('accounts').where({ id: account!.id }).update({ state: 'disabled' });
    database.clock.advance(seconds(61));
    const visitor = person();
    await reachCode(visitor, number);
    const page = await visitor.submit({ code: await code(number) });
    expect([page.status, page.text.includes('has been disabled')]).toEqual([403, true]);
  });

  it('explains why no message may come, with the other ways in', async () => {
    const visitor = person();
    await reachCode(visitor, freshNumber());
    const page = await visitor.follow('/help');
    expect(page.text).toContain('Common reasons');
    await visitor.follow('/password');
    expect(visitor.page().url.pathname).toMatch(/\/password$/);
  });

  it.each([
    [{ result: 'permanent', reason: 'recipient' }, 'This number cannot receive messages'],
    [{ result: 'permanent', reason: 'vendor' }, 'We could not send the message'],
    [{ result: 'transient' }, 'The message is delayed'],
  ] as const)('tells on the code page that a message did not go out: %j', async (outcome, words) => {
    const broken = await startAccountPages(database, {
      sender: () => ({ vendor: 'broken', send: async () => outcome, find: async () => 'unknown' }),
    });
    try {
      const visitor = person();
      await visitor.open(`${broken.issuer}/start`);
      await visitor.submit({ phone: freshNumber() });
      const base = visitor.page().url.href;
      const delivery = async () => (await visitor.open(`${base}/delivery.json`)).html;
      expect(await delivery()).toContain('on_its_way');
      await broken.jobs.drain();
      database.clock.advance(seconds(3));
      await broken.jobs.drain();
      await visitor.open(base);
      // Only the notice of this state is shown; the others wait, hidden, for the script.
      const [shown, ...others] = visitor.page().html.match(/data-delivery-state="\w+">[\s\S]*?<\/p>/g) ?? [];
      expect([shown?.includes(words), others]).toEqual([true, []]);
      expect(await delivery()).toMatch(outcome.result === 'transient' ? /delayed/ : /failed/);
    } finally {
      await broken.close();
    }
  });

  it('signs test numbers in with their fixed code, sends nothing and counts nothing', async () => {
    const numbersOnly = await startAccountPages(database, {
      testNumbers: ['+8613800000009=112233@2999-12-31'],
    });
    try {
      for (let round = 0; round < 8; round++) {
        const visitor = person();
        await visitor.open(`${numbersOnly.issuer}/start`);
        await visitor.submit({ phone: '13800000009' });
        await visitor.submit({ code: '112233' });
        expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
      }
      expect(await numbersOnly.lastCode('+8613800000009')).toBe('');
    } finally {
      await numbersOnly.close();
    }
  });

  it('refuses a form without its token, and one in the format of an upload', async () => {
    const visitor = person();
    await reachCode(visitor, freshNumber());
    const { href } = visitor.page().url;
    const cookie = visitor.jar.header(visitor.page().url);
    const post = (body: URLSearchParams | FormData) =>
      fetch(href, { method: 'POST', body, headers: { cookie } });
    expect((await post(new URLSearchParams({ code: '123456' }))).status).toBe(403);
    const upload = new FormData();
    upload.append('code', '123456');
    expect((await post(upload)).status).toBe(415);
  });
});
