import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, InvitationId } from '../core/ids.ts';
import { randomToken, type Random } from '../core/random.ts';
import { failed, ok, type Failed, type Result } from '../core/result.ts';
import { standingStates, type Company, type Membership, type MembershipRole } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import type { EndProblem } from './administration.ts';
import {
  acts,
  administratorOf,
  again,
  giveRole,
  hold,
  inCompany,
  letAct,
  type MembersDeps,
} from './in-company.ts';
import type { Invitation } from './invitation.ts';
import { begin } from './joining.ts';
import { isOpenRequest } from './ways.ts';

/** `void`: whoever made it is no administrator any more, and it was not withdrawn with their office. */
export type InvitationState = 'open' | 'accepted' | 'withdrawn' | 'expired' | 'void';

/** Why a link does not work; a link that was withdrawn, is void or never was is the same to who holds it. */
export type LinkProblem = 'not_valid' | 'expired' | 'used';

export type SeenInvitation = {
  readonly companyId: CompanyId;
  readonly companyName: string;
  readonly role: MembershipRole;
  readonly memberUntil: Instant | undefined;
  readonly expiresAt: Instant;
};

type Act = { readonly by: AccountId; readonly companyId: CompanyId };

export type Invitations = {
  /** Makes a link for one person. Its secret is told this once; 256 bits. */
  invite(
    input: Act & { readonly role: MembershipRole; readonly memberUntil?: Instant | undefined },
  ): Promise<
    Result<
      { readonly id: InvitationId; readonly secret: string; readonly expiresAt: Instant },
      'not_found' | 'not_allowed' | 'not_eligible' | 'too_many' | EndProblem
    >
  >;
  /** Newest first. */
  list(companyId: CompanyId): Promise<(Invitation & { readonly state: InvitationState })[]>;
  withdraw(
    input: Act & { readonly invitationId: InvitationId },
  ): Promise<Result<object, 'not_found' | 'not_allowed' | 'not_open'>>;
  /** What a link is for, to whoever holds it. */
  look(secret: string): Promise<Result<SeenInvitation, LinkProblem>>;
  /** Joins by a link; of two people one. Who joined by it already may follow it again. */
  accept(
    secret: string,
    accountId: AccountId,
  ): Promise<Result<{ readonly companyId: CompanyId }, LinkProblem | 'already_member' | 'revoked'>>;
};

/** Links by which an administrator lets somebody in beforehand. */
export function createInvitations<S extends CompanyStores>(
  deps: Omit<MembersDeps<S>, 'isVerified'> & { readonly random: Random },
): Invitations {
  const { stores, transact, clock, policy, random, recompute, isEligible } = deps;

  const stateOf = (invitation: Invitation, members: readonly Membership[]): InvitationState => {
    if (invitation.acceptedAt !== undefined) return 'accepted';
    if (invitation.withdrawnAt !== undefined) return 'withdrawn';
    const { expiresAt, memberUntil = Infinity } = invitation;
    if (Math.min(expiresAt, memberUntil) <= clock.now()) return 'expired';
    return administratorOf(members, invitation.invitedBy) ? 'open' : 'void';
  };

  const problemOf = (state: InvitationState, company: Company): LinkProblem | undefined => {
    if (state === 'accepted') return 'used';
    if (state === 'expired') return 'expired';
    return state === 'open' && standingStates.includes(company.state) ? undefined : 'not_valid';
  };

  return {
    invite: ({ by, companyId, role, memberUntil }) =>
      inCompany(transact, companyId, async ({ bound, members }) => {
        const now = clock.now();
        if (!administratorOf(members, by)) return failed('not_allowed');
        if (!(await isEligible(bound, by, companyId))) return failed('not_eligible');
        if (memberUntil !== undefined && memberUntil <= now) return failed('past');
        if (memberUntil !== undefined && memberUntil > now + policy.memberLongest) return failed('too_far');
        const made = await bound.invitations.listByCompany(companyId);
        if (made.filter((one) => stateOf(one, members) === 'open').length >= policy.openInvitations)
          return failed('too_many');
        const secret = randomToken(random);
        const expiresAt = now + policy.invitationLifetime;
        const invitation = { companyId, role, invitedBy: by, memberUntil, createdAt: now, expiresAt };
        const id = await bound.invitations.add(invitation, secret);
        const record = { companyId, action: 'invitation_made', actor: by, detail: role } as const;
        await bound.companyActivity.record(record);
        return ok({ id, secret, expiresAt });
      }),
    async list(companyId) {
      const members = await stores.memberships.listByCompany(companyId);
      const made = await stores.invitations.listByCompany(companyId);
      return made.map((invitation) => ({ ...invitation, state: stateOf(invitation, members) }));
    },
    withdraw: ({ by, companyId, invitationId }) =>
      inCompany(transact, companyId, async ({ bound, members }) => {
        if (!administratorOf(members, by)) return failed('not_allowed');
        const invitation = await bound.invitations.find(invitationId);
        if (invitation?.companyId !== companyId) return failed('not_found');
        if (!(await bound.invitations.withdraw(invitationId, clock.now()))) return failed('not_open');
        await bound.companyActivity.record({ companyId, action: 'invitation_withdrawn', actor: by });
        return ok();
      }),
    async look(secret) {
      const invitation = await stores.invitations.findBySecret(secret);
      const company = invitation && (await stores.companies.find(invitation.companyId));
      if (!invitation || !company) return failed('not_valid');
      const members = await stores.memberships.listByCompany(company.id);
      const problem = problemOf(stateOf(invitation, members), company);
      if (problem) return failed(problem);
      const { role, memberUntil, expiresAt } = invitation;
      return ok({ companyId: company.id, companyName: company.name, role, memberUntil, expiresAt });
    },
    accept: (secret, accountId) =>
      transact(async (all) => {
        const known = await all.invitations.findBySecret(secret);
        if (!known) return failed('not_valid');
        const answer = await hold(all, known.companyId, async (held) => {
          const { bound, company, members } = held;
          const invitation = (await bound.invitations.find(known.id)) ?? known;
          const before = members.find((member) => member.accountId === accountId);
          if (before && acts(before)) {
            if (invitation.acceptedBy === accountId) return ok({ companyId: company.id });
            return failed('already_member');
          }
          const problem = problemOf(stateOf(invitation, members), company);
          if (problem) return failed(problem);
          // What staff took away is given back by staff, who look at a new application.
          if (before?.state === 'revoked') return failed('revoked');
          if (!(await bound.invitations.accept(invitation.id, accountId, clock.now()))) return failed('used');
          const asking = await asked(bound, accountId, company, before);
          await letAct(bound, asking, invitation.memberUntil, {
            actor: accountId,
            now: clock.now(),
            policy,
            change: { evidence: 'administrator' },
          });
          if (invitation.role === 'administrator')
            await giveRole(held, await again(bound, asking.id), 'administrator', {
              actor: invitation.invitedBy,
              now: clock.now(),
            });
          await recompute(bound, accountId);
          return ok({ companyId: company.id });
        });
        return isGone(answer) ? failed('not_valid') : answer;
      }),
  };

  /** A membership that can become active: as it stands, or as a request. */
  function asked(
    bound: S,
    accountId: AccountId,
    { id }: Company,
    before: Membership | undefined,
  ): Promise<Membership> | Membership {
    const ready =
      before && (isOpenRequest(before) || before.state === 'in_review' || before.state === 'lapsed');
    return ready ? before : begin(bound, accountId, id, before);
  }
}

function isGone<T extends { ok: boolean }>(answer: T | Failed<'not_found'>): answer is Failed<'not_found'> {
  return !answer.ok && 'reason' in answer && answer.reason === 'not_found';
}
