import { createHmac } from 'node:crypto';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

type Client = NonNullable<KoaContextWithOIDC['oidc']['client']>;

/**
 * OpenID Connect Core section 8.1: a subject that two apps of different sectors cannot match. Keyed with a secret of
 * the installation that never changes, because the apps' records hang on it.
 */
export function pairwise(secret: Buffer): NonNullable<Configuration['pairwiseIdentifier']> {
  return (_ctx, accountId, client) =>
    createHmac('sha256', secret)
      .update(`${sectorOf(client)}\0${accountId}`)
      .digest('base64url');
}

/** The `sub` of an account for an app, as identity tokens have it. */
export function subjects(secret: Buffer): (accountId: string, client: Client) => string {
  const identify = pairwise(secret);
  return (accountId, client) =>
    client.subjectType === 'pairwise'
      ? (identify(undefined as never, accountId, client) as string)
      : accountId;
}

/** Desktop and mobile apps are sent back to addresses that any app may use, which say nothing about whose app it is. */
function sectorOf(client: Client): string {
  return client.applicationType === 'native'
    ? `client ${client.clientId}`
    : String(client['sectorIdentifier']);
}
