/**
 * Companies and their recruiters. A company is one row per unified social credit code, however often it is named;
 * a membership says who acts for it, by what evidence and until when. Company evidence is not personal data and is kept
 * apart.
 */
export {
  actingStates,
  askingStates,
  companyMachine,
  membershipMachine,
  standingStates,
  type AccountClass,
  type Company,
  type CompanyState,
  type Membership,
  type MembershipEvidence,
  type MembershipRole,
  type MembershipState,
} from './company.ts';
export type { Activity, ActivityAction } from './activity.ts';
export type { CompanyDetail, DetailField, DetailSource } from './details.ts';
export type { Invitation } from './invitation.ts';
export type {
  ActivityStore,
  CompanyChange,
  CompanyStore,
  CompanyStores,
  InvitationStore,
  MembershipChange,
  MembershipStore,
} from './company-store.ts';
export {
  accountClassNames,
  createAccountClasses,
  type AccountClasses,
  type ClassFailure,
} from './account-class.ts';
export { represents, type CheckRefusal } from './check-access.ts';
export { representativesOf } from './representatives.ts';
export {
  companyCheckMachine,
  type CheckClaim,
  type CheckDetails,
  type CheckFinding,
  type CheckPicture,
  type CheckRejection,
  type CompanyCheck,
  type CompanyCheckKind,
  type CompanyCheckState,
  type PicturedKind,
} from './company-check.ts';
export type { CheckChange, CheckKey, CheckPictureStore, CompanyCheckStore } from './company-check-store.ts';
export {
  createCompanyChecks,
  type CheckStores,
  type CheckView,
  type CompanyChecks,
  type HandInFailure,
  type PicturedKey,
} from './company-checks.ts';
export {
  createCheckDecisions,
  rejectionsFor,
  type CheckDecision,
  type CheckDecisionFailure,
  type CheckDecisions,
} from './check-decisions.ts';
export {
  createDeposits,
  DEPOSIT_ATTEMPTS,
  expiryOf,
  type ConfirmFailure,
  type Deposit,
  type DepositFailure,
  type Deposits,
  type DepositSender,
} from './deposit.ts';
export type { LetterContent } from './letter.ts';
export { createLetterPrinter, type LetterPrinter } from './letter-printer.ts';
export { defaultCompanyPolicy, type CompanyPolicy } from './policy.ts';
export { compareEntry, type CompareEntry, type RegistryEntry } from './registry-entry.ts';
export type { CompanyRegistry } from './registry.ts';
export { createCompanies, type Companies, type CompaniesDeps } from './companies.ts';
export {
  createCompanyEmail,
  type CompanyEmail,
  type CompanyEmailBeginProblem,
  type CompanyEmailConfirmProblem,
  type CompanyEmailDeps,
  type CompanyEmailStores,
} from './company-email.ts';
export type { DomainProblem } from './company-domain.ts';
export type {
  CompanyDomain,
  CompanyEmailProof,
  CompanyEmailRequest,
  CompanyEmailStore,
} from './company-email-store.ts';
export { createDomains, type Domains } from './domains.ts';
export { createReminders } from './reminders.ts';
export type { Ending } from './sweep.ts';
export { createNotices, type NoticeOutcome } from './notices.ts';
export { createTelling } from './telling.ts';
export { createMembers, type Members } from './members.ts';
export { administratorBar } from './joining.ts';
export { declineReasons, removeReasons, seenOf, type AdministratorAct } from './administration.ts';
export { joinWays, type JoinWay } from './ways.ts';
export {
  createInvitations,
  type InvitationState,
  type Invitations,
  type LinkProblem,
} from './invitations.ts';
