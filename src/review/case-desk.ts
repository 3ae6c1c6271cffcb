import type { Clock } from '../core/clock.ts';
import type { CaseId, ImageId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { CaseForReview, CaseImage, CaseReview, ImageStore } from '../verification/index.ts';
import type { RevealReason } from './reasons.ts';
import { claimLifetime, reviewRecordsKept, type QueueStores } from './review-queue.ts';
import type { Claim, Decision, EvidenceView } from './review-store.ts';

/** Why a case or a picture is not shown. `closed`: nobody reviews the case now. */
export type DeskFailure = 'not_found' | 'not_claimed' | 'held_by_other' | 'closed';

/** A case on the desk of the one who holds it. */
export type OpenedCase = {
  readonly claim: Claim;
  readonly evidence: CaseForReview;
  readonly decisions: readonly Decision[];
  /** Newest first. */
  readonly views: readonly EvidenceView[];
};

export type CaseDesk = {
  /** Opens a claimed case, records the look and prolongs the claim. */
  open(caseId: CaseId, staffId: StaffId): Promise<Result<{ opened: OpenedCase }, DeskFailure>>;
  /** As {@link open}, and records that the document number was shown in full, and why. */
  reveal(
    caseId: CaseId,
    staffId: StaffId,
    reason: RevealReason,
  ): Promise<Result<{ opened: OpenedCase }, DeskFailure>>;
  /** A picture of a claimed case, before it is watermarked. */
  image(
    imageId: ImageId,
    staffId: StaffId,
  ): Promise<Result<{ image: CaseImage; jpeg: Buffer }, DeskFailure | 'destroyed'>>;
  /** What happened with a case: for its holder, and for who oversees. Not personal beyond messages and notes. */
  history(caseId: CaseId): Promise<CaseHistory | undefined>;
};

export type CaseHistory = {
  readonly evidence: Pick<CaseForReview, 'history'> & {
    readonly case: Pick<CaseForReview['case'], 'id' | 'accountId' | 'state' | 'round'>;
  };
  readonly decisions: readonly Decision[];
  readonly views: readonly EvidenceView[];
};

type DeskStores = QueueStores & { readonly images: ImageStore };

export type CaseDeskDeps<S extends DeskStores> = {
  clock: Clock;
  stores: S;
  transact: Transact<S>;
  cases: CaseReview<S>;
};

const viewsOnPage = 30;
const viewsInHistory = 500;

export function createCaseDesk<S extends DeskStores>(deps: CaseDeskDeps<S>): CaseDesk {
  const { clock, stores, transact, cases } = deps;

  /** Confirms and prolongs the claim within the transaction that shows something. */
  async function hold(bound: S, caseId: CaseId, staffId: StaffId): Promise<Result<object, DeskFailure>> {
    const now = clock.now();
    const found = await bound.cases.find(caseId);
    if (!found) return failed('not_found');
    if (found.state !== 'in_review') return failed('closed');
    if (await bound.claims.prolong(caseId, staffId, now, now + claimLifetime)) return ok();
    return failed((await bound.claims.live(caseId, now)) ? 'held_by_other' : 'not_claimed');
  }

  async function show(
    caseId: CaseId,
    staffId: StaffId,
    look: Pick<EvidenceView, 'what' | 'target' | 'reason'>,
  ): Promise<Result<{ opened: OpenedCase }, DeskFailure>> {
    return transact(async (bound) => {
      const held = await hold(bound, caseId, staffId);
      if (!held.ok) return held;
      const now = clock.now();
      const evidence = await cases.loadCaseForReview(bound, caseId);
      const claim = await bound.claims.live(caseId, now);
      if (!evidence || !claim) return failed('not_found');
      const view = { caseId, accountId: evidence.case.accountId, staffId, ...look, occurredAt: now };
      await bound.reviewLog.view(view, now + reviewRecordsKept);
      const decisions = await bound.reviewLog.decisionsOfCase(caseId);
      return ok({
        opened: { claim, evidence, decisions, views: await bound.reviewLog.viewsOfCase(caseId, viewsOnPage) },
      });
    });
  }

  return {
    open: (caseId, staffId) => show(caseId, staffId, { what: 'case', target: undefined, reason: 'review' }),
    reveal: (caseId, staffId, reason) =>
      show(caseId, staffId, { what: 'number', target: 'document_number', reason }),
    async image(imageId, staffId) {
      const shown = await transact(async (bound): Promise<Result<object, DeskFailure | 'destroyed'>> => {
        const found = await bound.images.find(imageId);
        if (!found) return failed('not_found');
        const { caseId, accountId } = found;
        const held = await hold(bound, caseId, staffId);
        if (!held.ok) return held;
        if (found.state !== 'stored') return failed('destroyed');
        const now = clock.now();
        const view = {
          caseId,
          accountId,
          staffId,
          what: 'image',
          target: imageId,
          reason: 'review',
          occurredAt: now,
        } as const;
        await bound.reviewLog.view(view, now + reviewRecordsKept);
        return ok();
      });
      if (!shown.ok) return shown;
      const opened = await cases.imageForReview(stores, imageId);
      return opened ? ok(opened) : failed('destroyed');
    },
    async history(caseId) {
      const found = await stores.cases.find(caseId);
      if (!found) return undefined;
      return {
        evidence: { case: found, history: await stores.cases.history(caseId) },
        decisions: await stores.reviewLog.decisionsOfCase(caseId),
        views: await stores.reviewLog.viewsOfCase(caseId, viewsInHistory),
      };
    },
  };
}
