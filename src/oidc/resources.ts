import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { needsCompany, standingUnder } from './acting.ts';
import { signalScopes } from '../entitlements/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { ProviderAccount } from './accounts.ts';

type Feature = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/** Resource indicators (RFC 8707) answered from the scope table; access tokens in RFC 9068 form unless the table says opaque. */
export function createResources(
  catalogue: Catalogue,
  ownResource: string,
): Required<Pick<Feature, 'defaultResource' | 'useGrantedResource' | 'getResourceServerInfo'>> {
  return {
    /** An app that names scopes but no resource means the resources these scopes belong to. */
    defaultResource(ctx, _client, oneOf) {
      if (oneOf) return oneOf.length === 1 ? oneOf[0] : [...oneOf];
      const found = catalogue.resourcesFor(ctx.oidc.requestParamScopes);
      return found.length > 1 ? found : found[0];
    },
    /** Without `resource` at the token endpoint the token is for userinfo; apps name the resource they want to call. */
    useGrantedResource: () => false,
    getResourceServerInfo(ctx, identifier, client) {
      const resource = catalogue.resource(identifier);
      if (!resource) throw new errors.InvalidTarget();
      const machine = ctx.oidc.params?.['grant_type'] === 'client_credentials';
      // Our own API is called by apps for themselves: nobody can let them do it in their name.
      if (identifier === ownResource && !machine) throw new errors.InvalidTarget();
      const limit = client.scope === undefined ? undefined : new Set(client.scope.split(' '));
      const scopes = catalogue
        .scopesOf(identifier)
        .filter(
          (row) =>
            (machine ? row.machine : !isForMachines(row.scope)) &&
            (limit === undefined || limit.has(row.scope)),
        )
        .map(({ scope }) => scope);
      return {
        scope: scopes.join(' '),
        audience: identifier,
        accessTokenFormat: resource.tokenFormat,
        accessTokenTTL: resource.tokenLifetime,
        ...(resource.tokenFormat === 'jwt' ? { jwt: { sign: { alg: 'ES256' as const } } } : {}),
      };
    },
  };
}

/** Scopes of our own API for apps, which nobody can give an app in a sign-in. */
function isForMachines(scope: string): boolean {
  return signalScopes.some((row) => row.scope === scope);
}

/** Tokens that let somebody act for a company name it, so that the resource server can bind them to it. */
export function companyClaim(
  ctx: KoaContextWithOIDC,
  token: { readonly scope?: string | undefined; readonly aud?: unknown },
  catalogue: Catalogue,
): { company_code: string } | undefined {
  const { account, grant } = ctx.oidc;
  if (typeof token.aud !== 'string' || !token.scope || !account) return undefined;
  const { status } = standingUnder(grant, (account as ProviderAccount).standing);
  if (!status?.companyCode) return undefined;
  const asked = { scopes: [], claims: [], resources: { [token.aud]: token.scope.split(' ') } };
  return needsCompany(asked, catalogue) ? { company_code: status.companyCode } : undefined;
}
