import type { AccountId } from '../core/ids.ts';
import { advance } from '../core/machine.ts';
import type { ActivityAction, ActivityEntry } from './activity.ts';
import {
  actingStates,
  companyMachine,
  membershipMachine,
  type Company,
  type CompanyEvent,
  type CompanyState,
  type Membership,
  type MembershipEvent,
  type MembershipState,
} from './company.ts';
import type { CompanyChange, CompanyStores, MembershipChange } from './company-store.ts';

/** Who made a transition, for the company's record. */
export type Actor = ActivityEntry['actor'];

const ofCompany: { readonly [state in CompanyState]?: ActivityAction } = {
  verified: 'company_verified',
  due: 'company_due',
  lapsed: 'company_lapsed',
  rejected: 'company_rejected',
  revoked: 'company_revoked',
};

const ofMembership: { readonly [state in MembershipState]?: ActivityAction } = {
  requested: 'member_requested',
  active: 'member_activated',
  due: 'member_due',
  lapsed: 'member_lapsed',
  ended: 'member_left',
  removed: 'member_removed',
  revoked: 'member_revoked',
};

/** Moves a company where its machine and its state in the database allow that; its record and the event go along. */
export async function moveCompany(
  stores: CompanyStores,
  company: Company,
  event: CompanyEvent,
  actor: Actor,
  change: CompanyChange = {},
): Promise<boolean> {
  const to = advance(companyMachine, company.state, event);
  if (!to || !(await stores.companies.advance(company.id, company.state, to, change))) return false;
  const action = ofCompany[to];
  if (action && (to !== company.state || event === 'verify'))
    await stores.companyActivity.record({ companyId: company.id, action, actor });
  if (to === company.state) return true;
  await stores.events.append({
    type: 'company.status_changed',
    subject: company.id,
    payload: { companyId: company.id, from: company.state, to },
  });
  return true;
}

/** The same for a membership. Deriving the member's status again is the caller's, within the same transaction. */
export async function moveMembership(
  stores: CompanyStores,
  membership: Membership,
  event: MembershipEvent,
  actor: Actor,
  change: MembershipChange = {},
): Promise<boolean> {
  const { id, state: from, companyId, accountId } = membership;
  const to = advance(membershipMachine, from, event);
  if (!to || !(await stores.memberships.advance(id, from, to, { ...atTheStartOf(from, to), ...change })))
    return false;
  if (to === from) return true;
  // Links of an administrator who is none any more must not work again once they come back.
  if (membership.role === 'administrator' && !actingStates.includes(to))
    await stores.invitations.withdrawOf(companyId, accountId);
  await recordMove(stores, membership, event, to, actor, change);
  await stores.events.append({
    type: 'membership.status_changed',
    subject: accountId,
    payload: { membershipId: id, companyId, from, to },
  });
  return true;
}

/** What somebody was in a company, and until when, ends with it: who comes back is a recruiter like any other. */
function atTheStartOf(from: MembershipState, to: MembershipState): MembershipChange {
  if (actingStates.includes(to) || to === 'lapsed') {
    const returns = to === 'active' && !actingStates.includes(from);
    return returns ? { validUntil: null, nextChangeAt: null } : {};
  }
  return { role: 'recruiter', validUntil: null, nextChangeAt: null };
}

async function recordMove(
  stores: CompanyStores,
  { id, companyId }: Membership,
  event: MembershipEvent,
  to: MembershipState,
  actor: Actor | AccountId,
  { evidence, endedReason }: MembershipChange,
): Promise<void> {
  const action = event === 'decline' ? 'member_declined' : ofMembership[to];
  if (!action) return;
  const detail = to === 'active' ? evidence : endedReason;
  await stores.companyActivity.record({
    companyId,
    action,
    actor,
    membershipId: id,
    ...(detail === undefined ? {} : { detail }),
  });
}
