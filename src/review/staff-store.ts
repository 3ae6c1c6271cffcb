import type { Instant } from '../core/clock.ts';
import type { StaffId } from '../core/ids.ts';
import type { StaffRole } from './roles.ts';

export type StaffState = 'active' | 'disabled';

/** A member of staff as the console and the command line see them. */
export type Staff = {
  readonly id: StaffId;
  /** Lower case, unique. */
  readonly login: string;
  readonly name: string;
  readonly role: StaffRole;
  readonly state: StaffState;
  /** The password was handed out and has to be replaced at the next sign-in. */
  readonly mustChangePassword: boolean;
  readonly createdAt: Instant;
  readonly lastSignedInAt: Instant | undefined;
};

/** What proves that somebody is this member of staff; sealed at rest. */
export type StaffCredentials = {
  readonly passwordHash: string;
  /** After this a handed-out password is refused; absent for a chosen one. */
  readonly passwordExpiresAt: Instant | undefined;
  readonly totpSecret: string;
  /** The last accepted time step: no code of this step or an earlier one is accepted again. */
  readonly totpStep: number;
};

export type NewStaff = Pick<Staff, 'id' | 'login' | 'name' | 'role' | 'createdAt'> & HandedOut;

/** Credentials made by the command line: a one-time password and a fresh TOTP secret. */
export type HandedOut = { passwordHash: string; passwordExpiresAt: Instant; totpSecret: string };

export type StaffSession = {
  readonly staffId: StaffId;
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant;
  readonly idleUntil: Instant;
  readonly expiresAt: Instant;
};

export type StaffStore = {
  /** False when the login is taken. */
  add(staff: NewStaff): Promise<boolean>;
  list(): Promise<Staff[]>;
  byLogin(login: string): Promise<Staff | undefined>;
  byId(id: StaffId): Promise<Staff | undefined>;
  credentials(id: StaffId): Promise<StaffCredentials | undefined>;
  setState(id: StaffId, state: StaffState, now: Instant): Promise<void>;
  setRole(id: StaffId, role: StaffRole, now: Instant): Promise<void>;
  /** Who can manage accounts; of parallel transactions that ask, one goes on and the others wait for its end. */
  lockAdministrators(): Promise<StaffId[]>;
  /** Replaces password and TOTP secret; the password has to be changed at the next sign-in. */
  handOut(id: StaffId, credentials: HandedOut, now: Instant): Promise<void>;
  /** A chosen password: does not expire. */
  setPassword(id: StaffId, passwordHash: string, now: Instant): Promise<void>;
  /** Accepts a time step if it is later than the last one; false when it was used already, also by a parallel request. */
  acceptTotpStep(id: StaffId, step: number, now: Instant): Promise<boolean>;

  addSession(token: string, session: StaffSession): Promise<void>;
  /** A session of an active member of staff that is neither idle nor expired at `now`. */
  session(token: string, now: Instant): Promise<StaffSession | undefined>;
  touchSession(token: string, seenAt: Instant, idleUntil: Instant): Promise<void>;
  endSession(token: string): Promise<void>;
  /** Ends all sessions of a member of staff, except that of `keepToken`. */
  endSessions(id: StaffId, keepToken?: string): Promise<void>;

  /**
   * Counts an attempt against a limit before it is judged, so that parallel attempts see one another. Answers how
   * many there are in the window, this one included, and the id under which it can be taken back.
   */
  countAttempt(attempt: SignInAttempt): Promise<{ id: string; count: number }>;
  takeBackAttempts(ids: readonly string[]): Promise<void>;
  clearAttempts(limit: SignInLimit, key: string): Promise<void>;

  /** Deletes at most `limit` sessions and attempts that ended before `now`; returns how many. */
  purge(now: Instant, limit: number): Promise<number>;
};

/**
 * What attempts are counted by: login and address together, address alone, right password with a wrong code, the
 * current password when it is changed.
 */
export type SignInLimit = 'login_address' | 'address' | 'code' | 'password_change';

/** `key` is stored as a keyed hash only. `since` opens the window that is counted. */
export type SignInAttempt = {
  limit: SignInLimit;
  key: string;
  at: Instant;
  since: Instant;
  expiresAt: Instant;
};
