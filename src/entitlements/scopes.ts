import type { Requirement } from './requirements.ts';

export type ScopeRow = {
  readonly scope: string;
  /** The resource server that understands the scope; undefined for scopes about the person, answered by ourselves. */
  readonly resource?: string;
  /** All of them must hold, or the scope is not granted. */
  readonly requires: readonly Requirement[];
  /** Whether an app may have it for itself, without a person (client credentials). */
  readonly machine?: boolean;
};

export type ResourceRow = {
  /** The resource indicator (RFC 8707), an absolute URI; also the audience of its access tokens. */
  readonly identifier: string;
  readonly name: string;
  readonly tokenFormat: 'jwt' | 'opaque';
  /** Seconds; access tokens nobody can recall (JWT) live ten minutes at most. */
  readonly tokenLifetime: number;
};

/** The recruiting platform's API, the resource server every installation starts with. */
export const platformResource: ResourceRow = {
  identifier: 'https://platform.example/api',
  name: 'Recruiting platform',
  tokenFormat: 'jwt',
  tokenLifetime: 600,
};

/** Our own API for receivers of signals, under the issuer; only apps call it, for themselves. */
export function signalResource(issuer: string): ResourceRow {
  return { identifier: `${issuer}/ssf`, name: 'Shared Signals', tokenFormat: 'opaque', tokenLifetime: 600 };
}

/** Scopes of {@link signalResource}; the resource is filled in where the issuer is known. */
export const signalScopes: readonly (ScopeRow & { readonly meaning: string })[] = [
  { scope: 'ssf.read', requires: [], machine: true, meaning: 'read the app’s own streams, and poll' },
  {
    scope: 'ssf.manage',
    requires: [],
    machine: true,
    meaning: 'create, change and delete them, their status and subjects, and ask for verification',
  },
];

/** The program's own API as scopes name it: its path below the issuer, which is its resource indicator. */
export const ownApi = '/api/v1';

/** Apps call it for themselves; its tokens are opaque, so that none outlives what it was issued for. */
export const ownResource: ResourceRow = {
  identifier: ownApi,
  name: 'Shiming',
  tokenFormat: 'opaque',
  tokenLifetime: 600,
};

/**
 * THE scope table: what is about the person is fixed here, what belongs to a resource server is copied into the
 * database at the first start, where an operator changes and extends it.
 */
export const scopeTable: readonly ScopeRow[] = [
  { scope: 'openid', requires: [] },
  { scope: 'offline_access', requires: [] },
  { scope: 'profile', requires: [] },
  { scope: 'phone', requires: ['phone_verified'] },
  { scope: 'email', requires: [] },
  { scope: 'roles', requires: [] },
  { scope: 'verification', requires: [] },
  { scope: 'company', requires: ['company_member'] },
  { scope: 'application:submit', resource: platformResource.identifier, requires: ['resume_complete'] },
  { scope: 'resume:search', resource: platformResource.identifier, requires: ['recruiter_eligible'] },
  { scope: 'resume:read', resource: platformResource.identifier, requires: ['recruiter_eligible'] },
  { scope: 'job:publish', resource: platformResource.identifier, requires: ['recruiter_eligible'] },
  { scope: 'company:manage', resource: platformResource.identifier, requires: ['company_admin'] },
  { scope: 'recruiter:read', resource: ownApi, requires: [], machine: true },
];

export const personScopes: readonly ScopeRow[] = scopeTable.filter((row) => row.resource === undefined);
export const resourceScopes: readonly ScopeRow[] = scopeTable.filter((row) => row.resource !== undefined);

/** Whether everything the scope requires is met. */
export function isEntitled(row: ScopeRow, met: ReadonlySet<Requirement>): boolean {
  return row.requires.every((requirement) => met.has(requirement));
}
