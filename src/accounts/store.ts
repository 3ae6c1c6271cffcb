import type { Instant } from '../core/clock.ts';
import type { AccountId, ChallengeId, MessageId } from '../core/ids.ts';
import type { EventStore, JobStore } from '../events/index.ts';
import type { Challenge, ChallengePurpose } from './challenge.ts';
import type { MailContent } from './mail.ts';
import type { PhoneNumber } from './phone.ts';
import type { Acceptance } from './policies.ts';
import type { Profile } from './profile.ts';
import type { SignInState } from './sign-in-state.ts';
import type { SmsContent } from './sms.ts';

export type AccountState = 'active' | 'disabled' | 'closed';

export type Role = 'candidate' | 'recruiter';

export type Account = {
  readonly id: AccountId;
  readonly state: AccountState;
  readonly phone: PhoneNumber;
  readonly phoneVerifiedAt: Instant;
  readonly roles: readonly Role[];
  readonly resumeComplete: boolean;
  readonly locale: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type NewAccount = Pick<Account, 'id' | 'phone' | 'roles' | 'locale'>;

export type AccountStore = {
  /** Adds an account; false when the number already has one. */
  create(account: NewAccount, now: Instant): Promise<boolean>;
  find(id: AccountId): Promise<Account | undefined>;
  /** Without opening anything sealed, so that a known number costs no more than an unknown one. */
  findByPhone(phone: PhoneNumber): Promise<Pick<Account, 'id' | 'state'> | undefined>;
  /** The state of an account without opening anything of it; undefined when there is none. */
  stateOf(id: AccountId): Promise<AccountState | undefined>;
  /** Changes the state if it is still `from`; false when it moved on. */
  setState(id: AccountId, from: AccountState, to: AccountState, now: Instant): Promise<boolean>;
  setRoles(id: AccountId, roles: readonly Role[], now: Instant): Promise<void>;
  setLocale(id: AccountId, locale: string, now: Instant): Promise<void>;
  confirmPhone(id: AccountId, now: Instant): Promise<void>;
  /** Gives an active account another number, proven now; false when an account has that number already. */
  changePhone(id: AccountId, phone: PhoneNumber, now: Instant): Promise<boolean>;
  /** An account that never filled anything in has the empty profile. */
  readProfile(id: AccountId): Promise<Profile>;
  writeProfile(id: AccountId, profile: Profile, now: Instant): Promise<void>;
};

export type PasswordStore = {
  /** The PHC string of the account, or the decoy's when it has none; undefined until there is a decoy. */
  read(id: AccountId | undefined): Promise<{ readonly hash: string; readonly real: boolean } | undefined>;
  write(id: AccountId, hash: string, now: Instant): Promise<void>;
  /** Keeps the hash that is verified for numbers without a password; the first one stays. */
  writeDecoy(hash: string, now: Instant): Promise<void>;
  changedAt(id: AccountId): Promise<Instant | undefined>;
  remove(id: AccountId): Promise<boolean>;
};

export type AcceptanceStore = {
  /** Records that a version was accepted; a repetition changes nothing. */
  record(id: AccountId, acceptance: Acceptance): Promise<void>;
  list(id: AccountId): Promise<Acceptance[]>;
};

export type ChallengeStore = {
  create(challenge: NewChallenge): Promise<void>;
  find(id: ChallengeId): Promise<Challenge | undefined>;
  /** Counts an attempt while the code is unused and under `max`; false when it is not. */
  countAttempt(id: ChallengeId, max: number): Promise<boolean>;
  /** Compares in constant time with the keyed hash. */
  matches(id: ChallengeId, code: string): Promise<boolean>;
  /** Uses the code up; true for exactly one caller. */
  consume(id: ChallengeId, now: Instant): Promise<boolean>;
  purge(now: Instant, limit: number): Promise<number>;
};

export type NewChallenge = {
  readonly id: ChallengeId;
  readonly purpose: ChallengePurpose;
  readonly context: string;
  readonly code: string;
  readonly expiresAt: Instant;
};

/** Slots in which something happened and how often, oldest first. */
export type Hits = readonly (readonly [slot: Instant, count: number])[];

export type LimitStore = {
  read(keys: readonly string[]): Promise<Readonly<Record<string, Hits>>>;
  /** Reads, and holds the rows until the transaction ends; rows that do not exist are made. */
  lock(keys: readonly string[], now: Instant): Promise<Readonly<Record<string, Hits>>>;
  write(entries: readonly { key: string; hits: Hits; expiresAt: Instant }[]): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};

export type MessageState = 'queued' | 'sending' | 'sent' | 'failed' | 'uncertain';

export type MessageFailure = 'recipient' | 'vendor' | 'expired';

/** A message of the outbox, `C` being its recipient and what it says. */
export type Message<C = SmsContent> = {
  readonly id: MessageId;
  readonly state: MessageState;
  readonly reason: MessageFailure | undefined;
  readonly attempts: number;
  readonly createdAt: Instant;
  /** After this the text is worthless and is not sent any more. */
  readonly validUntil: Instant;
  readonly leaseUntil: Instant | undefined;
  /** Gone once the message is settled: the key of what was sealed is destroyed. */
  readonly content: C | undefined;
};

export type MessageStatus = Pick<Message, 'state' | 'reason' | 'attempts' | 'validUntil'>;

export type NewMessage<C> = C & { readonly id: MessageId; readonly validUntil: Instant };

/** The outbox of text messages. */
export type MessageStore = OutboxStore<SmsContent>;

/** The outbox of mail. */
export type MailStore = OutboxStore<MailContent>;

export type OutboxStore<C> = {
  create(message: NewMessage<C>, now: Instant): Promise<void>;
  find(id: MessageId): Promise<Message<C> | undefined>;
  /** The state alone, without opening anything; for the page that waits. */
  status(id: MessageId): Promise<MessageStatus | undefined>;
  /** `queued` → `sending` under a lease; true for exactly one caller. */
  claim(id: MessageId, leaseUntil: Instant): Promise<boolean>;
  /** Takes over a `sending` message whose lease ran out; true for exactly one caller. */
  takeOver(id: MessageId, now: Instant, leaseUntil: Instant): Promise<boolean>;
  /** `sending` → `queued`. */
  release(id: MessageId): Promise<void>;
  /** Ends the message and destroys the key of its content. */
  settle(id: MessageId, end: MessageEnd): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};

export type MessageEnd =
  | { readonly state: 'sent'; readonly vendorId?: string }
  | { readonly state: 'uncertain' }
  | { readonly state: 'failed'; readonly reason: MessageFailure; readonly vendorCode?: string };

export type SignInStore = {
  /** The state of a sign-in that has not expired. */
  find(uid: string, now: Instant): Promise<SignInState | undefined>;
  /** The same, held until the transaction ends; a sign-in that does not exist yet begins empty. */
  lock(uid: string, now: Instant, expiresAt: Instant): Promise<SignInState>;
  /** Writes what was locked; `expiresAt` where it begins anew. */
  write(uid: string, state: SignInState, expiresAt?: Instant): Promise<void>;
  /** Forgets a sign-in at once. */
  remove(uid: string): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};

/** What the services of this feature need of a transaction. */
export type AccountStores = {
  readonly accounts: AccountStore;
  readonly passwords: PasswordStore;
  readonly acceptances: AcceptanceStore;
  readonly challenges: ChallengeStore;
  readonly limits: LimitStore;
  readonly messages: MessageStore;
  readonly mails: MailStore;
  readonly signIns: SignInStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
};
