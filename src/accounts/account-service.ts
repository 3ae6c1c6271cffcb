import { minutes, type Clock, type Instant } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import {
  checkNewPassword,
  normalisePassword,
  type PasswordHasher,
  type PasswordProblem,
} from './password.ts';
import type { Profile } from './profile.ts';
import type { Account, AccountStores, Role } from './store.ts';

/** How recent a sign-in must be for a change of credentials. */
const FRESH_SIGN_IN: number = minutes(10);

export type AccountOverview = {
  readonly account: Account;
  readonly profile: Profile;
  readonly passwordChangedAt: Instant | undefined;
};

export type Accounts = {
  /** Throws `unauthenticated` when the account is gone or disabled: its sessions mean nothing any more. */
  overview(id: AccountId): Promise<AccountOverview>;
  saveProfile(id: AccountId, profile: Profile): Promise<void>;
  /** Adds a role; having it already changes nothing. */
  addRole(id: AccountId, role: Role): Promise<void>;
  setPassword(id: AccountId, password: string): Promise<Ok<object> | Failed<PasswordProblem | 'busy'>>;
  /** False when there was none. */
  removePassword(id: AccountId): Promise<boolean>;
  isFresh(authenticatedAt: Instant): boolean;
};

export type AccountDependencies<S extends AccountStores = AccountStores> = {
  readonly transact: Transact<S>;
  readonly stores: AccountStores;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  /** Runs in the transaction that gives an account a role. */
  readonly onRolesChanged: (stores: S, accountId: AccountId) => Promise<unknown>;
};

export function createAccounts<S extends AccountStores>(dependencies: AccountDependencies<S>): Accounts {
  const { transact, stores: outer, hasher, clock, onRolesChanged } = dependencies;

  const requireAccount = async (stores: AccountStores, id: AccountId): Promise<Account> => {
    const account = await stores.accounts.find(id);
    if (account?.state !== 'active') throw new AppError('unauthenticated');
    return account;
  };

  return {
    async overview(id) {
      const account = await requireAccount(outer, id);
      const [profile, passwordChangedAt] = await Promise.all([
        outer.accounts.readProfile(id),
        outer.passwords.changedAt(id),
      ]);
      return { account, profile, passwordChangedAt };
    },

    saveProfile: (id, profile) => outer.accounts.writeProfile(id, profile, clock.now()),

    addRole: (id, role) =>
      transact(async (stores) => {
        const account = await requireAccount(stores, id);
        if (account.roles.includes(role)) return;
        const roles = [...account.roles, role];
        await stores.accounts.setRoles(id, roles, clock.now());
        await stores.events.append({ type: 'account.role_changed', subject: id, payload: { roles } });
        await onRolesChanged(stores, id);
      }),

    async setPassword(id, password) {
      const account = await requireAccount(outer, id);
      const judged = checkNewPassword(password, account.phone);
      if (!judged.ok) return judged;
      const hashed = await hasher.hash(normalisePassword(password));
      if (!hashed.ok) return failed('busy');
      return transact(async (stores) => {
        const change = (await stores.passwords.changedAt(id)) === undefined ? 'set' : 'changed';
        await stores.passwords.write(id, hashed.hash, clock.now());
        await stores.events.append({
          type: 'account.credential_changed',
          subject: id,
          payload: { credential: 'password', change },
        });
        return ok();
      });
    },

    removePassword: (id) =>
      transact(async (stores) => {
        const removed = await stores.passwords.remove(id);
        if (removed) {
          await stores.events.append({
            type: 'account.credential_changed',
            subject: id,
            payload: { credential: 'password', change: 'removed' },
          });
        }
        return removed;
      }),

    isFresh: (authenticatedAt) => authenticatedAt + FRESH_SIGN_IN > clock.now(),
  };
}
