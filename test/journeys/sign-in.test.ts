import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/core/clock.ts';
import { describeDatabases } from '../support/databases.ts';
import { openSignInSite, type SignInSite } from '../support/sign-in-site.ts';
import { startAccountPages } from '../support/sign-in.ts';

describeDatabases('signing in', (open) => {
  let site: SignInSite;
  beforeAll(async () => (site = await openSignInSite(await open())));
  afterAll(() => site.close());
  beforeEach(() => site.database.clock.advance(minutes(61)));

  it('registers: number, code, agreement, role, back to the app', async () => {
    const number = site.freshNumber();
    const visitor = site.person({ lang: 'zh-CN' });
    await visitor.open(`${site.issuer}/start`);
    expect(visitor.page().text).toMatch(/示例招聘\s?请您登录/);
    await visitor.submit({ phone: `+86 ${number.slice(0, 3)}-${number.slice(3)}` });
    expect(visitor.page().text).toContain('10 分钟内有效');
    await visitor.submit({ code: await site.code(number) });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
    await visitor.submit({ accept: '1' });
    expect(visitor.page().url.pathname).toMatch(/\/role$/);
    expect(await site.accountOf(number)).toBeUndefined();
    await visitor.submit({ role: 'recruiter' });
    expect(visitor.page().url.href).toBe('https://jobs.example.cn/callback?code=1');

    const account = await site.accountOf(number);
    expect(account).toMatchObject({
      state: 'active',
      roles: ['recruiter'],
      locale: 'zh-CN',
      phone: `+86${number}`,
    });
    const accepted = await site.database.stores.acceptances.list(account!.id);
    expect(accepted.map(({ policy, version, language }) => [policy, version, language]).sort()).toEqual([
      ['agreement', '2026-11-23', 'zh-CN'],
      ['privacy', '2026-11-23', 'zh-CN'],
    ]);
    const events = await site.database.stores.events.listBySubject(account!.id, 10);
    expect(events.map(({ type }) => type).sort()).toEqual(['account.registered', 'account.signed_in']);
    expect(site.rolesChanged).toContain(account!.id);
  });

  it('signs in who has an account by the same form, without agreement or role', async () => {
    const number = site.freshNumber();
    await site.register(site.person(), number);
    site.database.clock.advance(seconds(61));
    const again = site.person();
    await site.reachCode(again, number);
    await again.submit({ code: await site.code(number) });
    expect(again.page().url.host).toBe('jobs.example.cn');
    site.database.clock.advance(seconds(61));
    const elsewhere = site.person({ lang: 'zh-CN' });
    await site.reachCode(elsewhere, number);
    await elsewhere.submit({ code: await site.code(number) });
    expect((await site.accountOf(number))?.locale).toBe('zh-CN');
  });

  it('asks again when a policy has a newer version, and records it in the language it was read in', async () => {
    const number = site.freshNumber();
    await site.register(site.person(), number);
    site.database.clock.advance(minutes(2));
    const newer = await startAccountPages(site.database, {
      inForce: { agreement: '2026-11-23', privacy: '2027-01-01' },
    });
    try {
      const visitor = site.person();
      await visitor.open(`${newer.issuer}/start`);
      await visitor.submit({ phone: number });
      await visitor.submit({ code: await site.code(number) });
      expect(visitor.page().text).toContain('Our terms have changed');
      expect(visitor.page().html).toContain('/legal/privacy');
      expect(visitor.page().html).not.toMatch(/<main[\s\S]*\/legal\/agreement[\s\S]*<\/main>/);
      await visitor.submit({ accept: '1' });
      expect(visitor.page().url.host).toBe('jobs.example.cn');
      const account = await site.accountOf(number);
      const versions = (await site.database.stores.acceptances.list(account!.id)).map(
        ({ version }) => version,
      );
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
    const visitor = site.person();
    await visitor.open(`${site.issuer}/start`);
    const page = await visitor.submit({ phone: typed });
    expect(page.status).toBe(422);
    expect(page.text).toContain(message);
    expect(page.forms[0]?.fields.get('phone')).toEqual([typed]);
  });

  it('takes numbers of another allowed country, selected or written with its code', async () => {
    const visitor = site.person();
    await visitor.open(`${site.issuer}/start`);
    await visitor.submit({ country: 'HK', phone: '5123 4567' });
    expect(visitor.page().text).toContain('+852 5123 4567');
  });

  it('goes on where it stands after the back button, in a second tab, and after a double click', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const base = visitor.page().url.href.replace(/\/code$/, '');
    await visitor.open(`${base}/phone`);
    expect(visitor.page().forms[0]?.fields.get('phone')).toEqual([number]);
    await visitor.submit({ phone: number });
    expect(visitor.page().url.pathname).toMatch(/\/code$/);
    const right = await site.code(number);
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
    const number = site.freshNumber();
    const [one, two] = [site.person(), site.person()];
    await site.reachCode(one, number);
    await one.submit({ code: await site.code(number) });
    site.database.clock.advance(seconds(61));
    await site.reachCode(two, number);
    await two.submit({ code: await site.code(number) });
    for (const visitor of [one, two]) await visitor.submit({ accept: '1' });
    await Promise.all([one.submit({ role: 'candidate' }), two.submit({ role: 'recruiter' })]);
    for (const visitor of [one, two]) expect(visitor.page().url.host).toBe('jobs.example.cn');
    expect((await site.accountOf(number))?.roles).toHaveLength(1);
  });

  it('asks for a choice where one is missing, and forgets everything on refusal', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    await visitor.submit({ code: await site.code(number) });
    expect((await visitor.submit({}, { action: 'agreement' })).text).toContain('please tick the box');
    const uid = visitor.page().url.pathname.split('/')[2]!;
    await visitor.submit({}, { action: 'cancel' });
    expect(visitor.page().url.search).toBe('?error=access_denied');
    expect(await site.accountOf(number)).toBeUndefined();
    expect(await site.database.stores.signIns.find(uid, site.database.clock.now())).toBeUndefined();
  });

  it('asks for a role, and refuses one that does not exist', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    await visitor.submit({ code: await site.code(number) });
    await visitor.submit({ accept: '1' });
    expect((await visitor.submit({}, { action: 'role' })).text).toContain('Choose one of the two');
    expect((await visitor.submit({ role: 'admin' })).status).toBe(422);
  });

  it('says so when a new number is asked for by registration, and fills in the number the app knows', async () => {
    const visitor = site.person();
    const page = await visitor.open(`${site.issuer}/start?create&hint=%2B8613812345678`);
    expect(page.text).toContain('Sign up');
    expect(page.forms[0]?.fields.get('phone')).toEqual(['138 1234 5678']);
    const odd = await visitor.open(`${site.issuer}/start?hint=someone%40example.cn`);
    expect(odd.forms[0]?.fields.get('phone')).toEqual(['']);
  });

  it('keeps a disabled account out, and tells only who proved the number', async () => {
    const number = site.freshNumber();
    await site.register(site.person(), number);
    const account = await site.accountOf(number);
    await site.database.connection.knex('accounts').where({ id: account!.id }).update({ state: 'disabled' });
    site.database.clock.advance(seconds(61));
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const page = await visitor.submit({ code: await site.code(number) });
    expect([page.status, page.text.includes('has been disabled')]).toEqual([403, true]);
  });

  it('refuses a form without its token, and one in the format of an upload', async () => {
    const visitor = site.person();
    await site.reachCode(visitor, site.freshNumber());
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
