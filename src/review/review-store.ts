import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId, DecisionId, OpinionId, StaffId } from '../core/ids.ts';
import type { FindingCode, HolderRoute, ReviewPart } from '../verification/index.ts';
import type { ReasonCode, RevocationTarget } from './reasons.ts';

/** Who works on a case, and until when nobody else can. */
export type Claim = {
  readonly caseId: CaseId;
  readonly staffId: StaffId;
  readonly claimedAt: Instant;
  readonly expiresAt: Instant;
};

/**
 * Why a case is not for this member of staff: they work for its company, gave their opinion already, or had part in the
 * rejection that the person objects to.
 */
export type Bar = 'conflict_of_interest' | 'own_opinion' | 'took_part';

/** One line of the queue, as one member of staff sees it: nothing in it is about the person. */
export type QueuedCase = {
  readonly caseId: CaseId;
  readonly submittedAt: Instant;
  /** 1 for a first submission, higher after steps were asked for again. */
  readonly round: number;
  readonly route: HolderRoute | undefined;
  /** The findings for which the machine did not decide. */
  readonly referredFor: readonly FindingCode[];
  readonly isAppeal: boolean;
  /** How many people have given an opinion that has not settled the case. */
  readonly opinions: number;
  readonly bar: Bar | undefined;
  readonly claim: Claim | undefined;
};

/** `first`: submitted once. `again`: submitted again. `second`: somebody's opinion waits for another's. */
export const queueKinds = ['first', 'again', 'appeal', 'second'] as const;
export type QueueFilter = {
  readonly kind?: (typeof queueKinds)[number] | undefined;
  readonly route?: HolderRoute | undefined;
};

export type ClaimStore = {
  /** Cases that wait for a person: appeals, then those submitted again, then the others; the oldest first. */
  queue(staffId: StaffId, now: Instant, limit: number, filter: QueueFilter): Promise<QueuedCase[]>;
  /** `waiting`: free, and not barred for this member of staff. */
  countQueue(staffId: StaffId, now: Instant): Promise<{ waiting: number; claimed: number }>;
  /** The first case of the queue that nobody holds and that is not barred, other than `except`. */
  nextFree(staffId: StaffId, now: Instant, except?: CaseId): Promise<CaseId | undefined>;
  bar(caseId: CaseId, staffId: StaffId): Promise<Bar | undefined>;
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
  /** Who wanted the same before, where two people were needed. */
  readonly firstStaffId?: StaffId | undefined;
  /** Of the review; absent in records older than the policy. */
  readonly policyVersion?: string | undefined;
  readonly occurredAt: Instant;
};

export type OpinionKind = Exclude<DecisionKind, 'revoke'>;

/** Why one person's decision was not enough. */
export type SecondLookCause = 'final_rejection' | 'override' | 'sample' | 'disagreement';

/** What somebody would decide, kept until another person wants the same. */
export type Opinion = {
  readonly id: OpinionId;
  readonly caseId: CaseId;
  readonly accountId: AccountId;
  readonly staffId: StaffId;
  /** Of the case as it was shown; about another version the opinion says nothing. */
  readonly caseVersion: number;
  readonly kind: OpinionKind;
  readonly cause: SecondLookCause;
  readonly reasons: readonly GivenReason[];
  /** To the person, if it comes to that; sealed. */
  readonly message: string | undefined;
  /** Among staff; sealed. */
  readonly note: string | undefined;
  readonly policyVersion: string;
  readonly occurredAt: Instant;
};

/** Append-only, like {@link ReviewLog}. */
export type OpinionStore = {
  /** False when this person gave one about this version of the case before. */
  give(opinion: Opinion, expiresAt: Instant): Promise<boolean>;
  /** Opinions about a case, oldest first. */
  ofCase(caseId: CaseId): Promise<Opinion[]>;
  purge(now: Instant, limit: number): Promise<number>;
};

/** The companies a member of staff works for, by credit code: their cases are for others. */
export type ConflictStore = {
  /** False when it was declared before. */
  declare(staffId: StaffId, creditCode: string): Promise<boolean>;
  /** False when it was not declared. */
  withdraw(staffId: StaffId, creditCode: string): Promise<boolean>;
  list(staffId: StaffId): Promise<string[]>;
};

/**
 * What was looked at or done with a case besides deciding it. `number`: the document number in full (until 2026-11);
 * `masked`: everything that is masked otherwise; `opinion`: what the reviewers before would decide.
 */
export type ViewedThing =
  'claimed' | 'released' | 'case' | 'image' | 'crop' | 'face' | 'number' | 'masked' | 'opinion';

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

/** A look as it is recorded today. */
export type NewView = EvidenceView & { readonly what: Exclude<ViewedThing, 'number'> };

/** Append-only: rows leave when their retention is over, and are never changed. */
export type ReviewLog = {
  decide(decision: Decision, expiresAt: Instant): Promise<void>;
  decisionsOfCase(caseId: CaseId): Promise<Decision[]>;
  decisionsOfAccount(accountId: AccountId, limit: number): Promise<Decision[]>;
  view(view: NewView, expiresAt: Instant): Promise<void>;
  /** Newest first. */
  viewsOfCase(caseId: CaseId, limit: number): Promise<EvidenceView[]>;
  /** What one member of staff looked at since then. */
  viewsSince(caseId: CaseId, staffId: StaffId, since: Instant): Promise<EvidenceView[]>;
  purge(now: Instant, limit: number): Promise<number>;
};
