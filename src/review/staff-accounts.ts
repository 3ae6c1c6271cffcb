import { days, type Clock, type Instant } from '../core/clock.ts';
import type { Ids, StaffId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { createOneTimePassword, judgePassword, type PasswordRefusal } from './passwords.ts';
import type { ClaimStore } from './review-store.ts';
import type { StaffRole } from './roles.ts';
import type { StaffHasher } from './staff-hasher.ts';
import type { HandedOut, Staff, StaffStore } from './staff-store.ts';
import { staffSignInLimits } from './staff-sign-in.ts';
import { createTotpSecret, nextTotpCode, totpUri } from './totp.ts';

/** A handed-out password is refused after this. */
export const oneTimePasswordLifetime = days(7);

/** What the command line shows once, and nothing can show again. */
export type Enrolment = { staff: Staff; password: string; expiresAt: Instant; otpauthUri: string };

export type StaffAccounts = {
  add(
    login: string,
    name: string,
    role: StaffRole,
  ): Promise<Result<{ enrolment: Enrolment }, 'login_taken' | 'login_malformed' | 'name_malformed'>>;
  list(): Promise<Staff[]>;
  /** Ends the account's sessions and claims at once. */
  disable(login: string): Promise<Result<object, 'unknown_login'>>;
  enable(login: string): Promise<Result<object, 'unknown_login'>>;
  /** New one-time password and TOTP secret; ends every session. */
  reset(login: string): Promise<Result<{ enrolment: Enrolment }, 'unknown_login'>>;
  /**
   * Ends every other session; `keepToken` is the session that asked. Who guesses at the current password too often
   * loses every session (`limited`): it is not the owner.
   */
  changePassword(
    id: StaffId,
    change: { current: string; next: string; keepToken: string },
  ): Promise<Result<object, PasswordRefusal | 'wrong_password' | 'limited'>>;
  /** Development only: a code that will be accepted, and in how many seconds (0: now). */
  currentCode(login: string): Promise<{ code: string; waitSeconds: number } | undefined>;
};

export type StaffAccountsDeps = {
  clock: Clock;
  ids: Ids;
  random: Random;
  hasher: StaffHasher;
  staff: StaffStore;
  transact: Transact<{ staff: StaffStore; claims: ClaimStore }>;
  /** Shown by authenticator apps above the login. */
  totpIssuer: string;
};

const loginPattern = /^[a-z][a-z0-9._-]{1,31}$/;

export function createStaffAccounts(deps: StaffAccountsDeps): StaffAccounts {
  const { clock, ids, random, hasher, staff, transact } = deps;

  const guessesTooOften = async (id: StaffId): Promise<boolean> => {
    const { window, password_change: most } = staffSignInLimits;
    const now = clock.now();
    const attempt = {
      limit: 'password_change',
      key: id,
      at: now,
      since: now - window,
      expiresAt: now + window,
    } as const;
    return (await staff.countAttempt(attempt)).count > most;
  };

  async function handOut(): Promise<{ password: string; credentials: HandedOut }> {
    const password = createOneTimePassword(random);
    const credentials = {
      passwordHash: await hasher.hash(password),
      passwordExpiresAt: clock.now() + oneTimePasswordLifetime,
      totpSecret: createTotpSecret(random),
    };
    return { password, credentials };
  }

  const enrolment = (account: Staff, password: string, credentials: HandedOut): Enrolment => ({
    staff: account,
    password,
    expiresAt: credentials.passwordExpiresAt,
    otpauthUri: totpUri(deps.totpIssuer, account.login, credentials.totpSecret),
  });

  return {
    async add(login, name, role) {
      const givenName = name.trim();
      if (!loginPattern.test(login)) return failed('login_malformed');
      if (givenName.length === 0 || givenName.length > 100) return failed('name_malformed');
      const { password, credentials } = await handOut();
      const account = await transact(async (stores) => {
        const id = ids.next('stf');
        const added = await stores.staff.add({
          id,
          login,
          name: givenName,
          role,
          createdAt: clock.now(),
          ...credentials,
        });
        return added ? stores.staff.byId(id) : undefined;
      });
      return account ? ok({ enrolment: enrolment(account, password, credentials) }) : failed('login_taken');
    },

    list: () => staff.list(),

    async disable(login) {
      return transact(async (stores) => {
        const account = await stores.staff.byLogin(login);
        if (!account) return failed('unknown_login');
        await stores.staff.setState(account.id, 'disabled', clock.now());
        await stores.staff.endSessions(account.id);
        await stores.claims.releaseAll(account.id);
        return ok();
      });
    },

    async enable(login) {
      const account = await staff.byLogin(login);
      if (!account) return failed('unknown_login');
      await staff.setState(account.id, 'active', clock.now());
      return ok();
    },

    async reset(login) {
      const { password, credentials } = await handOut();
      return transact(async (stores) => {
        const account = await stores.staff.byLogin(login);
        if (!account) return failed('unknown_login');
        await stores.staff.handOut(account.id, credentials, clock.now());
        await stores.staff.endSessions(account.id);
        return ok({ enrolment: enrolment(account, password, credentials) });
      });
    },

    async changePassword(id, { current, next, keepToken }) {
      const account = await staff.byId(id);
      const credentials = await staff.credentials(id);
      if (!account || !credentials) return failed('wrong_password');
      if (await guessesTooOften(id)) {
        await staff.endSessions(id);
        return failed('limited');
      }
      if (!(await hasher.verify(credentials.passwordHash, current))) return failed('wrong_password');
      await staff.clearAttempts('password_change', id);
      const verdict = judgePassword(next, account.login, next === current);
      if (!verdict.ok) return verdict;
      const passwordHash = await hasher.hash(next);
      await transact(async (stores) => {
        await stores.staff.setPassword(id, passwordHash, clock.now());
        await stores.staff.endSessions(id, keepToken);
      });
      return ok();
    },

    async currentCode(login) {
      const account = await staff.byLogin(login);
      const credentials = account && (await staff.credentials(account.id));
      if (!credentials) return undefined;
      const now = clock.now();
      const { code, from } = nextTotpCode(credentials.totpSecret, credentials.totpStep, now);
      return { code, waitSeconds: Math.max(0, Math.ceil((from - now) / 1000)) };
    },
  };
}
