import { auditKept } from '../audit/index.ts';
import { minutes, type Clock } from '../core/clock.ts';
import type { AccountId, CaseId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { CaseStore } from '../verification/index.ts';
import type {
  Bar,
  Claim,
  ClaimStore,
  OpinionStore,
  QueuedCase,
  QueueFilter,
  ReviewLog,
} from './review-store.ts';

/** A claim ends after this long without a look at the case, so that a case left behind comes back to the queue. */
export const claimLifetime = minutes(30);

/** How many cases one person can hold at a time. */
export const claimsPerStaff = 5;

/** What was decided and looked at is kept as long as the audit log tells of it. */
export const reviewRecordsKept = auditKept;

const shownCases = 200;

export type QueueStores = {
  readonly claims: ClaimStore;
  readonly reviewLog: ReviewLog;
  readonly opinions: OpinionStore;
  readonly cases: CaseStore;
};

export type ClaimFailure = 'held_by_other' | 'not_in_review' | 'too_many_claims' | Bar;

export type ReviewQueue = {
  /** The cases that wait for a person, as this one sees them. */
  list(
    staffId: StaffId,
    filter?: QueueFilter,
  ): Promise<{ cases: QueuedCase[]; waiting: number; claimed: number }>;
  /** Takes a case; again for the one who holds it already. */
  claim(caseId: CaseId, staffId: StaffId): Promise<Result<{ claim: Claim }, ClaimFailure>>;
  /** Takes the first case that is free and not barred; another one than `except` where there is one. */
  claimNext(
    staffId: StaffId,
    except?: CaseId,
  ): Promise<Result<{ claim: Claim }, 'queue_empty' | 'too_many_claims'>>;
  isHeldBy(caseId: CaseId, staffId: StaffId): Promise<boolean>;
  release(caseId: CaseId, staffId: StaffId): Promise<boolean>;
};

export type ReviewQueueDeps<S extends QueueStores> = { clock: Clock; stores: S; transact: Transact<S> };

export function createReviewQueue<S extends QueueStores>(deps: ReviewQueueDeps<S>): ReviewQueue {
  const { clock, stores, transact } = deps;

  const log = (
    bound: S,
    what: 'claimed' | 'released',
    caseId: CaseId,
    accountId: AccountId,
    staffId: StaffId,
  ) => {
    const now = clock.now();
    const view = { caseId, accountId, staffId, what, target: undefined, reason: 'review', occurredAt: now };
    return bound.reviewLog.view(view, now + reviewRecordsKept);
  };

  async function claim(caseId: CaseId, staffId: StaffId): Promise<Result<{ claim: Claim }, ClaimFailure>> {
    return transact(async (bound) => {
      const now = clock.now();
      const found = await bound.cases.find(caseId);
      if (found?.state !== 'in_review') return failed('not_in_review');
      const bar = await bound.claims.bar(caseId, staffId);
      if (bar) return failed(bar);
      const held = await bound.claims.heldBy(staffId, now);
      const own = held.find((one) => one.caseId === caseId);
      if (!own && held.length >= claimsPerStaff) return failed('too_many_claims');
      const taken = { caseId, staffId, claimedAt: own?.claimedAt ?? now, expiresAt: now + claimLifetime };
      if (!(await bound.claims.take(taken, now))) return failed('held_by_other');
      if (!own) await log(bound, 'claimed', caseId, found.accountId, staffId);
      return ok({ claim: taken });
    });
  }

  return {
    async list(staffId, filter = {}) {
      const now = clock.now();
      const cases = await stores.claims.queue(staffId, now, shownCases, filter);
      return { cases, ...(await stores.claims.countQueue(staffId, now)) };
    },
    claim,
    async claimNext(staffId, except) {
      for (;;) {
        const now = clock.now();
        const caseId =
          (await stores.claims.nextFree(staffId, now, except)) ??
          (except === undefined ? undefined : await stores.claims.nextFree(staffId, now));
        if (caseId === undefined) return failed('queue_empty');
        const result = await claim(caseId, staffId);
        if (result.ok) return result;
        if (result.reason === 'too_many_claims') return failed(result.reason);
        // Somebody was faster: the case is no longer free, so the next look finds another.
      }
    },
    async isHeldBy(caseId, staffId) {
      return (await stores.claims.live(caseId, clock.now()))?.staffId === staffId;
    },
    async release(caseId, staffId) {
      return transact(async (bound) => {
        if (!(await bound.claims.release(caseId, staffId, clock.now()))) return false;
        const found = await bound.cases.find(caseId);
        if (found) await log(bound, 'released', caseId, found.accountId, staffId);
        return true;
      });
    },
  };
}
