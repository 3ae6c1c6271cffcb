import type { Clock } from '../core/clock.ts';
import type { CaseId, Ids, OpinionId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type {
  CaseReview,
  DecideResult,
  PersonStore,
  ReviewPart,
  VerificationCase,
} from '../verification/index.ts';
import type { ReviewPolicy } from './policy.ts';
import { isReasonAbout, isReasonFor, type ReasonCode } from './reasons.ts';
import { reviewRecordsKept, type QueueStores } from './review-queue.ts';
import type { Decision, Opinion, OpinionKind } from './review-store.ts';
import { rolledBack } from './rolled-back.ts';
import { drawOf, isAbout, settle } from './second-look.ts';

type Reviewed = {
  readonly caseId: CaseId;
  readonly staffId: StaffId;
  /** Of the case as it was shown; a case that changed since is shown again first. */
  readonly version: number;
  readonly note: string | undefined;
};

type Wanted = {
  readonly decision: OpinionKind;
  readonly reasons: readonly { readonly reason: ReasonCode; readonly step?: ReviewPart }[];
  readonly message: string | undefined;
};

/** What a reviewer chose on the case page. */
export type ReviewDecision = Reviewed & Wanted;

/** Wanting what somebody wanted before, with their reasons and their message. */
export type ReviewAgreement = Reviewed & { readonly agreesWith: OpinionId };

type Refused = Extract<DecideResult, { ok: false }>['reason'];

export type DecisionFailure =
  | Refused
  /** A reason that is not on the list for this decision or step. */
  | 'reason_unknown'
  /** The claim ended and nobody else took the case: claim it again and decide again. */
  | 'claim_expired'
  | 'held_by_other'
  /** The case is not the one that was shown. */
  | 'changed'
  /** This person's opinion is stored and waits for another's. */
  | 'own_opinion'
  /** Agreeing with an opinion before it was looked at. */
  | 'opinion_not_seen'
  | 'conflict_of_interest'
  | 'took_part';

/** `waiting`: another person has to want the same first. */
export type DecisionOutcome =
  | { readonly outcome: 'decided'; readonly decision: Decision }
  | { readonly outcome: 'waiting'; readonly opinion: Opinion };

export type DecisionResult = Result<DecisionOutcome, DecisionFailure> & {
  /** What stands when the case was decided by another, or by this person a moment ago. */
  readonly standing?: Decision | undefined;
};

export type ReviewDecisions = {
  /**
   * Decides, records and releases the case in one transaction, or stores the opinion when the policy asks for a
   * second. Of parallel calls one succeeds; the others learn `not_in_review`, with the decision that stands.
   */
  decide(input: ReviewDecision): Promise<DecisionResult>;
  /** As {@link decide}, with what an earlier reviewer wanted; both are recorded. */
  agree(input: ReviewAgreement): Promise<DecisionResult>;
};

type DecisionStores = QueueStores & { readonly persons: PersonStore };

export type ReviewDecisionsDeps<S extends DecisionStores> = {
  clock: Clock;
  ids: Ids;
  stores: S;
  transact: Transact<S>;
  cases: CaseReview<S>;
  policy: ReviewPolicy;
  /** Draws the approvals that a second person looks at. */
  drawKey: Buffer;
};

export function createReviewDecisions<S extends DecisionStores>(
  deps: ReviewDecisionsDeps<S>,
): ReviewDecisions {
  const { clock, ids, stores, transact, cases, policy, drawKey } = deps;

  /** The case, for the one who holds it and may decide it; the claim is ended. */
  async function take(
    bound: S,
    { caseId, staffId, version }: Reviewed,
  ): Promise<Result<{ found: VerificationCase; opinions: Opinion[]; since: number }, DecisionFailure>> {
    const now = clock.now();
    const claim = await bound.claims.live(caseId, now);
    // Ends the claim first: the row is locked until the commit, so that a parallel decision waits and then finds none.
    const held = await bound.claims.release(caseId, staffId, now);
    const found = await bound.cases.find(caseId);
    if (!found) return failed('not_found');
    if (found.state !== 'in_review') return failed('not_in_review');
    const bar = await bound.claims.bar(caseId, staffId);
    if (bar) return failed(bar);
    if (!held || !claim) {
      return failed((await bound.claims.live(caseId, now)) ? 'held_by_other' : 'claim_expired');
    }
    if (found.version !== version) return failed('changed');
    const opinions = await bound.opinions.ofCase(caseId);
    return ok({ found, opinions: opinions.filter(isAbout(found)), since: claim.claimedAt });
  }

  async function attempt(
    bound: S,
    input: Reviewed,
    choose: (
      opinions: readonly Opinion[],
      since: number,
    ) => Promise<Result<{ wanted: Wanted }, DecisionFailure>>,
  ): Promise<Result<DecisionOutcome, DecisionFailure>> {
    const taken = await take(bound, input);
    if (!taken.ok) return taken;
    const { found, opinions, since } = taken;
    const chosen = await choose(opinions, since);
    if (!chosen.ok) return chosen;
    const { decision: kind, reasons, message } = chosen.wanted;
    if (!reasons.every(({ reason }) => isReasonAbout(reason, found.scope))) return failed('reason_unknown');
    const { staffId, note } = input;
    const question = {
      machineRefused: (found.verdict?.verdict as string | undefined) === 'reject',
      draw: drawOf(drawKey, found.id),
    };
    const settlement = settle({ staffId, kind }, opinions, question, policy);
    const record = {
      caseId: found.id,
      accountId: found.accountId,
      staffId,
      kind,
      reasons,
      message,
      note,
      policyVersion: policy.version,
      occurredAt: clock.now(),
    };
    const keptUntil = record.occurredAt + reviewRecordsKept;
    if (!settlement.settled) {
      const refusal = await refuseAhead(bound, found, kind);
      if (refusal) return failed(refusal);
      const opinion: Opinion = {
        ...record,
        id: ids.next('opn'),
        caseVersion: found.version,
        cause: settlement.cause,
      };
      if (!(await bound.opinions.give(opinion, keptUntil))) return failed('own_opinion');
      return ok({ outcome: 'waiting', opinion });
    }
    const decided = await cases.decideCase(bound, {
      caseId: found.id,
      staffId,
      decision: kind,
      reasons,
      ...(message === undefined ? {} : { message }),
    });
    if (!decided.ok) return decided;
    const { companyId } = found;
    const decision: Decision = { ...record, id: ids.next('dec'), companyId, firstStaffId: settlement.first };
    await bound.reviewLog.decide(decision, keptUntil);
    return ok({ outcome: 'decided', decision });
  }

  async function run(
    input: Reviewed,
    choose: (
      bound: S,
      opinions: readonly Opinion[],
      since: number,
    ) => Promise<Result<{ wanted: Wanted }, DecisionFailure>>,
  ): Promise<DecisionResult> {
    const result = await rolledBack(transact, (bound) =>
      attempt(bound, input, (opinions, since) => choose(bound, opinions, since)),
    );
    if (result.ok || result.reason !== 'not_in_review') return result;
    return { ...result, standing: (await stores.reviewLog.decisionsOfCase(input.caseId)).at(-1) };
  }

  return {
    async decide(input) {
      const { decision, reasons } = input;
      if (reasons.length === 0) return failed(decision === 'resubmit' ? 'steps_missing' : 'reasons_missing');
      if (!reasons.every(({ reason, step }) => isReasonFor(reason, decision, step))) {
        return failed('reason_unknown');
      }
      return run(input, async () => ok({ wanted: input }));
    },
    agree: (input) =>
      run(input, async (bound, opinions, since) => {
        const opinion = opinions.find(({ id }) => id === input.agreesWith);
        if (!opinion) return failed('changed');
        if (!(await hasSeenOpinions(bound, input, since))) return failed('opinion_not_seen');
        const { kind: decision, reasons, message } = opinion;
        return ok({ wanted: { decision, reasons: reasons as Wanted['reasons'], message } });
      }),
  };
}

/** What would make the decision impossible anyway; better known now than to the next reviewer. */
async function refuseAhead(
  bound: { readonly persons: PersonStore },
  { accountId, answers }: VerificationCase,
  kind: OpinionKind,
): Promise<DecisionFailure | undefined> {
  if (kind !== 'approve' || !answers.person) return undefined;
  return (await bound.persons.isTaken(accountId, answers.person.document.number))
    ? 'identity_taken'
    : undefined;
}

async function hasSeenOpinions(
  bound: QueueStores,
  { caseId, staffId }: Reviewed,
  since: number,
): Promise<boolean> {
  const views = await bound.reviewLog.viewsSince(caseId, staffId, since);
  return views.some(({ what }) => what === 'opinion');
}
