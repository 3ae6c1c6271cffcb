import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../core/ids.ts';
import { failed, ok, type Failed, type Result } from '../core/result.ts';
import type { Membership, MembershipRole } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import {
  acts,
  again,
  administers,
  administratorOf,
  giveRole,
  hold,
  inCompany,
  keepsAdministrator,
  letAct,
  type Held,
  type MembersDeps,
} from './in-company.ts';
import { moveMembership } from './transitions.ts';

/** Why an administrator lets nobody in, or no longer; the person reads it. */
export const declineReasons = ['not_known', 'not_recruiting_here', 'ask_otherwise'] as const;
export type DeclineReason = (typeof declineReasons)[number];
export const removeReasons = ['left_the_company', 'not_recruiting_here', 'by_mistake'] as const;
export type RemoveReason = (typeof removeReasons)[number];

/** What an administrator does to whom, in which of their companies. */
export type AdministratorAct = {
  readonly by: AccountId;
  readonly companyId: CompanyId;
  readonly membershipId: MembershipId;
};

/** `not_allowed`: who acts is no administrator any more. `stale`: the member is not as the form showed them. */
type Refused = 'not_found' | 'not_allowed';

export type Administration<S extends CompanyStores> = {
  /** Lets in who asked an administrator; only whom it was verified who they are. */
  approve(
    act: AdministratorAct,
  ): Promise<Result<object, Refused | 'not_pending' | 'not_eligible' | 'person_unverified'>>;
  decline(
    act: AdministratorAct & { readonly reason: DeclineReason },
  ): Promise<Result<object, Refused | 'not_pending'>>;
  remove(
    act: AdministratorAct & { readonly reason: RemoveReason },
  ): Promise<Result<object, Refused | 'not_member' | 'own_membership' | 'last_administrator'>>;
  setRole(
    act: AdministratorAct & { readonly role: MembershipRole; readonly seen: string },
  ): Promise<Result<object, Refused | 'not_member' | 'not_eligible' | 'last_administrator' | 'stale'>>;
  /** Says when a membership lapses, or that it does not; one that lapsed begins again. */
  setEndDate(
    act: AdministratorAct & { readonly until: Instant | undefined; readonly seen: string },
  ): Promise<
    Result<object, Refused | 'not_member' | 'not_eligible' | 'last_administrator' | 'stale' | EndProblem>
  >;
  /** Makes somebody else administrator in one's own place. */
  handOver(
    act: AdministratorAct,
  ): Promise<Result<object, Refused | 'not_member' | 'own_membership' | 'not_eligible' | 'has_end'>>;
  /** What staff decide for a company that has no acting administrator, within their transaction. */
  appointAdministrator(
    stores: S,
    input: { readonly membershipId: MembershipId },
  ): Promise<Result<object, 'not_found' | 'not_member' | 'not_eligible' | 'has_administrator'>>;
};

export type EndProblem = 'past' | 'too_far';

/** What a form of an administrator was filled in upon; it is refused once the member is something else. */
export const seenOf = ({ state, role, validUntil }: Membership): string =>
  [state, role, validUntil ?? ''].join('.');

/** What the administrators of a company do to its members. */
export function createAdministration<S extends CompanyStores>(deps: MembersDeps<S>): Administration<S> {
  const { transact, clock, policy, recompute, isEligible, isVerified } = deps;
  const terms = (by: AccountId) => ({ actor: by, now: clock.now(), policy });

  /** Runs an act of an administrator, who is one while it runs. */
  function administer<T>(
    { by, companyId, membershipId }: AdministratorAct,
    work: (held: Held<S>, target: Membership, own: Membership) => Promise<T>,
  ): Promise<T | Failed<Refused>> {
    return inCompany(transact, companyId, async (held) => {
      const own = administratorOf(held.members, by);
      if (!own) return failed('not_allowed');
      const target = held.members.find(({ id }) => id === membershipId);
      return target ? work(held, target, own) : failed('not_found');
    });
  }

  return {
    approve: (act) =>
      administer(act, async ({ bound, company }, target) => {
        if (target.state !== 'awaiting_admin') return failed('not_pending');
        if (!(await isEligible(bound, act.by, company.id))) return failed('not_eligible');
        if (!(await isVerified(bound, target.accountId))) return failed('person_unverified');
        await letAct(bound, target, undefined, { ...terms(act.by), change: { evidence: 'administrator' } });
        await recompute(bound, target.accountId);
        return ok();
      }),
    decline: (act) =>
      administer(act, async ({ bound }, target) => {
        const change = { endedAt: clock.now(), endedReason: act.reason };
        if (!(await moveMembership(bound, target, 'decline', act.by, change))) return failed('not_pending');
        await recompute(bound, target.accountId);
        return ok();
      }),
    remove: (act) =>
      administer(act, async ({ bound, members }, target, own) => {
        if (target.id === own.id) return failed('own_membership');
        if (!keepsAdministrator(members, target)) return failed('last_administrator');
        const change = { endedAt: clock.now(), endedReason: act.reason };
        if (!(await moveMembership(bound, target, 'remove', act.by, change))) return failed('not_member');
        await recompute(bound, target.accountId);
        return ok();
      }),
    setRole: (act) =>
      administer(act, async (held, target) => {
        const { bound, company, members } = held;
        if (!acts(target)) return failed('not_member');
        if (seenOf(target) !== act.seen) return failed('stale');
        if (target.role === act.role) return ok();
        if (act.role === 'recruiter') {
          if (!keepsAdministrator(members, target)) return failed('last_administrator');
        } else if (!(await isEligible(bound, act.by, company.id))) return failed('not_eligible');
        await giveRole(held, target, act.role, terms(act.by));
        await recompute(bound, target.accountId);
        return ok();
      }),
    setEndDate: (act) =>
      administer(act, async ({ bound, company, members }, target) => {
        const { until } = act;
        const now = clock.now();
        if (!acts(target) && target.state !== 'lapsed') return failed('not_member');
        if (seenOf(target) !== act.seen) return failed('stale');
        if (until !== undefined && until <= now) return failed('past');
        if (until !== undefined && until > now + policy.memberLongest) return failed('too_far');
        if (until === target.validUntil && acts(target)) return ok();
        if (until !== undefined && !keepsAdministrator(members, target)) return failed('last_administrator');
        const longer = until === undefined || until > (target.validUntil ?? Infinity);
        if (longer && !(await isEligible(bound, act.by, company.id))) return failed('not_eligible');
        // A membership that lapsed begins again by what the administrator says.
        const change = acts(target) ? {} : { evidence: 'administrator' as const };
        await letAct(bound, target, until, { ...terms(act.by), change });
        await bound.companyActivity.record({
          companyId: company.id,
          action: 'end_date_changed',
          actor: act.by,
          membershipId: target.id,
        });
        await recompute(bound, target.accountId);
        return ok();
      }),
    handOver: (act) =>
      administer(act, async (held, target, own) => {
        const { bound, company } = held;
        if (target.id === own.id) return failed('own_membership');
        if (!acts(target)) return failed('not_member');
        if (target.validUntil !== undefined) return failed('has_end');
        if (!(await isEligible(bound, target.accountId, company.id))) return failed('not_eligible');
        if (target.role !== 'administrator') await giveRole(held, target, 'administrator', terms(act.by));
        await giveRole(held, own, 'recruiter', terms(act.by));
        for (const accountId of [target.accountId, own.accountId].sort()) await recompute(bound, accountId);
        return ok();
      }),
    async appointAdministrator(stores, { membershipId }) {
      const found = await stores.memberships.find(membershipId);
      if (!found) return failed('not_found');
      return hold(stores, found.companyId, async (held) => {
        const { bound, company, members } = held;
        const target = members.find(({ id }) => id === membershipId);
        if (!target || !acts(target)) return failed('not_member');
        if (members.some(administers)) return failed('has_administrator');
        if (!(await isEligible(bound, target.accountId, company.id))) return failed('not_eligible');
        const now = clock.now();
        // Time must not leave the company without one again.
        await letAct(bound, target, undefined, { actor: 'staff', now, policy });
        await giveRole(held, await again(bound, target.id), 'administrator', { actor: 'staff', now });
        await recompute(bound, target.accountId);
        return ok();
      });
    },
  };
}
