import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import { failed, ok, type Failed, type Result } from '../core/result.ts';
import { readCreditCode } from '../verification/index.ts';
import { declineReasons } from './administration.ts';
import {
  askingStates,
  standingStates,
  type Company,
  type Membership,
  type MembershipEvidence,
} from './company.ts';
import type { CompanyStores } from './company-store.ts';
import {
  acts,
  again,
  giveRole,
  hold,
  inCompany,
  keepsAdministrator,
  letAct,
  type MembersDeps,
} from './in-company.ts';
import { moveMembership } from './transitions.ts';
import { isOpenRequest, joinWays, type JoinWay, type Ways } from './ways.ts';

type Who = { readonly accountId: AccountId; readonly companyId: CompanyId };

/** Of a company that somebody looks for by its code, what the public register says of every company. */
export type JoinableCompany = { readonly id: CompanyId; readonly name: string; readonly creditCode: string };

type CodeProblem = Extract<ReturnType<typeof readCreditCode>, { ok: false }>;

export type RequestProblem =
  | CodeProblem
  /** `not_verified`: unknown here, or known and not standing; which of them is nobody's business. */
  | Failed<'not_verified' | 'already_member' | 'in_review' | 'too_many' | 'revoked'>
  | Failed<'too_soon', { readonly at: Instant }>;

export type Joining<S extends CompanyStores> = {
  /** The company with this code, if it can be joined. */
  findJoinable(
    creditCode: string,
  ): Promise<({ ok: true } & JoinableCompany) | CodeProblem | Failed<'not_verified'>>;
  /** Asks to act for a company that stands verified; to ask again while it is open changes nothing. */
  requestToJoin(
    accountId: AccountId,
    creditCode: string,
  ): Promise<{ ok: true; companyId: CompanyId } | RequestProblem>;
  /** The ways that can be gone at a company now. */
  offeredWays(companyId: CompanyId): Promise<JoinWay[]>;
  chooseEvidence(
    who: Who,
    way: JoinWay,
  ): Promise<Result<object, 'not_found' | 'not_requested' | 'not_offered'>>;
  /**
   * Somebody has shown by `evidence` that they may act, until then: within the transaction that keeps what showed it. Who
   * acts by the same evidence already acts for longer; a request that was closed meanwhile stays closed.
   */
  prove(
    stores: S,
    input: Who & {
      readonly evidence: Exclude<MembershipEvidence, 'administrator'>;
      readonly until?: Instant | undefined;
    },
  ): Promise<Result<object, 'not_found' | 'not_requested'>>;
  /** Companies that have no other lasting administrator than this one. */
  administersAlone(accountId: AccountId): Promise<Pick<Company, 'id' | 'name'>[]>;
  /** Ends one's own membership, or takes a request back. */
  leave(who: Who): Promise<Result<object, 'not_found' | 'not_member' | 'in_review' | 'last_administrator'>>;
  /** The first eligible recruiter of a company that never had an administrator. */
  becomeAdministrator(
    who: Who,
  ): Promise<Result<object, 'not_found' | 'not_member' | 'has_end' | 'not_eligible' | 'administered'>>;
};

/** Reasons of an end that somebody else gave. */
const refusals: readonly string[] = [...declineReasons, 'rejected'];

/** What keeps a member, eligible or not, from becoming the first administrator of a company. */
export function administratorBar(
  { administeredAt }: Pick<Company, 'administeredAt'>,
  members: readonly Membership[],
  own: Membership,
): 'not_member' | 'administered' | 'has_end' | undefined {
  if (!acts(own)) return 'not_member';
  if (administeredAt !== undefined || members.some(({ role }) => role === 'administrator'))
    return 'administered';
  return own.validUntil === undefined ? undefined : 'has_end';
}

/** What somebody does about their own place in a company. */
export function createJoining<S extends CompanyStores>(
  deps: MembersDeps<S> & { readonly ways: Ways<S> },
): Joining<S> {
  const { stores, transact, clock, policy, recompute, isEligible, ways } = deps;
  const own = (members: readonly Membership[], accountId: AccountId) =>
    members.find((member) => member.accountId === accountId);

  return {
    async findJoinable(creditCode) {
      const read = readCreditCode(creditCode);
      if (!read.ok) return read;
      const company = await stores.companies.findByCode(read.code);
      if (!company || !standingStates.includes(company.state)) return failed('not_verified');
      return ok({ id: company.id, name: company.name, creditCode: company.creditCode });
    },
    async requestToJoin(accountId, creditCode) {
      const read = readCreditCode(creditCode);
      if (!read.ok) return read;
      return transact(async (all) => {
        const found = await all.companies.findByCode(read.code);
        if (!found) return failed('not_verified');
        const answer = await hold(all, found.id, ({ bound, company, members }) =>
          standingStates.includes(company.state)
            ? request(bound, company.id, accountId, own(members, accountId))
            : Promise.resolve(failed('not_verified')),
        );
        return !answer.ok && answer.reason === 'not_found' ? failed('not_verified') : answer;
      });
    },
    async offeredWays(companyId) {
      const company = await stores.companies.find(companyId);
      if (!company) return [];
      const members = await stores.memberships.listByCompany(companyId);
      const wired = await Promise.all(
        joinWays.map(
          async (way) => ways[way] && (await ways[way].offered({ bound: stores, company, members })),
        ),
      );
      return joinWays.filter((_, at) => wired[at]);
    },
    chooseEvidence: ({ accountId, companyId }, way) =>
      inCompany(transact, companyId, async (held) => {
        const { bound, members } = held;
        const membership = own(members, accountId);
        if (!membership || !isOpenRequest(membership)) return failed('not_requested');
        const wired = ways[way];
        if (!wired || !(await wired.offered(held))) return failed('not_offered');
        if (wired.event && (await moveMembership(bound, membership, wired.event, accountId)))
          await recompute(bound, accountId);
        return ok();
      }),
    prove: (all, { accountId, companyId, evidence, until }) =>
      hold(all, companyId, async ({ bound, members }) => {
        const membership = own(members, accountId);
        if (!membership || !isProvable(membership, evidence)) return failed('not_requested');
        // What an administrator gave for longer is not taken back by a proof.
        if (acts(membership) && (membership.validUntil ?? Infinity) >= (until ?? Infinity)) return ok();
        await letAct(bound, membership, until, {
          actor: evidence === 'review' || evidence === 'authorisation_letter' ? 'staff' : accountId,
          now: clock.now(),
          policy,
          change: { evidence },
        });
        await recompute(bound, accountId);
        return ok();
      }),
    async administersAlone(accountId) {
      const alone: Pick<Company, 'id' | 'name'>[] = [];
      for (const { companyId } of await stores.memberships.listByAccount(accountId)) {
        const members = await stores.memberships.listByCompany(companyId);
        const membership = own(members, accountId);
        if (!membership || keepsAdministrator(members, membership)) continue;
        const company = await stores.companies.find(companyId);
        if (company) alone.push({ id: company.id, name: company.name });
      }
      return alone;
    },
    leave: ({ accountId, companyId }) =>
      inCompany(transact, companyId, async ({ bound, members }) => {
        const membership = own(members, accountId);
        if (!membership) return failed('not_member');
        // It is a case's to end: that one is withdrawn with its pictures, on its own page.
        if (membership.state === 'in_review') return failed('in_review');
        if (!keepsAdministrator(members, membership)) return failed('last_administrator');
        const change = { endedAt: clock.now(), endedReason: 'by_member' };
        if (!(await moveMembership(bound, membership, 'end', accountId, change))) return failed('not_member');
        await recompute(bound, accountId);
        return ok();
      }),
    becomeAdministrator: ({ accountId, companyId }) =>
      inCompany(transact, companyId, async (held) => {
        const { bound, company, members } = held;
        const membership = own(members, accountId);
        if (!membership) return failed('not_member');
        const bar = administratorBar(company, members, membership);
        if (bar) return failed(bar);
        if (!(await isEligible(bound, accountId, companyId))) return failed('not_eligible');
        await giveRole(held, membership, 'administrator', { actor: accountId, now: clock.now() });
        await recompute(bound, accountId);
        return ok();
      }),
  };

  async function request(
    bound: S,
    companyId: CompanyId,
    accountId: AccountId,
    before: Membership | undefined,
  ): Promise<{ ok: true; companyId: CompanyId } | RequestProblem> {
    if (before && acts(before)) return failed('already_member');
    if (before?.state === 'in_review') return failed('in_review');
    if (before && isOpenRequest(before)) return ok({ companyId });
    // What staff took away is given back by staff, who look at a new application.
    if (before?.state === 'revoked') return failed('revoked');
    const at = mayAskFrom(before);
    if (at !== undefined && at > clock.now()) return failed('too_soon', { at });
    const others = await bound.memberships.listByAccount(accountId);
    const open = others.filter((one) => one.companyId !== companyId && askingStates.includes(one.state));
    if (open.length >= policy.openRequests) return failed('too_many');
    await begin(bound, accountId, companyId, before);
    await recompute(bound, accountId);
    return ok({ companyId });
  }

  function mayAskFrom(before: Membership | undefined): Instant | undefined {
    if (before?.endedAt === undefined || before.state === 'lapsed') return undefined;
    const refused = before.state === 'removed' || refusals.includes(before.endedReason ?? '');
    return before.endedAt + policy.askAgainAfter[refused ? 'refused' : 'withdrawn'];
  }
}

/** A request, or a membership that this very evidence has to be shown for again. */
function isProvable(membership: Membership, evidence: MembershipEvidence): boolean {
  if (isOpenRequest(membership) || membership.state === 'in_review') return true;
  return membership.evidence === evidence && (acts(membership) || membership.state === 'lapsed');
}

/** A request at its beginning: somebody asked, and nothing shows yet that they may act. */
export async function begin(
  bound: CompanyStores,
  accountId: AccountId,
  companyId: CompanyId,
  before: Membership | undefined,
): Promise<Membership> {
  const membership = before ?? (await bound.memberships.ensure(accountId, companyId));
  if (!before) {
    const { id: membershipId } = membership;
    await bound.companyActivity.record({
      companyId,
      action: 'member_requested',
      actor: accountId,
      membershipId,
    });
  }
  await moveMembership(bound, membership, 'request', accountId);
  await moveMembership(bound, await again(bound, membership.id), 'ask_evidence', accountId);
  return again(bound, membership.id);
}
