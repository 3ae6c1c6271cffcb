import { beforeAll, expect, it } from 'vitest';
import { days, minutes } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { createEntitlements } from '../../src/entitlements/index.ts';
import { createSweeper } from '../../src/jobs/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createVerificationRig, newAccount } from '../support/verification.ts';
import { verifiedPerson } from '../support/verified-person.ts';

describeDatabases('what only time changes', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });

  async function verified(validFor: number) {
    const { transact, clock, dependencies } = database;
    const accountId = newAccount();
    await transact(async ({ accounts, persons }) => {
      const phone = `+86138${String(dependencies.random.int(1e8)).padStart(8, '0')}` as never;
      await accounts.create({ id: accountId, phone, roles: ['recruiter'], locale: 'en' }, clock.now());
      const validUntil = clock.now() + validFor;
      await persons.verify(verifiedPerson(accountId, clock.now(), { validUntil }));
    });
    return accountId;
  }

  it('is noted from the very instant on, in batches, and one failure keeps nothing else from its turn', async () => {
    const { stores, transact, clock } = database;
    const entitlements = createEntitlements({ transact, entitlements: stores.entitlements, clock });
    const rig = createVerificationRig(database);
    const accounts: AccountId[] = [];
    for (let i = 0; i < 3; i++) accounts.push(await verified(days(2)));
    for (const id of accounts) await transact((bound) => entitlements.recompute(bound, id));
    const reasons = async () =>
      Promise.all(accounts.map(async (id) => (await stores.entitlements.status(id))?.reasons));
    const later = await verified(days(3));
    const sweeper = createSweeper(
      {
        broken: () => Promise.reject(new Error('not today')),
        person_verifications: rig.verification.expirePersons,
        recruiter_statuses: entitlements.sweep,
      },
      { clock, log: silentLog },
    );
    clock.advance(days(2) - 1);
    expect(await sweeper.run()).toBe(0);
    expect(await reasons()).toEqual(Array(3).fill(['company_missing']));
    clock.advance(1);
    expect(await rig.verification.expirePersons(clock.now(), 2)).toBe(2);
    expect(await sweeper.run()).toBeGreaterThanOrEqual(3);
    expect(await reasons()).toEqual(Array(3).fill(['person_expired', 'company_missing']));
    for (const id of accounts) expect((await stores.persons.find(id))?.state).toBe('expired');
    expect((await stores.persons.find(later))?.state).toBe('verified');
    expect(await sweeper.run()).toBe(0);
    // The person keeps their identity while the record is kept, and it can still be taken away.
    expect(await stores.persons.isTaken(later, accounts[0]!)).toBe(true);
    expect(await stores.persons.revoke(accounts[0]!, 'x', clock.now() + minutes(1))).toBe(true);
    await rig.close();
  });

  it('keeps closed snapshots of facts for their time, and the one in force for ever', async () => {
    const { stores, transact, clock } = database;
    const entitlements = createEntitlements({ transact, entitlements: stores.entitlements, clock });
    const accountId = await verified(days(3650));
    const recompute = () => transact((bound) => entitlements.recompute(bound, accountId));
    await recompute();
    const first = clock.now();
    clock.advance(1000);
    await recompute();
    expect(await stores.entitlements.snapshotsUntil(accountId, clock.now(), 9)).toHaveLength(1);
    await stores.accounts.setRoles(accountId, ['candidate'], clock.now());
    await recompute();
    // The number proven once more is the same fact.
    await stores.accounts.confirmPhone(accountId, clock.now());
    clock.advance(1000);
    await recompute();
    const kept = await stores.entitlements.snapshotsUntil(accountId, clock.now(), 9);
    expect(
      kept.map(({ validFrom, validUntil }) => [validFrom - first, validUntil && validUntil - first]),
    ).toEqual([
      [1000, null],
      [0, 1000],
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/样本|\+86|1990/);
    // Those of other tests.
    await stores.entitlements.purgeSnapshots(first + 1, 1000);
    expect(await stores.entitlements.purgeSnapshots(first + 1000, 10)).toBe(0);
    expect(await stores.entitlements.purgeSnapshots(first + 1001, 10)).toBe(1);
    expect(await stores.entitlements.purgeSnapshots(Number.MAX_SAFE_INTEGER, 1000)).toBeGreaterThanOrEqual(0);
    expect(await stores.entitlements.snapshotsUntil(accountId, clock.now(), 9)).toHaveLength(1);
  });
});
