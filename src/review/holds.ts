import type { AuditAction, AuditLog } from '../audit/index.ts';
import type { AccountStore } from '../accounts/index.ts';
import type { Clock } from '../core/clock.ts';
import type { AccountId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { LONGEST_APPEAL } from '../verification/index.ts';
import type { HoldReason } from './hold-reasons.ts';
import type { Hold, HoldStore } from './hold-store.ts';

/** What the person is told about their hold: why, since when, and whether they can object to it. */
export type OwnHold = Pick<Hold, 'reason' | 'setAt'> & {
  readonly appeal: 'possible' | 'open' | 'refused';
};

type OfStaff = { readonly accountId: AccountId; readonly staffId: StaffId };

export type Holds = {
  find(accountId: AccountId): Promise<Hold | undefined>;
  /** Stops everything the account may do as a recruiter, in the same transaction. */
  set(
    hold: OfStaff & { readonly reason: HoldReason; readonly note: string },
  ): Promise<Result<object, 'not_found' | 'held'>>;
  lift(hold: OfStaff): Promise<Result<object, 'not_held'>>;
  /** Decides the person's objection; whoever set the hold does not. Granting lifts it at once. */
  decideAppeal(
    decision: OfStaff & { readonly outcome: 'grant' | 'refuse' },
  ): Promise<Result<object, 'no_appeal' | 'own_hold'>>;
  listAppeals(limit: number): ReturnType<HoldStore['listAppeals']>;
  /** Notes that a member of staff reads what the person objects. */
  noteLook(look: OfStaff): Promise<void>;
  ofPerson(accountId: AccountId): Promise<OwnHold | undefined>;
  /** The person objects, once: somebody else looks. */
  appeal(accountId: AccountId, text: string): Promise<Result<object, 'closed' | 'empty' | 'too_long'>>;
};

type HoldStores = {
  readonly holds: HoldStore;
  readonly accounts: Pick<AccountStore, 'stateOf'>;
  readonly audit: AuditLog;
};

export type HoldsDeps<S extends HoldStores> = {
  readonly clock: Clock;
  readonly stores: S;
  readonly transact: Transact<S>;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

export function createHolds<S extends HoldStores>({
  clock,
  stores,
  transact,
  recompute,
}: HoldsDeps<S>): Holds {
  const record = (
    bound: S,
    action: AuditAction,
    { accountId, staffId }: OfStaff,
    details: Readonly<Record<string, string>> = {},
  ) => bound.audit.append({ actor: staffId, action, target: accountId, details });

  return {
    find: (accountId) => stores.holds.find(accountId),
    listAppeals: (limit) => stores.holds.listAppeals(limit),
    noteLook: (look) => record(stores, 'hold.appeal_seen', look),
    set: ({ accountId, staffId, reason, note }) =>
      transact(async (bound) => {
        if (!(await bound.accounts.stateOf(accountId))) return failed('not_found');
        const set = await bound.holds.set({ accountId, reason, setBy: staffId, setAt: clock.now(), note });
        if (!set) return failed('held');
        await recompute(bound, accountId);
        await record(bound, 'hold.set', { accountId, staffId }, { reason });
        return ok();
      }),
    lift: ({ accountId, staffId }) =>
      transact(async (bound) => {
        if (!(await bound.holds.lift(accountId))) return failed('not_held');
        await recompute(bound, accountId);
        await record(bound, 'hold.lifted', { accountId, staffId });
        return ok();
      }),
    decideAppeal: ({ accountId, staffId, outcome }) =>
      transact(async (bound) => {
        const hold = await bound.holds.find(accountId);
        if (!hold?.appeal || hold.appeal.refusedAt !== undefined) return failed('no_appeal');
        if (hold.setBy === staffId) return failed('own_hold');
        if (outcome === 'refuse') {
          if (!(await bound.holds.refuse(accountId, staffId, clock.now()))) return failed('no_appeal');
          await record(bound, 'hold.appeal_refused', { accountId, staffId });
          return ok();
        }
        if (!(await bound.holds.grant(accountId))) return failed('no_appeal');
        await recompute(bound, accountId);
        await record(bound, 'hold.appeal_granted', { accountId, staffId });
        return ok();
      }),
    async ofPerson(accountId) {
      const hold = await stores.holds.find(accountId);
      if (!hold) return undefined;
      const { reason, setAt, appeal } = hold;
      const standing = !appeal ? 'possible' : appeal.refusedAt === undefined ? 'open' : 'refused';
      return { reason, setAt, appeal: standing };
    },
    async appeal(accountId, text) {
      const grounds = text.trim();
      if (grounds === '') return failed('empty');
      if ([...grounds].length > LONGEST_APPEAL) return failed('too_long');
      return (await stores.holds.appeal(accountId, grounds, clock.now())) ? ok() : failed('closed');
    },
  };
}
