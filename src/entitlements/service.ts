import type { Clock, Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { Transact } from '../core/transact.ts';
import type { EventStore } from '../events/index.ts';
import { actingFor, deriveCompanies } from './acting.ts';
import { deriveRecruiter, isPersonVerified } from './derive.ts';
import type { Facts } from './facts.ts';
import { keepFacts } from './history.ts';
import { defaultPolicy, type RecruiterPolicy } from './policy.ts';
import { newsOf } from './news.ts';
import { meet } from './requirements.ts';
import { isEntitled, personScopes, type ScopeRow } from './scopes.ts';
import type { AllowScope, EntitlementStore, RecallableTokens, ResourceStore, StoredStatus } from './store.ts';

/** What a recomputation needs of the transaction that changed a fact. */
export type EntitlementStores = {
  readonly entitlements: EntitlementStore;
  readonly resources: ResourceStore;
  readonly artifacts: RecallableTokens;
  readonly events: EventStore;
};

export type Entitlements = {
  /**
   * Derives the account's status anew within the caller's transaction, stores it and what it was derived from, records
   * an event when it changed, and kills the opaque tokens that carry a scope the account has lost. Returns undefined for
   * an unknown account.
   */
  recompute(stores: EntitlementStores, accountId: AccountId): Promise<StoredStatus | undefined>;
  /** The same for everybody who belongs to a company. */
  recomputeCompany(stores: EntitlementStores, companyId: CompanyId): Promise<void>;
  /**
   * Derives anew what time alone may have changed by `now`; returns how many accounts were looked at. One that fails
   * keeps no other from its turn; the first failure is thrown in the end.
   */
  sweep(now: Instant, limit: number): Promise<number>;
};

export type EntitlementDependencies = {
  readonly transact: Transact<EntitlementStores>;
  /** For reading which accounts are due, outside any transaction. */
  readonly entitlements: EntitlementStore;
  readonly clock: Clock;
  readonly policy?: RecruiterPolicy;
};

export function createEntitlements({
  transact,
  entitlements: outer,
  clock,
  policy = defaultPolicy,
}: EntitlementDependencies): Entitlements {
  const recompute: Entitlements['recompute'] = async (stores, accountId) => {
    // Without it two transactions that each changed a fact would derive from what they saw, and the later write, which
    // knows nothing of the earlier fact, would stand.
    await stores.entitlements.lock(accountId);
    const facts = await stores.entitlements.facts(accountId);
    if (!facts) return undefined;
    const now = clock.now();
    await keepFacts(stores.entitlements, facts, now);
    const recruiter = deriveRecruiter(facts, now, policy);
    const met = meet(facts, now, recruiter);
    const before = await stores.entitlements.status(accountId);
    const companies = deriveCompanies(facts, now, policy);
    const status: StoredStatus = {
      accountId,
      ...recruiter,
      requirements: [...met],
      companies,
      derivedAt: now,
    };
    await stores.entitlements.writeStatus(status);
    const level = changeOfLevel(before, facts, now);
    if (level)
      await stores.events.append({ type: 'person.level_changed', subject: accountId, payload: level });
    const news = newsOf(before, status);
    if (news)
      await stores.events.append({ type: 'recruiter.status_changed', subject: accountId, payload: news });
    const { scopes } = await stores.resources.list();
    await stores.artifacts.killAccessTokens(accountId, allowedBy([...personScopes, ...scopes], status));
    return status;
  };

  return {
    recompute,
    async recomputeCompany(stores, companyId) {
      for (const accountId of await stores.entitlements.accountsOf(companyId)) {
        await recompute(stores, accountId);
      }
    },
    async sweep(now, limit) {
      const due = await outer.dueForRecheck(now, limit);
      const failures: unknown[] = [];
      for (const accountId of due) {
        await transact((stores) => recompute(stores, accountId)).catch((error: unknown) =>
          failures.push(error),
        );
      }
      if (failures.length > 0) throw failures[0];
      return due.length;
    },
  };
}

/** What a token may keep, whichever company its grant acts for. */
function allowedBy(rows: readonly ScopeRow[], status: StoredStatus): AllowScope {
  const refused = new Map<CompanyId | undefined, ReadonlySet<string>>();
  return (scope, companyId) => {
    let refusedThere = refused.get(companyId);
    if (!refusedThere) {
      const met = new Set(actingFor(status, companyId).requirements);
      refusedThere = new Set(rows.filter((row) => !isEntitled(row, met)).map((row) => row.scope));
      refused.set(companyId, refusedThere);
    }
    return !refusedThere.has(scope);
  };
}

/**
 * Whether the person is verified, now and when it was last derived. A disabled account keeps its level, although it may use
 * nothing: what it met before says nothing then.
 */
function changeOfLevel(
  before: StoredStatus | undefined,
  facts: Facts,
  now: Instant,
): { from: string; to: string } | undefined {
  if (facts.account.state !== 'active' || before?.requirements.length === 0) return undefined;
  const was = before?.requirements.includes('person_verified') ?? false;
  const is = isPersonVerified(facts, now);
  if (was === is) return undefined;
  const level = facts.person?.level ?? 'rn2';
  return is ? { from: 'rn0', to: level } : { from: level, to: 'rn0' };
}
