import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, ImageId } from '../core/ids.ts';
import type { EventStore, JobStore } from '../events/index.ts';
import type { ReceiptStore } from '../privacy/index.ts';
import type { AnalysisStore } from './analysis.ts';
import type { RegistryCheckStore } from './ask-registry.ts';
import type { AuthorityCheckStore } from './authority.ts';
import type { CaseEvent, CaseState } from './case-machine.ts';
import type {
  CaseActor,
  CaseAnswers,
  CaseConsents,
  CaseEntry,
  CaseImage,
  CaseOrigin,
  CaseScope,
  DecisionReason,
  HolderRoute,
  ImageKind,
  StepName,
  VerificationCase,
} from './case.ts';
import type { PersonClaims, PersonVerification } from './person.ts';
import type { IssuedPrompts } from './prompts.ts';
import type { PictureComplaint } from './reading/index.ts';

/** What a change of a case may touch besides its state; absent members stay as they are. */
export type CaseChange = {
  readonly scope?: CaseScope;
  readonly answers?: CaseAnswers;
  readonly consents?: CaseConsents;
  readonly route?: HolderRoute;
  readonly redo?: readonly StepName[];
  readonly round?: number;
  readonly findings?: VerificationCase['findings'];
  readonly verdict?: VerificationCase['verdict'];
  readonly decision?: VerificationCase['decision'];
  /** Empty: there is none any more. */
  readonly appeal?: string;
  readonly companyId?: VerificationCase['companyId'];
  readonly submittedAt?: Instant;
  readonly expiresAt?: Instant;
};

export type CaseStore = {
  /** Opens a case, about the person and a company unless told otherwise; undefined when the account has one under way. */
  open(accountId: AccountId, expiresAt: Instant, scope?: CaseScope): Promise<VerificationCase | undefined>;
  find(id: CaseId): Promise<VerificationCase | undefined>;
  /** The case under way, else the newest one that was not withdrawn, else the newest. */
  newest(accountId: AccountId): Promise<VerificationCase | undefined>;
  /** Approved cases of the account; more than one after a renewal. */
  listApproved(accountId: AccountId): Promise<VerificationCase[]>;
  /** Cases the account opened since `since`. */
  countSince(accountId: AccountId, since: Instant): Promise<number>;
  /**
   * Applies `change` to the case in the state and version that was read; false when either moved on meanwhile.
   * With `to`, the state changes as well; `live` says whether the account's one case is still under way.
   */
  update(
    read: VerificationCase,
    change: CaseChange,
    to?: { state: CaseState; live: boolean },
  ): Promise<boolean>;
  /** Remembers where the person came from; not a change of the case, so its version stays. */
  setOrigin(id: CaseId, origin: CaseOrigin): Promise<void>;
  /** The prompts that the face check of a case waits for; not a change of the case. */
  setPrompts(id: CaseId, prompts: IssuedPrompts): Promise<void>;
  /** Takes the prompts away; of two parallel calls one gets them. */
  takePrompts(id: CaseId): Promise<IssuedPrompts | undefined>;
  /** Cases that the machine judged since `since`, oldest first, after `after`: for replaying verdicts. */
  listJudged(since: Instant, after: CaseId | undefined, limit: number): Promise<VerificationCase[]>;
  record(
    id: CaseId,
    entry: {
      event: CaseEvent | 'open';
      state: CaseState;
      by: CaseActor;
      reasons?: readonly DecisionReason[];
    },
  ): Promise<void>;
  history(id: CaseId): Promise<CaseEntry[]>;
  /** Other accounts whose live or approved case carries this document number. */
  othersWithNumber(accountId: AccountId, number: string): Promise<AccountId[]>;
  /** Milliseconds from submission to decision of the newest `limit` decided cases; of `by` alone where it is given. */
  recentReviewTimes(limit: number, by?: 'machine' | 'reviewer'): Promise<number[]>;
  /** Cases handed in before `before` that no verdict was reached on. */
  listUnjudged(before: Instant, limit: number): Promise<VerificationCase[]>;
  /** Cases in an editable state whose time is over. */
  listAbandoned(now: Instant, limit: number): Promise<VerificationCase[]>;
  /** Deletes the records of finished cases whose retention is over; returns whose they were, once for each. */
  purge(now: Instant, limit: number): Promise<AccountId[]>;
};

export type NewImage = {
  readonly caseId: CaseId;
  readonly accountId: AccountId;
  readonly kind: ImageKind;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly complaint?: PictureComplaint | undefined;
};

export type ImageStore = {
  /** Notes that an object is about to be written, so that a crash leaves nothing that is not known. */
  announce(image: NewImage, thumbnail: Buffer): Promise<CaseImage>;
  /** Makes a pending image the current one of its kind and retires the one before; false when it is gone. */
  activate(id: ImageId): Promise<boolean>;
  /** The person uses the current picture of a kind in spite of the complaint; false when there is none. */
  insist(caseId: CaseId, kind: ImageKind): Promise<boolean>;
  find(id: ImageId): Promise<CaseImage | undefined>;
  /** The current images of a case, one of a kind. */
  listStored(caseId: CaseId): Promise<CaseImage[]>;
  /** Pictures ever taken in for a case. */
  count(caseId: CaseId): Promise<number>;
  thumbnail(id: ImageId): Promise<Buffer | undefined>;
  /** Seals and opens the bytes of the object, bound to the image's id. */
  sealContent(image: CaseImage, content: Buffer): Promise<Buffer>;
  openContent(image: CaseImage, sealed: Buffer): Promise<Buffer | undefined>;
  /** Retires images of a case at once: they are not shown any more and their bytes are deleted next. */
  retire(caseId: CaseId, kinds?: readonly ImageKind[]): Promise<number>;
  /** Sets when the images of a case have to be gone; undefined: not before it is decided again. */
  scheduleDestruction(caseId: CaseId, kinds: readonly ImageKind[], at: Instant | undefined): Promise<void>;
  /** Images whose bytes are due for deletion: retired, past their time, or announced before `pendingBefore`. */
  listDue(now: Instant, pendingBefore: Instant, limit: number, caseId?: CaseId): Promise<CaseImage[]>;
  /** The bytes are gone. */
  markDestroyed(id: ImageId): Promise<void>;
  /** Deletes the records of destroyed images whose case is gone. */
  purge(now: Instant, limit: number): Promise<number>;
};

export type PersonStore = {
  find(accountId: AccountId): Promise<PersonVerification | undefined>;
  /** Stores a verification; false when another account holds the identity. */
  verify(
    verification: Omit<PersonVerification, 'claims' | 'state' | 'revokedAt' | 'revokedReason'> & {
      claims: PersonClaims;
    },
  ): Promise<boolean>;
  /** Ends a verification, run out or not; its record is kept until `keptUntil`. False when there was none in force. */
  revoke(accountId: AccountId, reason: string, keptUntil: Instant): Promise<boolean>;
  /** Verifications in force whose document ran out by `now`, the longest ago first. */
  listRunOut(now: Instant, limit: number): Promise<AccountId[]>;
  /** Notes that the document of a verification in force ran out by `now`; false when it did not, or is noted. */
  expire(accountId: AccountId, now: Instant, keptUntil: Instant): Promise<boolean>;
  /** Deletes the records of ended verifications whose retention is over; returns whose they were. */
  purge(now: Instant, limit: number): Promise<AccountId[]>;
  /** True when another account is verified under this document number. */
  isTaken(accountId: AccountId, number: string): Promise<boolean>;
};

/** The stores of one transaction that verification works with. */
export type VerificationStores = {
  readonly cases: CaseStore;
  readonly images: ImageStore;
  readonly analyses: AnalysisStore;
  readonly authorityChecks: AuthorityCheckStore;
  readonly registryChecks: RegistryCheckStore;
  readonly persons: PersonStore;
  readonly receipts: ReceiptStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
};
