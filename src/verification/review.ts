import type { AccountId, CaseId, ImageId, StaffId } from '../core/ids.ts';
import type { Result } from '../core/result.ts';
import type { Analyses } from './analysis.ts';
import type { RegistryCheck } from './ask-registry.ts';
import type { CaseState } from './case-machine.ts';
import type { CaseDecision, CaseEntry, CaseImage, DecisionReason, VerificationCase } from './case.ts';
import type { KnownCompany } from './company-desk.ts';
import type { FindingCode } from './findings.ts';
import type { PersonVerification } from './person.ts';
import type { JudgementPolicy, Meaning } from './policy.ts';
import type { Difference } from './reading/index.ts';

export type DecideInput = {
  readonly caseId: CaseId;
  readonly staffId: StaffId;
  readonly decision: CaseDecision['decision'];
  /** From the reviewer's list, one at least; for `resubmit` each names the part (`step`) to do again. */
  readonly reasons: readonly DecisionReason[];
  /** To the person, in their language; optional. */
  readonly message?: string;
};

export type DecideResult = Result<
  { readonly state: CaseState; readonly accountId: AccountId },
  | 'not_found'
  /** Decided, withdrawn or asked for again meanwhile. */
  | 'not_in_review'
  | 'reasons_missing'
  /** `resubmit` without naming a part, or one that the case is not about. */
  | 'steps_missing'
  /** The person was already asked again as often as the policy allows: approve or reject. */
  | 'resubmissions_exhausted'
  /** `approve` for a company, but the verification of who acts for it ended meanwhile: ask again, or reject. */
  | 'person_not_verified'
  /** `approve`, but another account is verified under this document number: revoke that one first, or reject. */
  | 'identity_taken'
>;

/** Everything a reviewer needs to decide; personal, so load it only for the holder of the case. */
export type CaseForReview = {
  readonly case: VerificationCase;
  readonly images: readonly CaseImage[];
  readonly history: readonly CaseEntry[];
  /** What the machine saw on the pictures, as long as they are there. */
  readonly analyses: Analyses;
  /** What each finding means under the policy in force. */
  readonly meanings: { readonly [code in FindingCode]?: Meaning };
  /** Bounds of what is measured, under the policy in force. */
  readonly bounds: JudgementPolicy['bounds'];
  /** Where what was typed is not plainly what was read. */
  readonly differences: readonly Difference[];
  readonly company: KnownCompany | undefined;
  /** What the registry of companies said last. */
  readonly registry: RegistryCheck | undefined;
  /** Who acts, as verified and in force now; says who they are where the case is about a company alone. */
  readonly actor: PersonVerification | undefined;
  /** Other accounts with the same document number; for the reviewer only. */
  readonly duplicates: readonly AccountId[];
  readonly resubmissionsLeft: number;
};

/** What the review console calls; every call works within the caller's transaction. */
export type CaseReview<S> = {
  decideCase(stores: S, input: DecideInput): Promise<DecideResult>;
  loadCaseForReview(stores: S, caseId: CaseId): Promise<CaseForReview | undefined>;
  /** The opened picture; undefined when it was destroyed. */
  imageForReview(stores: S, imageId: ImageId): Promise<{ image: CaseImage; jpeg: Buffer } | undefined>;
  /** Takes a verification away, and what it was approved by; memberships stay as they are. */
  revokePerson(
    stores: S,
    input: { accountId: AccountId; staffId: StaffId; reason: string },
  ): Promise<Result<object, 'not_verified'>>;
};
