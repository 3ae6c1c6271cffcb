import { errors, type Configuration } from 'oidc-provider';
import type { AccountId } from '../core/ids.ts';
import type { AccountDependencies } from './accounts.ts';
import { standingUnder } from './acting.ts';
import { metBy } from './subject.ts';

type Features = NonNullable<Configuration['features']>;
type IntrospectionPolicy = NonNullable<NonNullable<Features['introspection']>['allowedPolicy']>;
type RevocationPolicy = NonNullable<NonNullable<Features['revocation']>['allowedPolicy']>;

/**
 * An app may look at its own tokens, and a resource server at those made out to it. A token with a scope that the
 * account is not entitled to at this moment, for the company it acts for, is not active, even if its deletion is still on the way.
 */
export function introspectionPolicy({
  readStanding,
  catalogue,
}: Pick<AccountDependencies, 'readStanding' | 'catalogue'>): IntrospectionPolicy {
  return async (ctx, client, token) => {
    // Without a credential anybody could ask in its name.
    if (client.clientAuthMethod === 'none') return false;
    const audience = 'aud' in token ? token.aud : undefined;
    const introspects = (client['introspects'] as readonly string[] | undefined) ?? [];
    const own = token.clientId === client.clientId;
    if (!own && !(typeof audience === 'string' && introspects.includes(audience))) return false;
    if (!('accountId' in token) || typeof token.accountId !== 'string') return true;
    const standing = await readStanding(token.accountId as AccountId, ctx.req);
    if (standing?.state !== 'active') return false;
    // A refresh token carries what was consented to; what it yields is decided when it is used.
    if (token.kind === 'RefreshToken') return true;
    const met = metBy(standingUnder(ctx.oidc.grant, standing));
    return [...token.scopes].every((scope) => catalogue.allows(scope, met));
  };
}

/** RFC 7009 section 2.1: only the app a token was issued to may revoke it. */
export const revocationPolicy: RevocationPolicy = (_ctx, client, token) => {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
};
