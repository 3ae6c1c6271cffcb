import { createHmac } from 'node:crypto';
import type { Configuration } from 'oidc-provider';

/**
 * OpenID Connect Core section 8.1: a subject that two apps of different sectors cannot match. Keyed with a secret of
 * the installation that never changes, because the apps' records hang on it.
 */
export function pairwise(secret: Buffer): NonNullable<Configuration['pairwiseIdentifier']> {
  return (_ctx, accountId, client) =>
    createHmac('sha256', secret)
      .update(`${String(client['sectorIdentifier'])}\0${accountId}`)
      .digest('base64url');
}
