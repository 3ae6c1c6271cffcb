import type { App } from '../../src/app.ts';
import { days, type Instant } from '../../src/core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';
import { creditCode } from './specimens.ts';

/** Writes what an approved verification leaves behind and recomputes, in one transaction, as a decision does. */
export async function makeEligible(
  app: App,
  accountId: AccountId,
  { role = 'recruiter', level = 'rn2' }: { role?: 'recruiter' | 'administrator'; level?: 'rn1' | 'rn2' } = {},
): Promise<CompanyId> {
  const { handle } = app.database;
  const { knex, ids, clock, vault } = handle;
  const now = clock.now();
  const place = { table: 'person_verifications', column: 'claims', row: accountId };
  await knex('person_verifications').insert({
    account_id: accountId,
    state: 'verified',
    level,
    method: 'face',
    claims: await vault.seal(accountId, place, '{}'),
    verified_at: now,
    valid_until: now + days(3650),
    case_id: ids.next('cas'),
  });
  return (await joinCompany(app, accountId, { role })).id;
}

export type Joined = { readonly id: CompanyId; readonly code: string; readonly membershipId: MembershipId };

/** Makes somebody act for one more company, verified `since` (by default now), and recomputes. */
export async function joinCompany(
  app: App,
  accountId: AccountId,
  over: {
    role?: 'recruiter' | 'administrator';
    name?: string;
    code?: string;
    validUntil?: Instant;
    since?: Instant;
  } = {},
): Promise<Joined> {
  const { role = 'recruiter', name = '示例科技有限公司', code = creditCode(), validUntil, since } = over;
  const now = app.database.handle.clock.now();
  const { company, membershipId } = await app.database.transact(async ({ companies, memberships }) => {
    const company = await companies.ensure(code, name);
    await companies.advance(company.id, company.state, 'verified', {
      verifiedAt: since ?? now,
      recheckAt: (since ?? now) + days(180),
      ...(since === undefined ? {} : { nextChangeAt: since }),
    });
    const { id } = await memberships.ensure(accountId, company.id);
    await memberships.advance(id, 'requested', 'active', {
      role,
      activatedAt: now,
      ...(validUntil === undefined ? {} : { validUntil }),
    });
    return { company, membershipId: id };
  });
  await recompute(app, accountId);
  return { id: company.id, code, membershipId };
}

/** Ends a membership as its holder, the company or a reviewer does. */
export async function leaveCompany(
  app: App,
  accountId: AccountId,
  { membershipId }: Joined,
  how: 'ended' | 'removed' | 'revoked' = 'ended',
): Promise<void> {
  await app.database.transact(async (stores) => {
    await stores.memberships.advance(membershipId, 'active', how, {
      endedAt: app.database.handle.clock.now(),
    });
    await app.entitlements.recompute(stores, accountId);
  });
}

async function recompute(app: App, accountId: AccountId): Promise<void> {
  await app.database.transact((stores) => app.entitlements.recompute(stores, accountId));
}

/** Takes the verification back, as a revoking reviewer does. */
export async function revokePerson(app: App, accountId: AccountId): Promise<void> {
  await app.database.handle
    .knex('person_verifications')
    .where({ account_id: accountId })
    .update({ state: 'revoked' });
  await recompute(app, accountId);
}
