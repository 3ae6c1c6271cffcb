import type { AuditActor, AuditEntry, AuditLog } from '../audit/index.ts';
import { days, type Clock, type Instant } from '../core/clock.ts';
import type { Ids, StaffId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { createOneTimePassword, judgePassword, type PasswordRefusal } from './passwords.ts';
import type { ClaimStore } from './review-store.ts';
import { mayStaff, type StaffRole } from './roles.ts';
import type { StaffHasher } from './staff-hasher.ts';
import type { HandedOut, Staff, StaffStore } from './staff-store.ts';
import { staffSignInLimits } from './staff-sign-in.ts';
import { createTotpSecret, nextTotpCode, totpUri } from './totp.ts';

/** A handed-out password is refused after this. */
export const oneTimePasswordLifetime = days(7);

/** What the command line shows once, and nothing can show again. */
export type Enrolment = { staff: Staff; password: string; expiresAt: Instant; otpauthUri: string };

/**
 * Why an account is not changed. Nobody takes their own access away or widens it, and somebody can always manage the
 * others: `last_administrator`.
 */
export type ChangeRefusal = 'unknown_login' | 'own_account' | 'last_administrator';

type Change = Promise<Result<object, ChangeRefusal>>;

/** `by` is who acts, for the audit log. */
export type StaffAccounts = {
  add(
    login: string,
    name: string,
    role: StaffRole,
    by?: AuditActor,
  ): Promise<Result<{ enrolment: Enrolment }, 'login_taken' | 'login_malformed' | 'name_malformed'>>;
  list(): Promise<Staff[]>;
  /** Ends the account's claims when the new role reviews nothing. */
  changeRole(login: string, role: StaffRole, by?: AuditActor): Change;
  /** Ends the account's sessions and claims at once. */
  disable(login: string, by?: AuditActor): Change;
  enable(login: string, by?: AuditActor): Change;
  /** Signs the account out everywhere. */
  endSessions(login: string, by?: AuditActor): Change;
  /** New one-time password and TOTP secret; ends every session. */
  reset(login: string, by?: AuditActor): Promise<Result<{ enrolment: Enrolment }, ChangeRefusal>>;
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

type Stores = { staff: StaffStore; claims: ClaimStore; audit: AuditLog };

export type StaffAccountsDeps = {
  clock: Clock;
  ids: Ids;
  random: Random;
  hasher: StaffHasher;
  staff: StaffStore;
  transact: Transact<Stores>;
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

  /** One change of one account, with its record; `work` may refuse. */
  const change = <T extends object>(
    login: string,
    by: AuditActor,
    action: AuditEntry['action'],
    work: (stores: Stores, account: Staff) => Promise<Result<T, ChangeRefusal>>,
    details: NonNullable<AuditEntry['details']> = {},
  ): Promise<Result<T, ChangeRefusal>> =>
    transact(async (stores): Promise<Result<T, ChangeRefusal>> => {
      const account = await stores.staff.byLogin(login);
      if (!account) return failed('unknown_login');
      const result = await work(stores, account);
      if (result.ok) await stores.audit.append({ actor: by, action, target: account.id, details });
      return result;
    });

  const isLastAdministrator = async (stores: Stores, { id }: Staff): Promise<boolean> => {
    const administrators = await stores.staff.lockAdministrators();
    return administrators.length === 1 && administrators[0] === id;
  };

  return {
    async add(login, name, role, by = 'system') {
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
        if (!added) return undefined;
        await stores.audit.append({ actor: by, action: 'staff.added', target: id, details: { role } });
        return stores.staff.byId(id);
      });
      return account ? ok({ enrolment: enrolment(account, password, credentials) }) : failed('login_taken');
    },

    list: () => staff.list(),

    changeRole: (login, role, by = 'system') =>
      change(
        login,
        by,
        'staff.role_changed',
        async (stores, account) => {
          if (account.id === by) return failed('own_account');
          if (role !== 'administrator' && (await isLastAdministrator(stores, account))) {
            return failed('last_administrator');
          }
          await stores.staff.setRole(account.id, role, clock.now());
          if (!mayStaff(role, 'review')) await stores.claims.releaseAll(account.id);
          return ok();
        },
        { role },
      ),

    disable: (login, by = 'system') =>
      change(login, by, 'staff.disabled', async (stores, account) => {
        if (account.id === by) return failed('own_account');
        if (await isLastAdministrator(stores, account)) return failed('last_administrator');
        await stores.staff.setState(account.id, 'disabled', clock.now());
        await stores.staff.endSessions(account.id);
        await stores.claims.releaseAll(account.id);
        return ok();
      }),

    enable: (login, by = 'system') =>
      change(login, by, 'staff.enabled', async (stores, { id }) => {
        await stores.staff.setState(id, 'active', clock.now());
        return ok();
      }),

    endSessions: (login, by = 'system') =>
      change(login, by, 'staff.sessions_ended', async (stores, { id }) => {
        await stores.staff.endSessions(id);
        return ok();
      }),

    async reset(login, by = 'system') {
      const { password, credentials } = await handOut();
      return change(login, by, 'staff.reset', async (stores, account) => {
        if (account.id === by) return failed('own_account');
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
        await transact(async (stores) => {
          await stores.staff.endSessions(id);
          await stores.audit.append({ actor: 'system', action: 'staff.password_guessed', target: id });
        });
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
        await stores.audit.append({ actor: id, action: 'staff.password_changed', target: id });
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
