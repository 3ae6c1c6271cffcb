import type { Clock } from '../core/clock.ts';
import type { CaseId, Ids, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { CaseReview, DecideResult, ReviewPart } from '../verification/index.ts';
import { isReasonFor, type ReasonCode } from './reasons.ts';
import { reviewRecordsKept, type QueueStores } from './review-queue.ts';
import type { Decision } from './review-store.ts';

/** What a reviewer chose on the case page. */
export type ReviewDecision = {
  readonly caseId: CaseId;
  readonly staffId: StaffId;
  /** Of the case as it was shown; a case that changed since is shown again first. */
  readonly version: number;
  readonly decision: 'approve' | 'resubmit' | 'reject';
  readonly reasons: readonly { readonly reason: ReasonCode; readonly step?: ReviewPart }[];
  readonly message: string | undefined;
  readonly note: string | undefined;
};

type Refused = Extract<DecideResult, { ok: false }>['reason'];

export type DecisionFailure =
  | Refused
  /** A reason that is not on the list for this decision or step. */
  | 'reason_unknown'
  /** The claim ended and nobody else took the case: claim it again and decide again. */
  | 'claim_expired'
  | 'held_by_other'
  /** The case is not the one that was shown. */
  | 'changed';

export type ReviewDecisions = {
  /**
   * Decides, records and releases the case in one transaction. Of parallel calls one succeeds; the others learn
   * `not_in_review`, with the decision that stands.
   */
  decide(
    input: ReviewDecision,
  ): Promise<Result<{ decision: Decision }, DecisionFailure> & { readonly standing?: Decision | undefined }>;
};

export type ReviewDecisionsDeps<S extends QueueStores> = {
  clock: Clock;
  ids: Ids;
  stores: S;
  transact: Transact<S>;
  cases: CaseReview<S>;
};

export function createReviewDecisions<S extends QueueStores>(deps: ReviewDecisionsDeps<S>): ReviewDecisions {
  const { clock, ids, stores, transact, cases } = deps;

  async function attempt(
    bound: S,
    input: ReviewDecision,
  ): Promise<Result<{ decision: Decision }, DecisionFailure>> {
    const { caseId, staffId, version, message, note } = input;
    const now = clock.now();
    // Ends the claim first: the row is locked until the commit, so that a parallel decision waits and then finds none.
    const held = await bound.claims.release(caseId, staffId, now);
    const found = await bound.cases.find(caseId);
    if (!found) return failed('not_found');
    if (found.state !== 'in_review') return failed('not_in_review');
    if (!held) return failed((await bound.claims.live(caseId, now)) ? 'held_by_other' : 'claim_expired');
    if (found.version !== version) return failed('changed');
    const decided = await cases.decideCase(bound, {
      caseId,
      staffId,
      decision: input.decision,
      reasons: input.reasons,
      ...(message === undefined ? {} : { message }),
    });
    if (!decided.ok) return decided;
    const decision: Decision = {
      id: ids.next('dec'),
      caseId,
      accountId: decided.accountId,
      companyId: found.companyId,
      staffId,
      kind: input.decision,
      reasons: input.reasons,
      message,
      note,
      occurredAt: now,
    };
    await bound.reviewLog.decide(decision, now + reviewRecordsKept);
    return ok({ decision });
  }

  return {
    async decide(input) {
      const { caseId, decision, reasons } = input;
      if (reasons.length === 0) return failed(decision === 'resubmit' ? 'steps_missing' : 'reasons_missing');
      if (!reasons.every(({ reason, step }) => isReasonFor(reason, decision, step))) {
        return failed('reason_unknown');
      }
      const result = await rolledBack(transact, (bound) => attempt(bound, input));
      if (result.ok || result.reason !== 'not_in_review') return result;
      return { ...result, standing: (await stores.reviewLog.decisionsOfCase(caseId)).at(-1) };
    },
  };
}

/** Runs `work` in a transaction that leaves nothing behind when the result is a failure. */
async function rolledBack<S, T extends { ok: boolean }>(
  transact: Transact<S>,
  work: (stores: S) => Promise<T>,
): Promise<T> {
  try {
    return await transact(async (stores) => {
      const result = await work(stores);
      if (!result.ok) throw new Rollback(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Rollback) return error.result as T;
    throw error;
  }
}

class Rollback extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('rolled back');
    this.result = result;
  }
}
