import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import type { AccountId, MembershipId } from '../../src/core/ids.ts';
import { createEntitlements } from '../../src/entitlements/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { creditCode } from '../support/specimens.ts';
import { verifiedPerson } from '../support/verified-person.ts';

describeDatabases('the recruiter status', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });

  /** A recruiter of a verified company who is not verified as a person. */
  async function member(): Promise<{ accountId: AccountId; membershipId: MembershipId }> {
    const { transact, clock, dependencies } = database;
    const accountId = dependencies.ids.next('acc');
    const now = clock.now();
    return transact(async ({ accounts, companies, memberships }) => {
      const phone = `+86138${String(dependencies.random.int(1e8)).padStart(8, '0')}` as never;
      await accounts.create({ id: accountId, phone, roles: ['recruiter'], locale: 'en' }, now);
      const company = await companies.ensure(creditCode(), '示例');
      await companies.advance(company.id, 'unclaimed', 'verified', {
        verifiedAt: now,
        recheckAt: now + days(180),
      });
      const { id } = await memberships.ensure(accountId, company.id);
      await memberships.advance(id, 'requested', 'active', { activatedAt: now });
      return { accountId, membershipId: id };
    });
  }

  it('is kept for each company besides the account’s own', async () => {
    const { transact, clock, stores } = database;
    const { recompute } = createEntitlements({ transact, entitlements: stores.entitlements, clock });
    const { accountId, membershipId } = await member();
    const first = await transact((bound) => recompute(bound, accountId));
    expect(first?.companies).toMatchObject([
      { bond: 'active', status: 'limited', reasons: ['person_unverified'] },
    ]);
    expect(first?.companies[0]?.requirements).toContain('company_member');
    const companyId = await transact(async (bound) => {
      const company = await bound.companies.ensure(creditCode(), '另一家');
      await bound.memberships.ensure(accountId, company.id);
      await bound.memberships.advance(membershipId, 'active', 'removed', { endedAt: clock.now() });
      await recompute(bound, accountId);
      return company.id;
    });
    const stored = await stores.entitlements.status(accountId);
    expect(stored?.companies.map(({ bond }) => bond).sort()).toEqual(['over', 'waiting']);
    expect(stored?.companies.find((one) => one.companyId === companyId)).toMatchObject({ bond: 'waiting' });
    expect(await stores.entitlements.standing(accountId)).toMatchObject({ status: stored });
  });

  it('follows both of two changes that are made at the same time', async () => {
    const { transact, clock, stores } = database;
    const { recompute } = createEntitlements({ transact, entitlements: stores.entitlements, clock });
    const { accountId, membershipId } = await member();
    const revoked = transact(async (bound) => {
      await bound.memberships.advance(membershipId, 'active', 'revoked', { endedAt: clock.now() });
      await recompute(bound, accountId);
      // The other transaction gets as far as it can meanwhile.
      await setTimeout(300);
    });
    const verified = transact(async (bound) => {
      await bound.persons.verify(verifiedPerson(accountId, clock.now()));
      await setTimeout(100);
      await recompute(bound, accountId);
    });
    await Promise.all([revoked, verified]);
    expect(await stores.entitlements.status(accountId)).toMatchObject({ reasons: ['membership_revoked'] });
    expect((await stores.entitlements.status(accountId))?.status).not.toBe('eligible');
  });
});
