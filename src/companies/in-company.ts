import type { Clock, Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../core/ids.ts';
import { failed, type Failed } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { actingStates, type Company, type Membership, type MembershipRole } from './company.ts';
import type { CompanyStores, MembershipChange } from './company-store.ts';
import type { CompanyPolicy } from './policy.ts';
import { scheduleOf, type Schedule } from './schedule.ts';
import { moveMembership, type Actor } from './transitions.ts';

export type MembersDeps<S extends CompanyStores> = {
  /** For reading outside any transaction. */
  readonly stores: S;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly policy: CompanyPolicy;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
  /** Whether somebody may recruit for this company now. */
  readonly isEligible: (stores: S, accountId: AccountId, companyId: CompanyId) => Promise<boolean>;
  /** Whether it was verified who somebody is, and still holds. */
  readonly isVerified: (stores: S, accountId: AccountId) => Promise<boolean>;
};

/** A company and its members as they stand while nobody else changes them. */
export type Held<S extends CompanyStores> = {
  readonly bound: S;
  readonly company: Company;
  readonly members: readonly Membership[];
};

/** Runs one change of a company's members at a time, in a transaction of its own. */
export function inCompany<S extends CompanyStores, T>(
  transact: Transact<S>,
  companyId: CompanyId,
  work: (held: Held<S>) => Promise<T>,
): Promise<T | Failed<'not_found'>> {
  return transact((bound) => hold(bound, companyId, work));
}

/** The same within the caller's transaction. */
export async function hold<S extends CompanyStores, T>(
  bound: S,
  companyId: CompanyId,
  work: (held: Held<S>) => Promise<T>,
): Promise<T | Failed<'not_found'>> {
  await bound.companies.lock(companyId);
  const company = await bound.companies.find(companyId);
  if (!company) return failed('not_found');
  return work({ bound, company, members: await bound.memberships.listByCompany(companyId) });
}

export const acts = ({ state }: Membership): boolean => actingStates.includes(state);

export const administers = (membership: Membership): boolean =>
  membership.role === 'administrator' && acts(membership);

/** The acting administrator that an account is, if it is one. */
export function administratorOf(
  members: readonly Membership[],
  accountId: AccountId,
): Membership | undefined {
  return members.find((member) => member.accountId === accountId && administers(member));
}

/**
 * Whether the company keeps an administrator without `leaving`. One whose membership has an end is none to rely on: time
 * would leave the company without.
 */
export function keepsAdministrator(members: readonly Membership[], leaving: Membership): boolean {
  if (!administers(leaving)) return true;
  return members.some(
    (member) => member.id !== leaving.id && administers(member) && member.validUntil === undefined,
  );
}

/** Where a membership with this end stands now. */
export function memberSchedule(
  until: Instant | undefined,
  now: Instant,
  { memberDueBefore }: CompanyPolicy,
): Schedule {
  return scheduleOf(until, now, { dueBefore: memberDueBefore, remindBefore: [] });
}

/**
 * Lets somebody act for the company until `until`, from any state but those that a request has to lead out of; what it
 * rests on and what they are stays, unless `change` says so.
 */
export async function letAct(
  bound: CompanyStores,
  membership: Membership,
  until: Instant | undefined,
  { actor, now, policy, change = {} }: ActingTerms,
): Promise<void> {
  const { state, nextChangeAt = null } = memberSchedule(until, now, policy);
  const term = { validUntil: until ?? null, nextChangeAt, ...change };
  const wanted = state === 'due' ? 'due' : 'active';
  if (membership.state === wanted) {
    await bound.memberships.advance(membership.id, wanted, wanted, term);
    return;
  }
  if (membership.state !== 'active') {
    const since = acts(membership) ? {} : { activatedAt: now };
    await moveMembership(bound, membership, 'activate', actor, { ...term, ...since });
  }
  if (wanted === 'due')
    await moveMembership(bound, await again(bound, membership.id), 'fall_due', 'system', term);
}

export type ActingTerms = {
  readonly actor: Actor;
  readonly now: Instant;
  readonly policy: CompanyPolicy;
  readonly change?: MembershipChange;
};

/** Makes somebody administrator or recruiter; the company's record says so. */
export async function giveRole(
  { bound, company }: Pick<Held<CompanyStores>, 'bound' | 'company'>,
  { id, accountId, state }: Membership,
  role: MembershipRole,
  { actor, now }: { actor: Actor; now: Instant },
): Promise<void> {
  await bound.memberships.advance(id, state, state, { role });
  if (role === 'recruiter') await bound.invitations.withdrawOf(company.id, accountId);
  if (role === 'administrator' && company.administeredAt === undefined)
    await bound.companies.advance(company.id, company.state, company.state, { administeredAt: now });
  await bound.companyActivity.record({
    companyId: company.id,
    action: 'role_changed',
    actor,
    membershipId: id,
    detail: role,
  });
}

/** A membership as it is after what was just done to it. */
export async function again(bound: CompanyStores, id: MembershipId): Promise<Membership> {
  const membership = await bound.memberships.find(id);
  if (!membership) throw new Error('a membership vanished within its own transaction');
  return membership;
}
