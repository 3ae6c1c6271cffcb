import { expect, it } from 'vitest';
import type { PhoneNumber, Role } from '../../src/accounts/index.ts';
import { days, hours } from '../../src/core/clock.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

let numbers = 0;
const freshPhone = () => `+86137${String(++numbers).padStart(8, '0')}` as PhoneNumber;

async function create(database: TestDatabase, phone = freshPhone(), roles: readonly Role[] = ['candidate']) {
  const id = database.dependencies.ids.next('acc');
  const made = await database.transact(({ accounts }) =>
    accounts.create({ id, phone, roles, locale: 'zh-CN' }, database.clock.now()),
  );
  return { id, phone, made };
}

describeDatabases('accounts', (open) => {
  it('are found by id and by number', async () => {
    const database = await open();
    const { id, phone } = await create(database);
    const { accounts } = database.stores;
    expect(await accounts.find(id)).toMatchObject({
      id,
      phone,
      state: 'active',
      roles: ['candidate'],
      resumeComplete: false,
    });
    expect(await accounts.findByPhone(phone)).toEqual({ id, state: 'active' });
    expect(await accounts.findByPhone(freshPhone())).toBeUndefined();
  });

  it('are one for a number, also when many are made at once', async () => {
    const database = await open();
    const phone = freshPhone();
    const made = await Promise.all(Array.from({ length: 10 }, () => create(database, phone)));
    const winners = made.filter((one) => one.made);
    expect(winners).toHaveLength(1);
    expect(await database.stores.accounts.findByPhone(phone)).toMatchObject({ id: winners[0]?.id });
    const keys = await database.connection.knex('subject_keys').pluck<string[]>('subject');
    expect(made.filter(({ id }) => keys.includes(id))).toHaveLength(1);
  });

  it('keep roles, language and profile, nothing of it readable in the table', async () => {
    const database = await open();
    const { id, phone } = await create(database);
    const { accounts } = database.stores;
    await accounts.setRoles(id, ['candidate', 'recruiter'], database.clock.now());
    await accounts.setLocale(id, 'en', database.clock.now());
    await accounts.writeProfile(id, { name: 'Lin Xiaoman', email: 'lin@example.cn' }, database.clock.now());
    expect(await accounts.find(id)).toMatchObject({ roles: ['candidate', 'recruiter'], locale: 'en' });
    expect(await accounts.readProfile(id)).toEqual({ name: 'Lin Xiaoman', email: 'lin@example.cn' });
    const [row] = await database.connection.knex<Record<string, unknown>>('accounts').where({ id });
    const stored = Object.values(row ?? {})
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join('|');
    expect(stored).not.toMatch(new RegExp(`${phone.slice(3)}|Xiaoman|example\\.cn`));
    await accounts.writeProfile(id, {}, database.clock.now());
    expect(await accounts.readProfile(id)).toEqual({});
  });

  it('keep one password each, and a decoy for everybody else', async () => {
    const database = await open();
    const [one, two] = [await create(database), await create(database)];
    const { passwords } = database.stores;
    expect(await passwords.read(one.id)).toBeUndefined();
    await passwords.writeDecoy('decoy hash', 1);
    await passwords.writeDecoy('another', 2);
    await passwords.write(one.id, 'first', 3);
    await passwords.write(one.id, 'second', 4);
    expect(await passwords.read(one.id)).toEqual({ hash: 'second', real: true });
    expect(await passwords.read(two.id)).toEqual({ hash: 'decoy hash', real: false });
    expect(await passwords.read(undefined)).toEqual({ hash: 'decoy hash', real: false });
    expect([await passwords.changedAt(one.id), await passwords.changedAt(two.id)]).toEqual([4, undefined]);
    expect([await passwords.remove(one.id), await passwords.remove(one.id)]).toEqual([true, false]);
  });

  it('record an acceptance once per version', async () => {
    const database = await open();
    const { id } = await create(database);
    const { acceptances } = database.stores;
    const first = { policy: 'privacy', version: '2026-11-23', language: 'en', acceptedAt: 10 } as const;
    await acceptances.record(id, first);
    await acceptances.record(id, { ...first, language: 'zh-CN', acceptedAt: 20 });
    await acceptances.record(id, { ...first, version: '2027-01-01', acceptedAt: 30 });
    expect(await acceptances.list(id)).toEqual([first, { ...first, version: '2027-01-01', acceptedAt: 30 }]);
  });
});

describeDatabases('the state of a sign-in', (open) => {
  it('begins empty, is kept sealed, expires and is purged with its key', async () => {
    const database = await open();
    const { clock, stores, transact, connection } = database;
    const until = clock.now() + hours(1);
    await transact(async ({ signIns }) => {
      expect(await signIns.lock('uid', clock.now(), until)).toEqual({});
      await signIns.write('uid', { typed: '13812345678' });
    });
    expect(await stores.signIns.find('uid', clock.now())).toEqual({ typed: '13812345678' });
    const [row] = await connection.knex<{ state: Buffer }>('sign_ins');
    expect(row?.state.toString('latin1')).not.toContain('13812345678');
    clock.advance(hours(1));
    expect(await stores.signIns.find('uid', clock.now())).toBeUndefined();
    await transact(async ({ signIns }) => {
      expect(await signIns.lock('uid', clock.now(), clock.now() + hours(1))).toEqual({});
    });
    expect(await stores.signIns.purge(clock.now() + days(1), 10)).toBe(1);
    expect(await connection.knex('subject_keys').where({ subject: 'uid' })).toEqual([]);
  });

  it('does not lose what another tab wrote at the same time', async () => {
    const database = await open();
    const { clock, stores, transact } = database;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        transact(async ({ signIns }) => {
          const state = await signIns.lock('tabs', clock.now(), clock.now() + hours(1));
          await signIns.write('tabs', { passwordFailures: (state.passwordFailures ?? 0) + 1 });
        }),
      ),
    );
    expect(await stores.signIns.find('tabs', clock.now())).toEqual({ passwordFailures: 20 });
  });
});
