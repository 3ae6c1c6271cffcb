import type { AccountId, CompanyId } from '../core/ids.ts';
import type { Instant } from '../core/clock.ts';
import type { AccountStanding, AllowScope } from '../entitlements/index.ts';

/** The kinds of things oidc-provider keeps: its model names. */
export type ArtifactModel = string;

export type ArtifactPayload = Record<string, unknown>;

/**
 * Sessions, grants, codes and tokens on the way of a request. Ids are bearer secrets: only their hashes are stored.
 * Reads see committed data only.
 */
export type ArtifactStorage = {
  /** The reads of one request, which may fetch together what the request is going to need. */
  reads(): ArtifactReads;
  begin(): ArtifactWrites;
};

export type ArtifactReads = {
  find(model: ArtifactModel, id: string): Promise<ArtifactPayload | undefined>;
  /** The session with this public identifier; its payload carries no session id. */
  findByUid(uid: string): Promise<ArtifactPayload | undefined>;
  /** What the account may have, as it was last derived. */
  standing(accountId: AccountId): Promise<AccountStanding | undefined>;
};

/** The writes of one request: all of them are committed together by {@link commit}, or none. */
export type ArtifactWrites = {
  upsert(model: ArtifactModel, id: string, payload: ArtifactPayload, expiresIn: number): void;
  /** Marks a one-time artifact as used. When somebody else was first, the whole commit fails with a conflict. */
  consume(model: ArtifactModel, id: string, at: Instant): void;
  destroy(model: ArtifactModel, id: string): void;
  revokeByGrantId(grantId: string): void;
  readonly isEmpty: boolean;
  /** Resolves once everything is durable. */
  commit(): Promise<CommitOutcome>;
};

export type CommitOutcome = 'committed' | 'conflict';

/** What happens to artifacts as a consequence of something else, within that something's transaction. */
export type ArtifactStore = {
  /** Kills every opaque access token of the account that carries a scope for which `isAllowed` is false. */
  killAccessTokens(accountId: AccountId, isAllowed: AllowScope): Promise<number>;
  /** Which company each grant of the account acts for, where it acts for one; an app may have several grants. */
  companiesActedFor(accountId: AccountId): Promise<{ clientId: string; companyId: CompanyId }[]>;
  /**
   * Ends every session and grant of the account with all their tokens, and sign-ins that are not sessions yet. The
   * session with the uid `keep` stays, with what apps were given in it.
   */
  revokeAccount(accountId: AccountId, keep?: string): Promise<number>;
  /** Ends the account's grants to one app with all their tokens. */
  revokeClient(accountId: AccountId, clientId: string): Promise<number>;
  purge(now: Instant, limit: number): Promise<number>;
};
