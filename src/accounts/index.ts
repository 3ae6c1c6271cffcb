/**
 * Accounts: who a person is to this service before anything is verified. A mobile number, proven by a one-time code,
 * makes an account; an optional password and profile belong to it. The feature owns the sign-in from the first page
 * to the last (its state is stored, never carried by the browser), the limits against abuse, the sending half of the
 * text-message outbox, and the record of which legal texts were accepted.
 */
export { createAccounts, type Accounts, type AccountOverview } from './account-service.ts';
export { createRegistration, type Registration, type SignInView } from './registration.ts';
export { createNumberChange, type NumberChange, type NumberChangeView } from './number-change.ts';
export type { CodeView } from './code-view.ts';
export {
  createSignInCodes,
  type CodeEntryProblem,
  type RequestProblem,
  type SignInCodes,
} from './sign-ins.ts';
export { createPasswordSignIn, type PasswordEntryProblem, type PasswordSignIn } from './password-sign-in.ts';
export { accountData, type AccountDatum, type AccountPurpose } from './data.ts';
export { createMessages, MAIL_PAUSES, MESSAGE_LEASE, type Delivery, type Messages } from './messages.ts';
export { createLimits, limitRules, type LimitRule, type Limits, type LimitScope } from './limits.ts';
export { createTestNumbers, type TestNumbers } from './test-numbers.ts';
export {
  callingCode,
  formatPhone,
  maskPhone,
  parsePhone,
  type PhoneNumber,
  type PhoneProblem,
} from './phone.ts';
export { createPasswordHasher } from './password-hasher.ts';
export { PASSWORD_MAX, PASSWORD_MIN, type PasswordHasher, type PasswordProblem } from './password.ts';
export type { Acceptance, PolicyKind, PolicyVersions } from './policies.ts';
export {
  dayOf,
  profileFields,
  profileSchema,
  sexes,
  toProfile,
  type Profile,
  type ProfileField,
} from './profile.ts';
export {
  answerChallenge,
  CODE_LENGTH,
  isCode,
  normaliseCode,
  type Challenge,
  type ChallengeProblem,
  type ChallengePurpose,
} from './challenge.ts';
export { createCounters, type CounterRule, type Counters } from './counters.ts';
export type { SignInState, SignInStep } from './sign-in-state.ts';
export type { Inbox, InboxMessage, InboxStore, MailInboxStore, ReceivedMail } from './inbox.ts';
export type { Sms, SmsContent, SmsLanguage, SmsOutcome, SmsSender } from './sms.ts';
export {
  mailboxOf,
  maskEmail,
  parseDomainName,
  parseEmail,
  type DomainName,
  type EmailAddress,
  type EmailProblem,
} from './email.ts';
export { composeMail, type Mail, type MailContent, type MailSender } from './mail.ts';
export type { Sender, SendOutcome } from './sender.ts';
export type {
  AcceptanceStore,
  Account,
  AccountState,
  AccountStore,
  AccountStores,
  ChallengeStore,
  Hits,
  LimitStore,
  MailStore,
  Message,
  MessageStore,
  OutboxStore,
  PasswordStore,
  Role,
  SignInStore,
} from './store.ts';
