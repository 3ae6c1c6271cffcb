import type { AuditLog } from '../audit/index.ts';
import { hours, minutes, seconds, type Clock } from '../core/clock.ts';
import { randomToken, type Random } from '../core/random.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { StaffHasher } from './staff-hasher.ts';
import type { SignInLimit, Staff, StaffSession, StaffStore } from './staff-store.ts';
import { matchTotp } from './totp.ts';

/** A session ends after this long without a request, and after this long in any case. */
export const staffSessionLifetime = { idle: minutes(30), absolute: hours(12) } as const;

/**
 * Attempts within the window. Codes are counted apart and only behind a right password, so that a stranger who
 * knows a login cannot keep its owner out. Attempts are stopped, never the person: the window moves on by itself.
 */
export const staffSignInLimits = {
  window: minutes(15),
  login_address: 5,
  address: 30,
  code: 10,
  password_change: 5,
} as const;

/** How exact "last seen" is: a session row is written at most this often. */
const touchInterval = seconds(60);

export type StaffVisitor = { readonly staff: Staff; readonly session: StaffSession; readonly token: string };

export type StaffSignIn = {
  /**
   * One answer, `rejected`, for an unknown login, a wrong password, a wrong, used or expired code and a disabled
   * account. `limited` depends on what was typed and where from, never on whether the login exists.
   */
  signIn(attempt: {
    login: string;
    password: string;
    code: string;
    address: string;
  }): Promise<Result<{ token: string; staff: Staff }, 'rejected' | 'limited'>>;
  /** Who holds this session token; extends the idle time. */
  current(token: string): Promise<StaffVisitor | undefined>;
  signOut(token: string): Promise<void>;
};

export type StaffSignInDeps = {
  clock: Clock;
  random: Random;
  hasher: StaffHasher;
  staff: StaffStore;
  transact: Transact<{ staff: StaffStore; audit: AuditLog }>;
};

export function createStaffSignIn(deps: StaffSignInDeps): StaffSignIn {
  const { clock, random, hasher, staff, transact } = deps;
  let decoy: string | undefined;
  /**
   * A hash of nothing anybody knows, so that an unknown login takes as long as a known one. It is remembered only once
   * it is there: a hasher that was busy the first time must not answer for unknown logins ever after.
   */
  const decoyHash = async () => (decoy ??= await hasher.hash(randomToken(random)));

  /** Counts the attempt; true when it is over the limit, and then it is not held against anybody. */
  async function isOver(...keys: readonly (readonly [SignInLimit, string])[]): Promise<boolean> {
    const now = clock.now();
    const window = {
      at: now,
      since: now - staffSignInLimits.window,
      expiresAt: now + staffSignInLimits.window,
    };
    const counted = [];
    let over = false;
    for (const [limit, key] of keys) {
      const attempt = await staff.countAttempt({ limit, key, ...window });
      counted.push(attempt.id);
      over ||= attempt.count > staffSignInLimits[limit];
    }
    if (over) await staff.takeBackAttempts(counted);
    return over;
  }

  async function prove(
    account: Staff | undefined,
    password: string,
    code: string,
  ): Promise<Staff | undefined> {
    const unknown = await decoyHash();
    const credentials = account && (await staff.credentials(account.id));
    const matches = await hasher.verify(credentials?.passwordHash ?? unknown, password);
    if (!account || !credentials || !matches || account.state !== 'active') return undefined;
    const now = clock.now();
    if (credentials.passwordExpiresAt !== undefined && credentials.passwordExpiresAt <= now) return undefined;
    if (await isOver(['code', account.id])) return undefined;
    const step = matchTotp(credentials.totpSecret, code, now);
    if (step === undefined || !(await staff.acceptTotpStep(account.id, step, now))) return undefined;
    return account;
  }

  return {
    async signIn({ login: typedLogin, password, code, address }) {
      const login = typedLogin.trim().toLowerCase();
      const pair = `${login}\0${address}`;
      if (await isOver(['login_address', pair], ['address', address])) return failed('limited');
      const known = await staff.byLogin(login);
      const account = await prove(known, password, code.replaceAll(/\s/g, ''));
      if (!account) {
        // Without what was typed: passwords end up in the field of the login.
        await transact(({ audit }) =>
          audit.append({ actor: 'system', action: 'staff.sign_in_refused', target: known?.id }),
        );
        return failed('rejected');
      }
      const now = clock.now();
      const token = randomToken(random);
      const session: StaffSession = {
        staffId: account.id,
        createdAt: now,
        lastSeenAt: now,
        idleUntil: now + staffSessionLifetime.idle,
        expiresAt: now + staffSessionLifetime.absolute,
      };
      await transact(async (bound) => {
        await bound.staff.addSession(token, session);
        await bound.audit.append({ actor: account.id, action: 'staff.signed_in', target: account.id });
      });
      await staff.clearAttempts('login_address', pair);
      await staff.clearAttempts('code', account.id);
      return ok({ token, staff: account });
    },

    async current(token) {
      const now = clock.now();
      const session = await staff.session(token, now);
      const account = session && (await staff.byId(session.staffId));
      if (!session || account?.state !== 'active') return undefined;
      if (now - session.lastSeenAt >= touchInterval) {
        await staff.touchSession(token, now, Math.min(now + staffSessionLifetime.idle, session.expiresAt));
      }
      return { staff: account, session, token };
    },

    signOut: (token) =>
      transact(async (bound) => {
        const session = await bound.staff.session(token, clock.now());
        await bound.staff.endSession(token);
        if (!session) return;
        const { staffId } = session;
        await bound.audit.append({ actor: staffId, action: 'staff.signed_out', target: staffId });
      }),
  };
}
