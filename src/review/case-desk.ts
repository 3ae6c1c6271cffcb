import type { Clock } from '../core/clock.ts';
import type { CaseId, ImageId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type {
  AnalysisStore,
  CaseForReview,
  CaseImage,
  CaseReview,
  ImageStore,
} from '../verification/index.ts';
import type { RevealReason } from './reasons.ts';
import { claimLifetime, reviewRecordsKept, type QueueStores } from './review-queue.ts';
import { isMaskedPart, partOf, type PicturePart } from './picture-parts.ts';
import type { Bar, Claim, Decision, EvidenceView, NewView, Opinion } from './review-store.ts';
import { isAbout } from './second-look.ts';

/** Why a case or a picture is not shown. `closed`: nobody reviews the case now. */
export type DeskFailure = 'not_found' | 'not_claimed' | 'held_by_other' | 'closed' | Bar;

/** A case on the desk of the one who holds it. */
export type OpenedCase = {
  readonly claim: Claim;
  readonly evidence: CaseForReview;
  readonly decisions: readonly Decision[];
  /** Newest first. */
  readonly views: readonly EvidenceView[];
  /** What the reviewers before would decide. */
  readonly opinions: {
    readonly count: number;
    /** Absent until asked for: whoever looks second looks at the evidence first. */
    readonly shown: readonly Opinion[] | undefined;
  };
};

/** What to show besides the case itself; each is recorded. */
export type Shown = {
  /** Why what is masked otherwise is shown in full. */
  readonly masked?: RevealReason | undefined;
  /** What the reviewers before would decide; refused with `pictures_first` until every picture was looked at. */
  readonly opinions?: boolean;
};

export type CaseDesk = {
  /** Opens a claimed case, records the look and prolongs the claim. */
  open(
    caseId: CaseId,
    staffId: StaffId,
    shown?: Shown,
  ): Promise<Result<{ opened: OpenedCase }, DeskFailure | 'pictures_first'>>;
  /** A picture of a claimed case, before it is watermarked. */
  image(
    imageId: ImageId,
    staffId: StaffId,
  ): Promise<Result<{ image: CaseImage; jpeg: Buffer }, DeskFailure | 'destroyed'>>;
  /**
   * A part of a picture of a claimed case, before it is watermarked: the area a field was read from, or a face that was
   * found. `masked`: what it shows is masked, and was not shown in full under this claim.
   */
  part(
    imageId: ImageId,
    part: PicturePart,
    staffId: StaffId,
  ): Promise<Result<{ jpeg: Buffer }, DeskFailure | 'destroyed' | 'masked'>>;
  /** What happened with a case: for its holder, and for who oversees. Not personal beyond messages and notes. */
  history(caseId: CaseId): Promise<CaseHistory | undefined>;
};

export type CaseHistory = {
  readonly evidence: Pick<CaseForReview, 'history'> & {
    readonly case: Pick<CaseForReview['case'], 'id' | 'accountId' | 'state' | 'round'>;
  };
  readonly decisions: readonly Decision[];
  /** Those that were given, without the ones that wait for another's: they would colour it. */
  readonly opinions: readonly Opinion[];
  /** Whose opinions wait for another's. */
  readonly waitingFor: readonly StaffId[];
  readonly views: readonly EvidenceView[];
};

type DeskStores = QueueStores & { readonly images: ImageStore; readonly analyses: AnalysisStore };

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
  async function hold(
    bound: S,
    caseId: CaseId,
    staffId: StaffId,
  ): Promise<Result<{ claim: Claim }, DeskFailure>> {
    const now = clock.now();
    const found = await bound.cases.find(caseId);
    if (!found) return failed('not_found');
    if (found.state !== 'in_review') return failed('closed');
    const bar = await bound.claims.bar(caseId, staffId);
    if (bar) {
      await bound.claims.release(caseId, staffId, now);
      return failed(bar);
    }
    const prolonged = await bound.claims.prolong(caseId, staffId, now, now + claimLifetime);
    const claim = await bound.claims.live(caseId, now);
    if (prolonged && claim) return ok({ claim });
    return failed(claim ? 'held_by_other' : 'not_claimed');
  }

  const note = (bound: S, view: Omit<NewView, 'occurredAt'>): Promise<void> => {
    const now = clock.now();
    return bound.reviewLog.view({ ...view, occurredAt: now }, now + reviewRecordsKept);
  };

  async function holdPicture(
    bound: S,
    imageId: ImageId,
    staffId: StaffId,
  ): Promise<Result<{ claim: Claim; image: CaseImage }, DeskFailure | 'destroyed'>> {
    const image = await bound.images.find(imageId);
    if (!image) return failed('not_found');
    const held = await hold(bound, image.caseId, staffId);
    if (!held.ok) return held;
    return image.state === 'stored' ? ok({ claim: held.claim, image }) : failed('destroyed');
  }

  async function wasUnmasked(bound: S, { caseId, staffId, claimedAt }: Claim): Promise<boolean> {
    const views = await bound.reviewLog.viewsSince(caseId, staffId, claimedAt);
    return views.some(({ what }) => what === 'masked');
  }

  /** Whoever looks second looks at the evidence first. */
  async function hasSeenPictures(bound: S, { caseId, staffId, claimedAt }: Claim): Promise<boolean> {
    const views = await bound.reviewLog.viewsSince(caseId, staffId, claimedAt);
    const seen = new Set(views.filter(({ what }) => what === 'image').map(({ target }) => target));
    return (await bound.images.listStored(caseId)).every(({ id }) => seen.has(id));
  }

  return {
    open: (caseId, staffId, { masked, opinions: withOpinions = false } = {}) =>
      transact(async (bound) => {
        const held = await hold(bound, caseId, staffId);
        if (!held.ok) return held;
        const { claim } = held;
        if (withOpinions && !(await hasSeenPictures(bound, claim))) return failed('pictures_first');
        const evidence = await cases.loadCaseForReview(bound, caseId);
        if (!evidence) return failed('not_found');
        const look = { caseId, accountId: evidence.case.accountId, staffId, target: undefined };
        if (masked) await note(bound, { ...look, what: 'masked', reason: masked });
        if (withOpinions) await note(bound, { ...look, what: 'opinion', reason: 'review' });
        if (!masked && !withOpinions) await note(bound, { ...look, what: 'case', reason: 'review' });
        const opinions = (await bound.opinions.ofCase(caseId)).filter(isAbout(evidence.case));
        return ok({
          opened: {
            claim,
            evidence,
            decisions: await bound.reviewLog.decisionsOfCase(caseId),
            views: await bound.reviewLog.viewsOfCase(caseId, viewsOnPage),
            opinions: { count: opinions.length, shown: withOpinions ? opinions : undefined },
          },
        });
      }),
    async image(imageId, staffId) {
      const shown = await transact(async (bound) => {
        const held = await holdPicture(bound, imageId, staffId);
        if (!held.ok) return held;
        const { caseId, accountId } = held.image;
        await note(bound, { caseId, accountId, staffId, what: 'image', target: imageId, reason: 'review' });
        return ok();
      });
      if (!shown.ok) return shown;
      const opened = await cases.imageForReview(stores, imageId);
      return opened ? ok(opened) : failed('destroyed');
    },
    part: (imageId, part, staffId) =>
      transact(async (bound) => {
        const held = await holdPicture(bound, imageId, staffId);
        if (!held.ok) return held;
        const { claim, image } = held;
        const { caseId, accountId } = image;
        if (isMaskedPart(part) && !(await wasUnmasked(bound, claim))) return failed('masked');
        const jpeg = partOf((await bound.analyses.ofCase(caseId))[image.kind], part);
        if (!jpeg) return failed('not_found');
        const what = part.startsWith('face-') ? 'face' : 'crop';
        await note(bound, {
          caseId,
          accountId,
          staffId,
          what,
          target: `${imageId}/${part}`,
          reason: 'review',
        });
        return ok({ jpeg });
      }),
    async history(caseId) {
      const found = await stores.cases.find(caseId);
      if (!found) return undefined;
      const opinions = await stores.opinions.ofCase(caseId);
      const isStanding = isAbout(found);
      return {
        opinions: opinions.filter((opinion) => !isStanding(opinion)),
        waitingFor: opinions.filter(isStanding).map(({ staffId }) => staffId),
        evidence: { case: found, history: await stores.cases.history(caseId) },
        decisions: await stores.reviewLog.decisionsOfCase(caseId),
        views: await stores.reviewLog.viewsOfCase(caseId, viewsInHistory),
      };
    },
  };
}
