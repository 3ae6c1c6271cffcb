import { createHash } from 'node:crypto';

/** Who runs: the library alone as the measure of all things, ourselves, and whatever is to be compared. */
export const contestants = {
  bare: 'oidc-provider, in-memory map, RS256',
  'bare again': 'the same once more: the noise of the run',
  'bare ES256': 'oidc-provider, in-memory map, ES256 signed on the spot: the limit',
  sqlite: 'Shiming on SQLite (normal)',
  'sqlite full': 'Shiming on SQLite, durable to power loss',
  postgres: 'Shiming on PostgreSQL',
} as const;

export type Contestant = keyof typeof contestants;

export const users = 16;
export const clientId = 'bench';
export const clientSecret = 'a-secret-of-the-benchmark-only';
export const redirectUri = 'https://app.example/callback';
/** PKCE with a fixed verifier: making one costs the load generator, not the server. */
export const verifier = 'v'.repeat(43);
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** What a server process says to the one that drives it. */
export type Ready = { readonly kind: 'ready'; readonly url: string };
/** Microseconds of CPU time since the process started. */
export type Usage = { readonly kind: 'usage'; readonly cpu: number };
