import type { Clock } from '../core/clock.ts';
import { randomToken, type Random } from '../core/random.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { Limits } from './limits.ts';
import { normalisePassword, PASSWORD_MAX, type PasswordHasher } from './password.ts';
import { parsePhone, type PhoneNumber, type PhoneProblem } from './phone.ts';
import { SIGN_IN_LIFETIME } from './sign-in-state.ts';
import type { AccountStores } from './store.ts';

/** Wrong passwords a sign-in takes before only a code by text message goes on. */
export const PASSWORD_ATTEMPTS = 5;

export type PasswordEntry = {
  readonly typed: string;
  readonly country?: string;
  readonly password: string;
  readonly ip: string;
};

export type PasswordEntryProblem =
  | Failed<PhoneProblem>
  | Failed<'no_password'>
  | Failed<'wrong', { attemptsLeft: number }>
  | Failed<'exhausted'>
  | Failed<'locked', { retryAfter: number }>
  | Failed<'busy'>
  | Failed<'disabled'>;

export type PasswordSignIn = {
  /**
   * Signs in with number and password. A number without an account, or an account without a password, costs the same
   * work and gets the same answer: the password is verified against a decoy. What is limited is the attempt, never
   * the person: a code by text message always works.
   */
  enter(uid: string, entry: PasswordEntry): Promise<Ok<object> | PasswordEntryProblem>;
};

export type PasswordSignInDependencies = {
  readonly transact: Transact<AccountStores>;
  readonly stores: AccountStores;
  readonly limits: Limits;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly random: Random;
  readonly countries: readonly string[];
};

export function createPasswordSignIn(dependencies: PasswordSignInDependencies): PasswordSignIn {
  const { transact, stores: outer, limits, hasher, clock, random, countries } = dependencies;

  /** Counts the attempt before anything is compared, so that parallel guesses cannot outrun the counters. */
  const count = (uid: string, phone: PhoneNumber, { typed, ip }: PasswordEntry, now: number) =>
    transact(async (stores) => {
      const state = await stores.signIns.lock(uid, now, now + SIGN_IN_LIFETIME);
      const failures = (state.passwordFailures ?? 0) + 1;
      if (failures > PASSWORD_ATTEMPTS) return failed('exhausted');
      const allowance = await limits.take(stores.limits, 'password', { phone, ip }, now);
      if (!allowance.ok) return failed('locked', { retryAfter: allowance.retryAfter });
      await stores.signIns.write(uid, { ...state, typed, passwordFailures: failures });
      return ok({ attemptsLeft: PASSWORD_ATTEMPTS - failures });
    });

  const readHash = async (phone: PhoneNumber) => {
    const account = await outer.accounts.findByPhone(phone);
    let stored = await outer.passwords.read(account?.id);
    if (!stored) {
      const decoy = await hasher.hash(randomToken(random));
      if (!decoy.ok) return undefined;
      await outer.passwords.writeDecoy(decoy.hash, clock.now());
      stored = await outer.passwords.read(account?.id);
    }
    return stored && { ...stored, account };
  };

  const succeed = (uid: string, phone: PhoneNumber, entry: PasswordEntry, counted: number) =>
    transact(async (stores) => {
      const now = clock.now();
      const account = await stores.accounts.findByPhone(phone);
      if (account?.state !== 'active') return failed('disabled');
      await limits.giveBack(stores.limits, 'password', { phone, ip: entry.ip }, counted);
      await stores.signIns.lock(uid, now, now + SIGN_IN_LIFETIME);
      const proof = { phone, method: 'pwd', at: now, accountId: account.id } as const;
      await stores.signIns.write(uid, { typed: entry.typed, phone, proof });
      return ok();
    });

  return {
    async enter(uid, entry) {
      const parsed = parsePhone(entry.typed, countries, entry.country);
      if (!parsed.ok) return parsed;
      if (entry.password === '') return failed('no_password');
      const { phone } = parsed;
      const now = clock.now();
      const counted = await count(uid, phone, entry, now);
      if (!counted.ok) return counted;
      const found = await readHash(phone);
      // More than the longest password is cut, so that nobody makes the hash arbitrarily slow.
      const password = normalisePassword(entry.password.slice(0, PASSWORD_MAX * 4));
      const verdict = found ? await hasher.verify(found.hash, password) : failed('busy');
      if (!verdict.ok) {
        await transact((stores) => limits.giveBack(stores.limits, 'password', { phone, ip: entry.ip }, now));
        return failed('busy');
      }
      if (!verdict.matches || !found?.real) return failed('wrong', { attemptsLeft: counted.attemptsLeft });
      return succeed(uid, phone, entry, now);
    },
  };
}
