import type { AuditLog } from '../audit/index.ts';
import type { AccountStore } from '../accounts/index.ts';
import type { Clock } from '../core/clock.ts';
import type { AccountId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { EventStore } from '../events/index.ts';
import type { DisableReason } from './hold-reasons.ts';

export type Suspensions = {
  /** Signs the account out everywhere, ends its grants and tokens, and lets it in nowhere until it is enabled again. */
  disable(input: {
    readonly accountId: AccountId;
    readonly staffId: StaffId;
    readonly reason: DisableReason;
  }): Promise<Result<object, 'not_active'>>;
  enable(input: {
    readonly accountId: AccountId;
    readonly staffId: StaffId;
  }): Promise<Result<object, 'not_disabled'>>;
};

type SuspensionStores = {
  readonly accounts: Pick<AccountStore, 'setState'>;
  readonly artifacts: { revokeAccount(accountId: AccountId): Promise<number> };
  readonly events: EventStore;
  readonly audit: AuditLog;
};

export type SuspensionsDeps<S extends SuspensionStores> = {
  readonly clock: Clock;
  readonly transact: Transact<S>;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

export function createSuspensions<S extends SuspensionStores>({
  clock,
  transact,
  recompute,
}: SuspensionsDeps<S>): Suspensions {
  return {
    disable: ({ accountId, staffId, reason }) =>
      transact(async (bound) => {
        const changed = await bound.accounts.setState(accountId, 'active', 'disabled', clock.now());
        if (!changed) return failed('not_active');
        await bound.artifacts.revokeAccount(accountId);
        await bound.events.append({
          type: 'account.sessions_revoked',
          subject: accountId,
          payload: { by: 'admin' },
        });
        await bound.events.append({ type: 'account.disabled', subject: accountId, payload: { reason } });
        await recompute(bound, accountId);
        const entry = { actor: staffId, action: 'account.disabled', target: accountId } as const;
        await bound.audit.append({ ...entry, details: { reason } });
        return ok();
      }),
    enable: ({ accountId, staffId }) =>
      transact(async (bound) => {
        const changed = await bound.accounts.setState(accountId, 'disabled', 'active', clock.now());
        if (!changed) return failed('not_disabled');
        await bound.events.append({ type: 'account.enabled', subject: accountId, payload: {} });
        await recompute(bound, accountId);
        await bound.audit.append({ actor: staffId, action: 'account.enabled', target: accountId });
        return ok();
      }),
  };
}
