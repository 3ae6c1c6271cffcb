import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { CompanyStanding } from './acting.ts';
import type { AccountState, Facts } from './facts.ts';
import type { NextStep, Reason, RecruiterStatus } from './reasons.ts';
import type { Requirement } from './requirements.ts';
import type { ResourceRow, ScopeRow } from './scopes.ts';

/** The recruiter status as it was last derived. */
export type StoredStatus = {
  readonly accountId: AccountId;
  readonly status: RecruiterStatus;
  readonly reasons: readonly Reason[];
  readonly nextStep: NextStep;
  readonly companyId: CompanyId | null;
  readonly companyCode: string | null;
  /** The requirements that were met, for the token endpoint. */
  readonly requirements: readonly Requirement[];
  /** The same for each company the person has to do with, the one that leaves the least to do first. */
  readonly companies: readonly CompanyStanding[];
  readonly derivedAt: Instant;
  readonly recheckAt: Instant | null;
};

/** What the way of a token needs of an account, in one read. */
export type AccountStanding = {
  readonly state: AccountState;
  readonly candidate: boolean;
  readonly recruiter: boolean;
  /** When the account row was last written. */
  readonly changedAt: Instant;
  readonly status: StoredStatus | undefined;
};

/** Facts and the time during which they were the account's: `validFrom` ≤ t < `validUntil`, null while they still are. */
export type FactsSnapshot = {
  readonly facts: Facts;
  readonly validFrom: Instant;
  readonly validUntil: Instant | null;
};

export type EntitlementStore = {
  /** Everything entitlements are derived from; undefined when there is no such account. */
  facts(accountId: AccountId): Promise<Facts | undefined>;
  /**
   * Lets one derivation of an account run at a time: another transaction's waits here until this one has ended, and then
   * sees what it changed.
   */
  lock(accountId: AccountId): Promise<void>;
  standing(accountId: AccountId): Promise<AccountStanding | undefined>;
  status(accountId: AccountId): Promise<StoredStatus | undefined>;
  writeStatus(status: StoredStatus): Promise<void>;
  /** Accounts whose status time alone may have changed, at most `limit`. */
  dueForRecheck(now: Instant, limit: number): Promise<AccountId[]>;
  /**
   * Accounts with a membership in the company, whatever became of it, by their ids; they are derived again when the
   * company changes. With a page: at most `limit` of them, after `after`.
   */
  accountsOf(
    companyId: CompanyId,
    page?: { readonly after: AccountId | undefined; readonly limit: number },
  ): Promise<AccountId[]>;
  /** The facts that were last kept; undefined when none were yet. */
  snapshot(accountId: AccountId): Promise<FactsSnapshot | undefined>;
  /** What was kept until `at`, the newest first: the snapshot in force then, and at most `limit` - 1 before it. */
  snapshotsUntil(accountId: AccountId, at: Instant, limit: number): Promise<FactsSnapshot[]>;
  /** Closes the snapshot in force and keeps these facts from `from` on, which is not earlier; replaces one of `from`. */
  writeSnapshot(facts: Facts, from: Instant): Promise<void>;
  /** Deletes at most `limit` snapshots that ended before `before`. */
  purgeSnapshots(before: Instant, limit: number): Promise<number>;
};

/** A resource scope with what the consent page calls it, for scopes our own texts do not know. */
export type ResourceScopeRow = ScopeRow & {
  readonly resource: string;
  readonly titles: Readonly<Record<string, string>>;
};

export type ResourceStore = {
  list(): Promise<{ readonly resources: ResourceRow[]; readonly scopes: ResourceScopeRow[] }>;
  /** Adds what is not there yet; what an operator changed stays. */
  seed(resources: readonly ResourceRow[], scopes: readonly ResourceScopeRow[]): Promise<void>;
  putResource(resource: ResourceRow): Promise<void>;
  putScope(scope: ResourceScopeRow): Promise<void>;
  removeScope(resource: string, scope: string): Promise<boolean>;
};

/** Whether a token may keep a scope, by the company its grant acts for, if any. */
export type AllowScope = (scope: string, companyId: CompanyId | undefined) => boolean;

/** Opaque access tokens, which can be recalled; implemented by whoever stores them. */
export type RecallableTokens = {
  killAccessTokens(accountId: AccountId, isAllowed: AllowScope): Promise<number>;
};
