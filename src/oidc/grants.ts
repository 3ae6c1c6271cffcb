import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Requirement } from '../entitlements/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Grantable } from './consents.ts';

export type Grant = InstanceType<Provider['Grant']>;

/** The app behind the service's own pages: it signs people in and gets nothing. */
export const ownClientId = 'shiming';

/** Claims every grant has; nobody is asked about them. */
const always = new Set(['sub', 'sid', 'auth_time', 'acr', 'amr', 'iss']);

/** What the authorization request asks for, as far as it can be granted at all. */
export function requested(ctx: KoaContextWithOIDC): Grantable {
  const { oidc } = ctx;
  return {
    scopes: [...oidc.requestParamOIDCScopes],
    claims: [...oidc.requestParamClaims].filter((claim) => !always.has(claim)),
    resources: Object.fromEntries(
      Object.entries(oidc.resourceServers ?? {}).map(([resource, server]) => [
        resource,
        [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope)),
      ]),
    ),
  };
}

export function grantedBy(grant: Grant): Grantable {
  return {
    scopes: split(grant.openid?.scope),
    claims: grant.openid?.claims ?? [],
    resources: Object.fromEntries(
      Object.entries(grant.resources ?? {}).map(([resource, scope]) => [resource, split(scope)]),
    ),
  };
}

export function extend(grant: Grant, given: Grantable): void {
  if (given.scopes.length > 0) grant.addOIDCScope(given.scopes.join(' '));
  if (given.claims.length > 0) grant.addOIDCClaims([...given.claims]);
  for (const [resource, scopes] of Object.entries(given.resources)) {
    if (scopes.length > 0) grant.addResourceScope(resource, scopes.join(' '));
  }
}

/**
 * Takes out of a grant, in memory and for this request only, what the account is not entitled to now. The stored
 * grant keeps it, so that a status gained later widens the next refresh.
 */
export function narrow(grant: Grant, catalogue: Catalogue, met: ReadonlySet<Requirement>): void {
  const { scopes, resources } = catalogue.refused(grantedBy(grant), met);
  // Never touch an object that the stored payload may share.
  if (grant.rejected) grant.rejected = structuredClone(grant.rejected);
  if (scopes.length > 0) grant.rejectOIDCScope(scopes.join(' '));
  for (const [resource, refused] of Object.entries(resources)) {
    if (refused.length > 0) grant.rejectResourceScope(resource, refused.join(' '));
  }
}

function split(scope: string | undefined): string[] {
  return scope ? scope.split(' ') : [];
}
