import type { App } from '../../src/app.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
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
  const companyId = ids.next('com');
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
  await knex('companies').insert({
    id: companyId,
    credit_code: creditCode(),
    name: '示例科技有限公司',
    state: 'verified',
    verified_at: now,
    recheck_at: now + days(180),
    created_at: now,
    updated_at: now,
  });
  await knex('memberships').insert({
    id: ids.next('mem'),
    account_id: accountId,
    company_id: companyId,
    role,
    state: 'active',
    activated_at: now,
    created_at: now,
    updated_at: now,
  });
  await app.database.transact((stores) => app.entitlements.recompute(stores, accountId));
  return companyId;
}

/** Takes the verification back, as a revoking reviewer does. */
export async function revokePerson(app: App, accountId: AccountId): Promise<void> {
  await app.database.handle
    .knex('person_verifications')
    .where({ account_id: accountId })
    .update({ state: 'revoked' });
  await app.database.transact((stores) => app.entitlements.recompute(stores, accountId));
}
