import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId, DecisionId, StaffId } from '../core/ids.ts';
import type { ReviewPart } from '../verification/index.ts';
import type { ReasonCode, RevocationTarget } from './reasons.ts';

/** Who works on a case, and until when nobody else can. */
export type Claim = {
  readonly caseId: CaseId;
  readonly staffId: StaffId;
  readonly claimedAt: Instant;
  readonly expiresAt: Instant;
};

/** One line of the queue: nothing in it is about the person. */
export type QueuedCase = {
  readonly caseId: CaseId;
  readonly submittedAt: Instant;
  /** 1 for a first submission, higher after steps were asked for again. */
  readonly round: number;
  readonly claim: Claim | undefined;
};

export type ClaimStore = {
  /** Cases that wait for a person, oldest first, with the claim that is live at `now`. */
  queue(now: Instant, limit: number): Promise<QueuedCase[]>;
  countQueue(now: Instant): Promise<{ waiting: number; claimed: number }>;
  /** The oldest case nobody holds at `now`, other than `except`. */
  nextFree(now: Instant, except?: CaseId): Promise<CaseId | undefined>;
  /** The live claim on a case. */
  live(caseId: CaseId, now: Instant): Promise<Claim | undefined>;
  /** Live claims of one member of staff, oldest first. */
  heldBy(staffId: StaffId, now: Instant): Promise<Claim[]>;
  /** Takes the case unless somebody else holds it; false when they do. Of parallel calls one succeeds. */
  take(claim: Claim, now: Instant): Promise<boolean>;
  /** Prolongs a claim that is still live; false when it is not this person's any more. */
  prolong(caseId: CaseId, staffId: StaffId, now: Instant, expiresAt: Instant): Promise<boolean>;
  /** Ends a live claim; false when there was none of this person. */
  release(caseId: CaseId, staffId: StaffId, now: Instant): Promise<boolean>;
  releaseAll(staffId: StaffId): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};

export type DecisionKind = 'approve' | 'resubmit' | 'reject' | 'revoke';

/** A reason and what it is about: a step of the case, or the whole of it. */
export type GivenReason = { readonly reason: ReasonCode; readonly step?: ReviewPart | RevocationTarget };

export type Decision = {
  readonly id: DecisionId;
  readonly caseId: CaseId | undefined;
  readonly accountId: AccountId | undefined;
  readonly companyId: CompanyId | undefined;
  readonly staffId: StaffId;
  readonly kind: DecisionKind;
  readonly reasons: readonly GivenReason[];
  /** To the person; sealed. */
  readonly message: string | undefined;
  /** Among staff; sealed. */
  readonly note: string | undefined;
  readonly occurredAt: Instant;
};

/** What was looked at or done with a case besides deciding it. */
export type ViewedThing = 'claimed' | 'released' | 'case' | 'image' | 'number';

export type EvidenceView = {
  readonly caseId: CaseId;
  readonly accountId: AccountId;
  readonly staffId: StaffId;
  readonly what: ViewedThing;
  /** The image's id or the field's name. */
  readonly target: string | undefined;
  readonly reason: string;
  readonly occurredAt: Instant;
};

/** Append-only: rows leave when their retention is over, and are never changed. */
export type ReviewLog = {
  decide(decision: Decision, expiresAt: Instant): Promise<void>;
  decisionsOfCase(caseId: CaseId): Promise<Decision[]>;
  decisionsOfAccount(accountId: AccountId, limit: number): Promise<Decision[]>;
  view(view: EvidenceView, expiresAt: Instant): Promise<void>;
  /** Newest first. */
  viewsOfCase(caseId: CaseId, limit: number): Promise<EvidenceView[]>;
  purge(now: Instant, limit: number): Promise<number>;
};
