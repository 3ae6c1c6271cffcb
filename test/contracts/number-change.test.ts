import { afterAll, expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/accounts/index.ts';
import { days, minutes, seconds } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { describeDatabases, type OpenTestDatabase } from '../support/databases.ts';
import { createAccountServices } from '../support/sign-in.ts';

const ip = '10.1.1.1';
const session = 'this-browser';
const from = (typed: string) => ({ typed, ip, language: 'zh-CN' }) as const;

describeDatabases('a change of number', (open, dialect) => {
  const hashers: { close(): Promise<void> }[] = [];
  afterAll(() => Promise.all(hashers.map((one) => one.close())));

  const start = async (over: Parameters<OpenTestDatabase>[0] = {}) => {
    const database = await open(over);
    const services = createAccountServices(database, {
      testNumbers: ['+8613800000000=123456@2099-01-01', '+8613800000001=123456@2099-01-01'],
    });
    hashers.push(services.hasher);
    return { database, ...services };
  };
  type Services = Awaited<ReturnType<typeof start>>;

  let numbers = 0;
  const freshPhone = () => `+86136${String(++numbers).padStart(8, '0')}` as PhoneNumber;

  async function account({ database }: Services, phone = freshPhone()) {
    const id = database.dependencies.ids.next('acc');
    await database.transact(({ accounts }) =>
      accounts.create({ id, phone, roles: ['candidate'], locale: 'zh-CN' }, database.clock.now()),
    );
    return { id, phone };
  }
  const enter = ({ numbers: one }: Services, id: AccountId, typed: string) =>
    one.enter(id, { typed, ip, session });
  /** Asks for a code to `phone` and answers it. */
  async function change(services: Services, id: AccountId, phone: PhoneNumber) {
    expect(await services.numbers.request(id, from(phone))).toEqual({ ok: true });
    return enter(services, id, await services.lastCode(phone));
  }
  const events = async ({ database }: Services, id: AccountId) =>
    database.connection.knex('events').where({ subject: id }).orderBy('id').pluck<string[]>('type');

  it('moves the account, ends other sessions, records it and tells the old number', async () => {
    const services = await start();
    const { stores, clock } = services;
    const { id, phone: old } = await account(services);
    const next = freshPhone();
    clock.advance(days(3));
    expect(await change(services, id, next)).toMatchObject({ ok: true });
    expect(await stores.accounts.find(id)).toMatchObject({ phone: next, phoneVerifiedAt: clock.now() });
    expect(await stores.accounts.findByPhone(next)).toEqual({ id, state: 'active' });
    expect(await stores.accounts.findByPhone(old)).toBeUndefined();
    expect(services.endedFor).toEqual([`${id} but ${session}`]);
    expect(await events(services, id)).toEqual(['account.identifier_changed', 'account.sessions_revoked']);
    await services.jobs.drain();
    const [notice, ...others] = await stores.inbox.list(5, old);
    expect(others).toEqual([]);
    expect(notice?.text).toContain('您的账号已更换手机号');
    expect(notice?.text).not.toMatch(/\d{6}/);
    expect(await services.numbers.view(id)).toMatchObject({ step: 'changed' });
  });

  it('keeps the number sealed, and in no event', async () => {
    const services = await start();
    const { id } = await account(services);
    const next = freshPhone();
    await change(services, id, next);
    const { knex } = services.database.connection;
    for (const table of ['accounts', 'events', 'sign_ins', 'challenges', 'messages']) {
      const rows = await knex<Record<string, unknown>>(table);
      const text = rows.flatMap((row) => Object.values(row).map(String)).join('|');
      expect(text, table).not.toContain(next.slice(3));
    }
  });

  it('refuses the number one has, and what is none, before anything is sent', async () => {
    const services = await start();
    const { id, phone } = await account(services);
    expect(await services.numbers.request(id, from(phone))).toMatchObject({ reason: 'same' });
    expect(await services.numbers.request(id, from('12345'))).toMatchObject({ reason: 'not_mobile' });
    expect(await services.numbers.request(id, from('+81 90 1234 5678'))).toMatchObject({
      reason: 'country_not_supported',
    });
    await services.jobs.drain();
    expect(await services.stores.inbox.list(5, phone)).toEqual([]);
    expect(await services.numbers.view(id)).toMatchObject({ step: 'number' });
  });

  it('answers alike for a free number and for one with an account, until it is proven', async () => {
    const services = await start();
    const { id } = await account(services);
    const owner = await account(services);
    const ask = async (phone: PhoneNumber) => {
      const asked = await services.numbers.request(id, from(phone));
      const wrong = await enter(services, id, '000000');
      const { phone: _phone, typed: _typed, ...view } = await services.numbers.view(id);
      return { asked, wrong, view };
    };
    expect(await ask(owner.phone)).toEqual(await ask(freshPhone()));
  });

  it('takes nobody their number', async () => {
    const services = await start();
    const { id, phone } = await account(services);
    const owner = await account(services);
    expect(await change(services, id, owner.phone)).toMatchObject({ ok: true });
    expect(await services.numbers.view(id)).toMatchObject({ step: 'taken', phone: owner.phone });
    expect(await services.stores.accounts.find(id)).toMatchObject({ phone });
    expect(await services.stores.accounts.find(owner.id)).toMatchObject({ phone: owner.phone });
    expect(await events(services, id)).toEqual([]);
    expect(services.endedFor).toEqual([]);
    const another = freshPhone();
    services.clock.advance(seconds(61));
    expect(await change(services, id, another)).toMatchObject({ ok: true });
    expect(await services.numbers.view(id)).toMatchObject({ step: 'changed' });
  });

  it('takes a code once, within its time, from who asked for it, for this only', async () => {
    const services = await start();
    const [mine, theirs] = [await account(services), await account(services)];
    const next = freshPhone();
    await services.numbers.request(mine.id, from(next));
    const code = await services.lastCode(next);
    expect(await enter(services, theirs.id, code)).toMatchObject({ reason: 'none' });
    await services.codes.request('uid-elsewhere', from(next));
    expect(await services.codes.enter('uid-elsewhere', code, ip)).toMatchObject({ ok: false });
    services.clock.advance(minutes(10));
    expect(await enter(services, mine.id, code)).toMatchObject({ reason: 'expired' });
    await services.numbers.resend(mine.id, { ip, language: 'zh-CN' });
    const newer = await services.lastCode(next);
    expect(await enter(services, mine.id, code)).toMatchObject({ reason: 'wrong', attemptsLeft: 4 });
    expect(await enter(services, mine.id, newer)).toEqual({ ok: true, repeated: false });
    expect(await enter(services, mine.id, newer)).toEqual({ ok: true, repeated: true });
    expect(await events(services, mine.id)).toHaveLength(2);
    services.clock.advance(minutes(21));
    expect(await enter(services, mine.id, newer)).toMatchObject({ reason: 'none' });
  });

  it('has its full time again when it begins anew', async () => {
    const services = await start();
    const { id } = await account(services);
    await services.numbers.request(id, from(freshPhone()));
    services.clock.advance(minutes(58));
    const next = freshPhone();
    await services.numbers.request(id, from(next));
    const code = await services.lastCode(next);
    services.clock.advance(minutes(9));
    expect(await enter(services, id, code)).toEqual({ ok: true, repeated: false });
  });

  it('does not take the code of a sign-in', async () => {
    const services = await start();
    const { id, phone } = await account(services);
    const next = freshPhone();
    await services.numbers.request(id, from(next));
    services.clock.advance(seconds(61));
    await services.codes.request('uid-1', from(next));
    expect(await enter(services, id, await services.lastCode(next))).toMatchObject({ reason: 'wrong' });
    expect(await services.stores.accounts.find(id)).toMatchObject({ phone });
  });

  it('counts wrong codes and messages as the sign-in does, together with it', async () => {
    const services = await start();
    const { id } = await account(services);
    const next = freshPhone();
    await services.codes.request('uid-2', from(next));
    expect(await services.numbers.request(id, from(next))).toMatchObject({
      reason: 'limited',
      scope: 'number',
    });
    for (let round = 0; round < 2; round++) {
      services.clock.advance(seconds(61));
      await services.numbers.request(id, from(next));
      for (let wrong = 0; wrong < 5; wrong++) await enter(services, id, '000000');
    }
    services.clock.advance(seconds(61));
    await services.numbers.request(id, from(next));
    const right = await services.lastCode(next);
    expect(await enter(services, id, right)).toMatchObject({ reason: 'locked' });
  });

  it('happens once, however many tabs enter the code', async () => {
    const services = await start();
    const { id, phone: old } = await account(services);
    const next = freshPhone();
    await services.numbers.request(id, from(next));
    const code = await services.lastCode(next);
    const answers = await Promise.all(Array.from({ length: 8 }, () => enter(services, id, code)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await events(services, id)).toEqual(['account.identifier_changed', 'account.sessions_revoked']);
    await services.jobs.drain();
    expect(await services.stores.inbox.list(5, old)).toHaveLength(1);
  });

  it('gives a number to one of two people who claim it at once', async () => {
    const services = await start();
    // Two connections to one SQLite file wait for each other within one process.
    const second = dialect === 'sqlite' ? services : await start({ same: services.database });
    for (let round = 0; round < 5; round++) {
      const people = [await account(services), await account(services)] as const;
      const next = freshPhone();
      await services.numbers.request(people[0].id, from(next));
      const one = await services.lastCode(next);
      services.clock.advance(seconds(61));
      await services.numbers.request(people[1].id, from(next));
      const two = await services.lastCode(next);
      const answers = await Promise.all([
        enter(services, people[0].id, one),
        enter(second, people[1].id, two),
      ]);
      expect(answers.every(({ ok }) => ok)).toBe(true);
      const steps = await Promise.all(people.map(({ id }) => services.numbers.view(id)));
      expect(steps.map(({ step }) => step).sort()).toEqual(['changed', 'taken']);
      const owner = people[steps.findIndex(({ step }) => step === 'changed')];
      expect(await services.stores.accounts.findByPhone(next)).toMatchObject({ id: owner?.id });
    }
  });

  it('leaves a number that is registered in the same moment with whoever was first', async () => {
    const services = await start();
    const { database, stores } = services;
    for (let round = 0; round < 10; round++) {
      const { id, phone: old } = await account(services);
      const next = freshPhone();
      await services.numbers.request(id, from(next));
      const code = await services.lastCode(next);
      const fresh = database.dependencies.ids.next('acc');
      const newcomer = { id: fresh, phone: next, roles: ['candidate'], locale: 'en' } as const;
      const register = () =>
        database.transact(({ accounts }) => accounts.create(newcomer, database.clock.now()));
      const [created, entered] = await Promise.all([register(), enter(services, id, code)]);
      expect(entered).toMatchObject({ ok: true });
      expect(await stores.accounts.findByPhone(next)).toMatchObject({ id: created ? fresh : id });
      expect(await stores.accounts.find(id)).toMatchObject({ phone: created ? old : next });
      expect(await services.numbers.view(id)).toMatchObject({ step: created ? 'taken' : 'changed' });
    }
  });

  it('is undone whole when any part of it fails', async () => {
    const services = await start();
    const { id, phone: old } = await account(services);
    const next = freshPhone();
    await services.numbers.request(id, from(next));
    const code = await services.lastCode(next);
    services.endedFor.push = () => {
      throw new Error('on purpose');
    };
    await expect(enter(services, id, code)).rejects.toThrow('on purpose');
    expect(await services.stores.accounts.find(id)).toMatchObject({ phone: old });
    expect(await events(services, id)).toEqual([]);
    services.endedFor.push = () => 1;
    expect(await enter(services, id, code)).toEqual({ ok: true, repeated: false });
  });

  it('ends a sign-in by the old number that is not finished', async () => {
    const services = await start();
    const { id, phone: old } = await account(services);
    await services.codes.request('uid-3', from(old));
    await services.codes.enter('uid-3', await services.lastCode(old), ip);
    await services.registration.accept('uid-3', 'en');
    await change(services, id, freshPhone());
    expect(await services.registration.complete('uid-3', 'en')).toMatchObject({ reason: 'out_of_order' });
    services.clock.advance(seconds(61));
    await services.codes.request('uid-4', from(old));
    await services.codes.enter('uid-4', await services.lastCode(old), ip);
    expect(await services.registration.view('uid-4')).toMatchObject({ registering: true });
  });

  it('is refused to accounts that are disabled', async () => {
    const services = await start();
    const { id, phone } = await account(services);
    const next = freshPhone();
    await services.numbers.request(id, from(next));
    const code = await services.lastCode(next);
    await services.stores.accounts.setState(id, 'active', 'disabled', services.clock.now());
    await expect(enter(services, id, code)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(services.numbers.request(id, from(next))).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(services.stores.accounts.changePhone(id, next, 1)).rejects.toThrow('active');
    expect(await services.stores.accounts.find(id)).toMatchObject({ phone });
  });

  it('sends nothing to test numbers', async () => {
    const services = await start();
    const { id } = await account(services, '+8613800000000' as PhoneNumber);
    await services.numbers.request(id, from('+8613800000001'));
    expect(await enter(services, id, '123456')).toEqual({ ok: true, repeated: false });
    await services.jobs.drain();
    expect(await services.stores.inbox.list(5)).toEqual([]);
  });
});
