import type { AccountId, CompanyId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { PersonStore } from '../verification/index.ts';
import type { CompanyCheckKind } from './company-check.ts';
import type { CheckKey } from './company-check-store.ts';
import {
  actingStates,
  type Company,
  type CompanyState,
  type Membership,
  type MembershipState,
} from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { representativesOf } from './representatives.ts';

/** Why somebody who belongs to the company cannot hand this in now. */
export type CheckRefusal = 'not_administrator' | 'company_state' | 'membership_state' | 'person_unverified';

type Rule = {
  /** In the company's name by who represents it, or about somebody's own membership in these states. */
  readonly by: 'representative' | readonly MembershipState[];
  readonly company: readonly CompanyState[];
};

const verifiedOnce: readonly CompanyState[] = ['verified', 'due', 'lapsed'];

/** Who may hand in what, and when. */
const rules: { readonly [kind in CompanyCheckKind]: Rule } = {
  licence_renewal: { by: 'representative', company: verifiedOnce },
  commercial_licence: { by: 'representative', company: verifiedOnce },
  authorisation_letter: {
    by: ['evidence_pending', 'awaiting_admin', 'lapsed', 'active', 'due'],
    company: verifiedOnce,
  },
  micro_deposit: { by: ['evidence_pending', 'awaiting_admin', 'lapsed'], company: ['verified', 'due'] },
};

type Admitted = { readonly company: Company; readonly membership: Membership };

/** Whether the account may hand this in now; `not_found` for who has nothing to do with the company. */
export async function admit(
  stores: CompanyStores & { readonly persons: PersonStore },
  { companyId, accountId, kind }: CheckKey,
): Promise<Result<Admitted, 'not_found' | CheckRefusal>> {
  const found = await belongs(stores, companyId, accountId);
  if (!found) return failed('not_found');
  const { by, company } = rules[kind];
  if (by === 'representative') {
    if (!(await represents(stores, found.membership))) return failed('not_administrator');
  } else {
    if (!by.includes(found.membership.state)) return failed('membership_state');
    // A letter or a deposit shows that a certain person acts for the company: it has to be known who that is.
    const person = await stores.persons.find(accountId);
    if (person?.state !== 'verified' || !person.claims) return failed('person_unverified');
  }
  return company.includes(found.company.state) ? ok(found) : failed('company_state');
}

/** A company that nothing is accepted for any more. */
export const isOver = ({ state }: Company): boolean => state === 'rejected' || state === 'revoked';

const over: readonly MembershipState[] = ['ended', 'removed', 'revoked'];

/** The company and the membership, for who belongs to it or asked to. */
export async function belongs(
  { companies, memberships }: CompanyStores,
  companyId: CompanyId,
  accountId: AccountId,
): Promise<Admitted | undefined> {
  const membership = await memberships.findFor(accountId, companyId);
  if (!membership || over.includes(membership.state)) return undefined;
  const company = await companies.find(companyId);
  return company && { company, membership };
}

/** An administrator, or any acting member of a company that has none. */
export async function represents({ memberships }: CompanyStores, member: Membership): Promise<boolean> {
  if (!actingStates.includes(member.state)) return false;
  const speakers = representativesOf(await memberships.listByCompany(member.companyId));
  return speakers.some(({ id }) => id === member.id);
}
