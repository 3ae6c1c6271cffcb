/**
 * People who decide what machines cannot. Staff sign in with a password and a time-based code, take one case at a
 * time from the queue, see its evidence only while they hold it (every look is recorded), and decide with reasons
 * from a list. A decision, its record and what follows from it are stored together or not at all.
 */
export { isStaffRole, mayStaff, staffRoleNames, type StaffPermission, type StaffRole } from './roles.ts';
export {
  createStaffAccounts,
  type ChangeRefusal,
  type Enrolment,
  type StaffAccounts,
  type StaffAccountsDeps,
} from './staff-accounts.ts';
export {
  createStaffSignIn,
  staffSignInLimits,
  type StaffSignIn,
  type StaffVisitor,
} from './staff-sign-in.ts';
export type {
  HandedOut,
  NewStaff,
  SignInAttempt,
  SignInLimit,
  Staff,
  StaffCredentials,
  StaffSession,
  StaffState,
  StaffStore,
} from './staff-store.ts';
export {
  queueKinds,
  type Bar,
  type Claim,
  type ClaimStore,
  type ConflictStore,
  type Decision,
  type DecisionKind,
  type EvidenceView,
  type GivenReason,
  type Opinion,
  type OpinionKind,
  type OpinionStore,
  type QueuedCase,
  type QueueFilter,
  type ReviewLog,
  type SecondLookCause,
  type ViewedThing,
} from './review-store.ts';
export {
  isReasonAbout,
  isReasonFor,
  reasonsFor,
  revealReasons,
  revocationTargets,
  type ReasonCode,
  type RevealReason,
  type RevocationTarget,
} from './reasons.ts';
export {
  claimLifetime,
  claimsPerStaff,
  type ClaimFailure,
  type QueueStores,
  type ReviewQueue,
} from './review-queue.ts';
export type { CheckDeskFailure, CompanyCheckDesk, OpenedCheck, QueuedCheck } from './company-check-desk.ts';
export type { CaseDesk, CaseHistory, DeskFailure, OpenedCase, Shown } from './case-desk.ts';
export type {
  DecisionFailure,
  DecisionOutcome,
  DecisionResult,
  ReviewAgreement,
  ReviewDecision,
  ReviewDecisions,
} from './decisions.ts';
export { defaultReviewPolicy, reviewPolicyWith, type ReviewPolicy } from './policy.ts';
export type { Conflicts } from './conflicts.ts';
export {
  type FoundCompany,
  type FoundRecruiter,
  type LookUp,
  type Revocation,
  type Revocations,
} from './revocations.ts';
export { disableReasons, holdReasons, type DisableReason, type HoldReason } from './hold-reasons.ts';
export type { Hold, HoldStore } from './hold-store.ts';
export type { Holds, OwnHold } from './holds.ts';
export type { Suspensions } from './suspensions.ts';
export type { Appointments } from './appointments.ts';
export { isMasked, isPicturePart, type PicturePart } from './picture-parts.ts';
export type { Watermarker } from './watermarker.ts';
export { createReview, type Review, type ReviewDeps, type ReviewStores } from './review.ts';
export { createStaffHasher, type StaffHasher } from './staff-hasher.ts';
export { developmentStaff } from './development-staff.ts';
export { dashboardPeriods, type Dashboard, type Figures, type FigureStore } from './dashboard.ts';
