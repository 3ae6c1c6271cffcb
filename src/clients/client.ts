import { createHash } from 'node:crypto';
import type { Instant } from '../core/clock.ts';

/** A relying app as it is stored. Its secret is not: only the digest, which is enough to compare. */
export type Client = {
  readonly id: string;
  /** Shown to people on the sign-in and consent pages. */
  readonly name: string;
  /** Ours: nobody is asked for consent. */
  readonly firstParty: boolean;
  readonly secretDigest: string | null;
  readonly metadata: ClientMetadata;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** OpenID Connect Dynamic Client Registration 1.0 section 2, as far as an operator may set it. */
export type ClientMetadata = {
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris: readonly string[];
  readonly grant_types: readonly GrantType[];
  readonly response_types: readonly ('code' | 'none')[];
  readonly token_endpoint_auth_method: AuthMethod;
  readonly application_type: 'web' | 'native';
  readonly subject_type: 'public' | 'pairwise';
  readonly id_token_signed_response_alg: 'ES256' | 'RS256';
  /** Space-separated; everything else is refused. Absent: no limit. */
  readonly scope?: string;
  readonly client_uri?: string;
  readonly logo_uri?: string;
  readonly sector_identifier_uri?: string;
  readonly jwks_uri?: string;
  /** Resource indicators whose tokens it may introspect: it is the resource server. */
  readonly introspects?: readonly string[];
};

export const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const;
export type GrantType = (typeof grantTypes)[number];

export const authMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** Secrets are 256 random bits, so one plain hash is enough; a slow one would only slow the token endpoint. */
export function digestSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function needsSecret(method: AuthMethod): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}
