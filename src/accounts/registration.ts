import type { Clock } from '../core/clock.ts';
import type { AccountId, Ids } from '../core/ids.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { viewCode, type CodeView } from './code-view.ts';
import type { Limits } from './limits.ts';
import { outstanding, type Acceptance, type PolicyKind, type PolicyVersions } from './policies.ts';
import type { PhoneNumber } from './phone.ts';
import { nextStep, SIGN_IN_LIFETIME, type SignInState, type SignInStep } from './sign-in-state.ts';
import type { AccountStores, Role } from './store.ts';

export type SignInView = {
  readonly step: SignInStep;
  readonly typed?: string;
  readonly phone?: PhoneNumber;
  /** Policies still to be accepted. */
  readonly policies: readonly PolicyKind[];
  /** Whether this is somebody's first time; known only after the number is proven. */
  readonly registering: boolean;
  readonly code?: CodeView;
};

export type Registration = {
  /** Where this sign-in stands. The pages read nothing else. */
  view(uid: string): Promise<SignInView>;
  /** Accepts the policies in force, in the language they were read in. */
  accept(uid: string, language: string): Promise<Ok<object> | Failed<'out_of_order'>>;
  /** Makes the account of a number that has none. Two devices at once end with one account. */
  choose(uid: string, role: Role, language: string): Promise<Ok<object> | Failed<'out_of_order'>>;
  /**
   * Who is now signed in, and by which method; the account takes over the language. May be asked again when the answer
   * did not reach the browser.
   */
  complete(
    uid: string,
    language: string,
  ): Promise<Ok<{ accountId: AccountId; amr: string[] }> | Failed<'out_of_order'>>;
  /** Forgets the number and everything else of a sign-in that is given up. */
  giveUp(uid: string): Promise<void>;
};

export type RegistrationDependencies<S extends AccountStores = AccountStores> = {
  readonly transact: Transact<S>;
  readonly stores: AccountStores;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Runs in the transaction that gives an account its roles. */
  readonly onRolesChanged: (stores: S, accountId: AccountId) => Promise<unknown>;
  readonly inForce: PolicyVersions;
};

/** The second half of a sign-in: from the proven number to an account that may enter. */
export function createRegistration<S extends AccountStores>(
  dependencies: RegistrationDependencies<S>,
): Registration {
  const { transact, stores: outer, clock, ids, onRolesChanged, inForce } = dependencies;

  const pending = async (stores: AccountStores, { proof, acceptances }: SignInState): Promise<PolicyKind[]> =>
    outstanding(
      [...(proof?.accountId ? await stores.acceptances.list(proof.accountId) : []), ...(acceptances ?? [])],
      inForce,
    );

  /** Runs `work` when the sign-in stands at `step`, with its state held until the transaction ends. */
  const at = <T>(
    uid: string,
    step: SignInStep,
    work: (stores: S, state: Proven, pending: PolicyKind[], now: number) => Promise<T>,
  ): Promise<T | Failed<'out_of_order'>> =>
    transact(async (stores) => {
      const now = clock.now();
      const state = await stores.signIns.lock(uid, now, now + SIGN_IN_LIFETIME);
      const open = await pending(stores, state);
      if (nextStep(state, { mustAccept: open.length > 0 }, now) !== step || !isProven(state)) {
        return failed('out_of_order');
      }
      return work(stores, state, open, now);
    });

  return {
    async view(uid) {
      const now = clock.now();
      const state = (await outer.signIns.find(uid, now)) ?? {};
      const open = await pending(outer, state);
      const { typed, phone, proof } = state;
      return {
        step: nextStep(state, { mustAccept: open.length > 0 }, now),
        ...(typed === undefined ? {} : { typed }),
        ...(phone === undefined ? {} : { phone }),
        policies: open,
        registering: proof !== undefined && proof.accountId === undefined,
        ...(await viewCode(dependencies, state)),
      };
    },

    accept: (uid, language) =>
      at(uid, 'agreement', async (stores, state, open, now) => {
        const accepted = open.map((policy): Acceptance => ({
          policy,
          version: inForce[policy],
          language,
          acceptedAt: now,
        }));
        const { accountId } = state.proof;
        if (accountId === undefined) {
          await stores.signIns.write(uid, {
            ...state,
            acceptances: [...(state.acceptances ?? []), ...accepted],
          });
        } else {
          for (const one of accepted) await stores.acceptances.record(accountId, one);
        }
        return ok();
      }),

    choose: (uid, role, language) =>
      at(uid, 'role', async (stores, state, _open, now) => {
        const { phone } = state.proof;
        const fresh = ids.next('acc');
        const created = await stores.accounts.create(
          { id: fresh, phone, roles: [role], locale: language },
          now,
        );
        const accountId = created ? fresh : ((await stores.accounts.findByPhone(phone))?.id as AccountId);
        for (const one of state.acceptances ?? []) await stores.acceptances.record(accountId, one);
        if (created) {
          await stores.events.append({ type: 'account.registered', subject: accountId, payload: {} });
          await onRolesChanged(stores, accountId);
        }
        await stores.signIns.write(uid, { ...state, proof: { ...state.proof, accountId } });
        return ok();
      }),

    complete: (uid, language) =>
      at(uid, 'done', async (stores, state, _open, now) => {
        const { accountId, method, phone } = state.proof;
        if (accountId === undefined) return failed('out_of_order');
        const account = await stores.accounts.find(accountId);
        // The account may have left the number since it was proven.
        if (account?.state !== 'active' || account.phone !== phone) return failed('out_of_order');
        if (account.locale !== language) await stores.accounts.setLocale(accountId, language, now);
        await stores.events.append({
          type: 'account.signed_in',
          subject: accountId,
          payload: { amr: [method] },
        });
        return ok({ accountId, amr: [method] });
      }),

    giveUp: (uid) => outer.signIns.remove(uid),
  };
}

type Proven = SignInState & { readonly proof: NonNullable<SignInState['proof']> };

function isProven(state: SignInState): state is Proven {
  return state.proof !== undefined;
}
