import { beforeEach, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../src/core/clock.ts';
import {
  createStaffAccounts,
  createStaffHasher,
  createStaffSignIn,
  staffSignInLimits,
  type Enrolment,
  type StaffAccounts,
  type StaffSignIn,
} from '../../src/review/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { codeFor as codeOf, fastHasher, secretOf } from '../support/review.ts';

const address = '203.0.113.7';
const elsewhere = '198.51.100.9';

describeDatabases('staff accounts and sign-in', (open) => {
  let database: TestDatabase;
  let clock: TestDatabase['clock'];
  let accounts: StaffAccounts;
  let signIn: StaffSignIn;

  beforeEach(async () => {
    database = await open();
    clock = database.clock;
    const { ids, random } = database.dependencies;
    const { staff } = database.stores;
    const shared = { clock, random, hasher: createStaffHasher(fastHasher), staff };
    accounts = createStaffAccounts({ ...shared, ids, transact: database.transact, totpIssuer: 'Shiming' });
    signIn = createStaffSignIn({ ...shared, transact: database.transact });
  });

  const codeFor = (enrolment: Enrolment, stepsAway = 0) => codeOf(enrolment, clock, stepsAway);

  async function enrol(login = 'li.hua'): Promise<Enrolment> {
    const added = await accounts.add(login, '李华', 'reviewer');
    if (!added.ok) throw new Error(added.reason);
    return added.enrolment;
  }

  const attempt = (enrolment: Enrolment, change: Partial<Parameters<StaffSignIn['signIn']>[0]> = {}) =>
    signIn.signIn({
      login: enrolment.staff.login,
      password: enrolment.password,
      code: codeFor(enrolment),
      address,
      ...change,
    });

  async function signedIn(enrolment: Enrolment): Promise<string> {
    const result = await attempt(enrolment);
    if (!result.ok) throw new Error(result.reason);
    return result.token;
  }

  it('answers an unknown login like a known one after the hasher was busy', async () => {
    const enrolment = await enrol();
    const { staff } = database.stores;
    let isBusy = true;
    const hasher = createStaffHasher({
      hash: async (password) => (isBusy ? { ok: false, reason: 'busy' } : fastHasher.hash(password)),
      verify: async (stored, password) =>
        isBusy ? { ok: false, reason: 'busy' } : fastHasher.verify(stored, password),
    });
    const fragile = createStaffSignIn({
      clock,
      random: database.dependencies.random,
      hasher,
      staff,
      transact: database.transact,
    });
    const guess = (login: string) => fragile.signIn({ login, password: 'wrong', code: '000000', address });
    await expect(guess('nobody')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(guess(enrolment.staff.login)).rejects.toMatchObject({ code: 'unavailable' });
    isBusy = false;
    expect(await guess('nobody')).toEqual({ ok: false, reason: 'rejected' });
    expect(await guess(enrolment.staff.login)).toEqual({ ok: false, reason: 'rejected' });
  });

  it('signs in with the one-time password and a code, and asks for another password', async () => {
    const enrolment = await enrol();
    const token = await signedIn(enrolment);
    const visitor = await signIn.current(token);
    expect(visitor?.staff).toMatchObject({
      login: 'li.hua',
      name: '李华',
      role: 'reviewer',
      mustChangePassword: true,
    });
    expect(enrolment.otpauthUri).toMatch(
      /^otpauth:\/\/totp\/Shiming:li\.hua\?secret=[A-Z2-7]{32}&issuer=Shiming$/,
    );
  });

  it('refuses a login that is taken or malformed, and an empty name', async () => {
    await enrol();
    expect(await accounts.add('li.hua', 'Other', 'reviewer')).toEqual({ ok: false, reason: 'login_taken' });
    expect(await accounts.add('Li Hua', 'Other', 'reviewer')).toEqual({
      ok: false,
      reason: 'login_malformed',
    });
    expect(await accounts.add('wang', '  ', 'reviewer')).toEqual({ ok: false, reason: 'name_malformed' });
  });

  it('gives one answer to an unknown login, a wrong password, a wrong code and a disabled account', async () => {
    const enrolment = await enrol();
    const rejected = { ok: false, reason: 'rejected' };
    expect(await attempt(enrolment, { login: 'nobody' })).toEqual(rejected);
    expect(await attempt(enrolment, { password: 'wrong' })).toEqual(rejected);
    expect(await attempt(enrolment, { code: '000000' })).toEqual(rejected);
    expect(await attempt(enrolment, { code: 'abc' })).toEqual(rejected);
    await accounts.disable('li.hua');
    expect(await attempt(enrolment, { address: elsewhere })).toEqual(rejected);
    await accounts.enable('li.hua');
    expect(await attempt(enrolment, { address: elsewhere })).toMatchObject({ ok: true });
  });

  it('accepts a code one step early or late, and no further', async () => {
    const enrolment = await enrol();
    expect(await attempt(enrolment, { code: codeFor(enrolment, -2) })).toMatchObject({ ok: false });
    expect(await attempt(enrolment, { code: codeFor(enrolment, 2) })).toMatchObject({ ok: false });
    expect(await attempt(enrolment, { code: codeFor(enrolment, -1) })).toMatchObject({ ok: true });
    expect(await attempt(enrolment, { code: codeFor(enrolment, 1) })).toMatchObject({ ok: true });
  });

  it('accepts each code once, and never one older than the last', async () => {
    const enrolment = await enrol();
    const code = codeFor(enrolment);
    expect(await attempt(enrolment, { code })).toMatchObject({ ok: true });
    expect(await attempt(enrolment, { code })).toEqual({ ok: false, reason: 'rejected' });
    expect(await attempt(enrolment, { code: codeFor(enrolment, -1) })).toEqual({
      ok: false,
      reason: 'rejected',
    });
    clock.advance(seconds(30));
    expect(await attempt(enrolment)).toMatchObject({ ok: true });
  });

  it('accepts a code once among ten parallel sign-ins', async () => {
    const enrolment = await enrol();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => attempt(enrolment, { address: `203.0.113.${i}` })),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('stops attempts per login and address, for that address only, and lets go when the window has passed', async () => {
    const enrolment = await enrol();
    for (let i = 0; i < staffSignInLimits.login_address; i++) {
      expect(await attempt(enrolment, { password: 'wrong' })).toEqual({ ok: false, reason: 'rejected' });
    }
    expect(await attempt(enrolment)).toEqual({ ok: false, reason: 'limited' });
    expect(await attempt(enrolment, { address: elsewhere })).toMatchObject({ ok: true });
    clock.advance(staffSignInLimits.window);
    expect(await attempt(enrolment)).toMatchObject({ ok: true });
  });

  it('counts parallel attempts against one another', async () => {
    const enrolment = await enrol();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => attempt(enrolment, { password: 'wrong' })),
    );
    const judged = results.filter((result) => !result.ok && result.reason === 'rejected');
    expect(judged.length).toBeLessThanOrEqual(staffSignInLimits.login_address);
  });

  it('answers the limit alike for a login that does not exist', async () => {
    for (let i = 0; i < staffSignInLimits.login_address; i++) {
      await signIn.signIn({ login: 'ghost', password: 'x', code: '123456', address });
    }
    const result = await signIn.signIn({ login: 'ghost', password: 'x', code: '123456', address });
    expect(result).toEqual({ ok: false, reason: 'limited' });
  });

  it('bounds guessing of codes over many addresses by whoever has the password, and not by strangers', async () => {
    const enrolment = await enrol();
    for (let i = 0; i < 40; i++) await attempt(enrolment, { password: 'wrong', address: `198.51.100.${i}` });
    for (let i = 0; i < staffSignInLimits.code; i++) {
      await attempt(enrolment, { code: '000000', address: `192.0.2.${i}` });
    }
    expect(await attempt(enrolment, { address: elsewhere })).toEqual({ ok: false, reason: 'rejected' });
    clock.advance(staffSignInLimits.window);
    expect(await attempt(enrolment, { address: elsewhere })).toMatchObject({ ok: true });
  });

  it('ends a session after half an hour without a request, and after twelve hours in any case', async () => {
    const idle = await signedIn(await enrol());
    clock.advance(minutes(29));
    expect(await signIn.current(idle)).toBeDefined();
    clock.advance(minutes(29));
    expect(await signIn.current(idle)).toBeDefined();
    clock.advance(minutes(30));
    expect(await signIn.current(idle)).toBeUndefined();

    const busy = await signedIn(await enrol('wang'));
    for (let passed = 0; passed < hours(12) - minutes(20); passed += minutes(20)) {
      expect(await signIn.current(busy)).toBeDefined();
      clock.advance(minutes(20));
    }
    clock.advance(minutes(20));
    expect(await signIn.current(busy)).toBeUndefined();
  });

  it('ends the session on sign-out, on reset, and at once when the account is disabled', async () => {
    const enrolment = await enrol();
    const first = await signedIn(enrolment);
    await signIn.signOut(first);
    expect(await signIn.current(first)).toBeUndefined();

    clock.advance(minutes(1));
    const second = await signedIn(enrolment);
    await accounts.disable('li.hua');
    expect(await signIn.current(second)).toBeUndefined();
    await accounts.enable('li.hua');
    expect(await signIn.current(second)).toBeUndefined();

    clock.advance(minutes(1));
    const third = await signedIn(enrolment);
    const reset = await accounts.reset('li.hua');
    expect(await signIn.current(third)).toBeUndefined();
    clock.advance(minutes(1));
    expect(await attempt(enrolment)).toMatchObject({ ok: false });
    if (!reset.ok) throw new Error(reset.reason);
    expect(await attempt(reset.enrolment)).toMatchObject({ ok: true });
  });

  it('refuses a handed-out password after a week, and a chosen one never', async () => {
    const enrolment = await enrol();
    const token = await signedIn(enrolment);
    const id = enrolment.staff.id;
    const chosen = 'correct horse battery';
    const change = { current: enrolment.password, next: chosen, keepToken: token };
    expect(await accounts.changePassword(id, change)).toMatchObject({ ok: true });
    expect((await signIn.current(token))?.staff.mustChangePassword).toBe(false);

    const late = await enrol('wang');
    clock.advance(days(8));
    expect(await attempt(late)).toEqual({ ok: false, reason: 'rejected' });
    expect(await attempt(enrolment, { password: chosen })).toMatchObject({ ok: true });
  });

  it('ends the other sessions when the password is changed', async () => {
    const enrolment = await enrol();
    const other = await signedIn(enrolment);
    clock.advance(seconds(60));
    const own = await signedIn(enrolment);
    const change = { current: enrolment.password, next: 'correct horse battery', keepToken: own };
    await accounts.changePassword(enrolment.staff.id, change);
    expect(await signIn.current(own)).toBeDefined();
    expect(await signIn.current(other)).toBeUndefined();
  });

  it.each([
    ['short', 'too_short'],
    ['aaaaaaaaaaaaaaaa', 'too_simple'],
    ['li.hua-is-my-login', 'contains_login'],
    ['x'.repeat(129), 'too_long'],
  ])('refuses the password %s', async (next, reason) => {
    const enrolment = await enrol();
    const change = { current: enrolment.password, next, keepToken: '' };
    expect(await accounts.changePassword(enrolment.staff.id, change)).toEqual({ ok: false, reason });
  });

  it('asks for the current password, and for a new one', async () => {
    const { staff, password } = await enrol();
    const next = 'correct horse battery';
    expect(await accounts.changePassword(staff.id, { current: 'wrong', next, keepToken: '' })).toEqual({
      ok: false,
      reason: 'wrong_password',
    });
    expect(
      await accounts.changePassword(staff.id, { current: password, next: password, keepToken: '' }),
    ).toEqual({ ok: false, reason: 'unchanged' });
  });

  it('signs out everywhere who guesses at the current password, in parallel too', async () => {
    const enrolment = await enrol();
    const stolen = await signedIn(enrolment);
    const guess = { current: 'wrong', next: 'correct horse battery', keepToken: stolen };
    const guesses = Array.from({ length: 8 }, () => accounts.changePassword(enrolment.staff.id, guess));
    const judged = (await Promise.all(guesses)).filter((result) => result.ok || result.reason !== 'limited');
    expect(judged.length).toBeLessThanOrEqual(5);
    expect(await signIn.current(stolen)).toBeUndefined();
    const right = { ...guess, current: enrolment.password };
    expect(await accounts.changePassword(enrolment.staff.id, right)).toEqual({
      ok: false,
      reason: 'limited',
    });
    clock.advance(minutes(15));
    expect(await accounts.changePassword(enrolment.staff.id, right)).toMatchObject({ ok: true });
  });

  it('gives developers a code that is accepted, also right after another one was', async () => {
    const enrolment = await enrol();
    for (let i = 0; i < 2; i++) {
      const next = await accounts.currentCode('li.hua');
      expect(await attempt(enrolment, { code: next?.code ?? '' })).toMatchObject({ ok: true });
    }
    const third = await accounts.currentCode('li.hua');
    expect(third?.waitSeconds).toBeGreaterThan(0);
  });

  it('stores neither names nor secrets nor tokens in the clear', async () => {
    const enrolment = await enrol();
    const token = await signedIn(enrolment);
    const { knex } = database.connection;
    const dump = JSON.stringify(
      [await knex('staff'), await knex('staff_sessions'), await knex('staff_attempts')],
      (_, value) =>
        (value as { type?: string })?.type === 'Buffer'
          ? Buffer.from((value as { data: number[] }).data).toString('latin1')
          : (value as unknown),
    );
    expect(dump).toContain('li.hua');
    for (const secret of [token, enrolment.password, secretOf(enrolment), '李华', '$argon2', address]) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('latin1'));
    }
  });

  it('purges what has expired and keeps the rest', async () => {
    const enrolment = await enrol();
    await attempt(enrolment, { password: 'wrong' });
    const token = await signedIn(enrolment);
    const { staff } = database.stores;
    clock.advance(minutes(20));
    await staff.purge(clock.now(), 100);
    expect(await database.connection.knex('staff_attempts')).toHaveLength(0);
    expect(await signIn.current(token)).toBeDefined();
    clock.advance(hours(12));
    await staff.purge(clock.now(), 100);
    expect(await database.connection.knex('staff_sessions')).toHaveLength(0);
  });
});
