import { createAdministration, type Administration } from './administration.ts';
import type { CompanyStores } from './company-store.ts';
import type { MembersDeps } from './in-company.ts';
import { createJoining, type Joining } from './joining.ts';
import { askAdministrator, type Ways } from './ways.ts';

export type Members<S extends CompanyStores> = Joining<S> & Administration<S>;

/**
 * Who acts for a company. Every change runs alone in its company, in one transaction with the member's state, the
 * company's record, the event and the recruiter status. A company that has an administrator keeps one: only time or
 * staff can take the last one away.
 */
export function createMembers<S extends CompanyStores>(
  deps: MembersDeps<S> & { readonly ways?: Omit<Ways<S>, 'administrator'> },
): Members<S> {
  const ways: Ways<S> = { ...deps.ways, administrator: askAdministrator };
  return { ...createJoining({ ...deps, ways }), ...createAdministration(deps) };
}
