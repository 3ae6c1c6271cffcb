/**
 * People who decide what machines cannot. Staff sign in with a password and a time-based code, take one case at a
 * time from the queue, see its evidence only while they hold it (every look is recorded), and decide with reasons
 * from a list. A decision, its record and what follows from it are stored together or not at all.
 */
export {
  isStaffRole,
  mayStaff,
  staffRoleNames,
  staffRoles,
  type StaffPermission,
  type StaffRole,
} from './roles.ts';
export {
  createStaffAccounts,
  type Enrolment,
  type StaffAccounts,
  type StaffAccountsDeps,
} from './staff-accounts.ts';
export {
  createStaffSignIn,
  staffSessionLifetime,
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
export type {
  Claim,
  ClaimStore,
  Decision,
  DecisionKind,
  EvidenceView,
  GivenReason,
  QueuedCase,
  ReviewLog,
  ViewedThing,
} from './review-store.ts';
export {
  isReasonFor,
  reasonsFor,
  reasonTable,
  revealReasons,
  reviewSteps,
  revocationTargets,
  type ReasonCode,
  type RevealReason,
  type ReviewStep,
  type RevocationTarget,
} from './reasons.ts';
