import type { AccountId, CompanyId } from '../core/ids.ts';
import type { CompanyStores } from './company-store.ts';

/**
 * A company is a fact of everybody who has, or had, to do with it: all of them are derived again, but for the one whom
 * the caller derives at its end.
 */
export async function deriveMembers<S extends CompanyStores>(
  stores: S,
  companyId: CompanyId,
  recompute: (stores: S, accountId: AccountId) => Promise<void>,
  caller?: AccountId,
): Promise<void> {
  const members = await stores.memberships.listByCompany(companyId);
  // In one order, so that two transactions wait for each other instead of each for the other's lock.
  const accounts = [...new Set(members.map(({ accountId }) => accountId))].sort();
  for (const accountId of accounts) if (accountId !== caller) await recompute(stores, accountId);
}
