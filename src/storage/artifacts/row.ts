import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ArtifactPayload } from '../../oidc/index.ts';
import type { Random } from '../../core/random.ts';
import type { Vault } from '../vault.ts';

export type ArtifactRow = {
  readonly key: Buffer;
  readonly model: string;
  readonly grant_key: Buffer | null;
  readonly uid_key: Buffer | null;
  /** Of what ends with a session: that session's `uid_key`. */
  readonly session_key: Buffer | null;
  readonly account_id: string | null;
  readonly payload: string;
  readonly expires_at: number;
};

export type PayloadSources = {
  readonly random: Random;
  readonly vault: Pick<Vault, 'index' | 'indexCandidates'>;
};

export type FoundRow = { readonly payload: string; readonly consumed_at: number | null };

/** The key an artifact is stored under: a hash, because most ids are bearer tokens. */
export function artifactKey(model: string, id: string): Buffer {
  const text = `${model}:${id}`;
  if (!again.has(model)) return hash('sha256', text, 'buffer');
  const known = hashed.get(text);
  if (known) return known;
  const key = hash('sha256', text, 'buffer');
  hashed.set(text, key);
  return key;
}

export function uidKey(uid: string): Buffer {
  return artifactKey('Uid', uid);
}

/** Ids that are met many times in the life of a session, several times in one request. */
const again = new Set(['Grant', 'Session', 'Uid']);
const hashed = new LRUCache<string, Buffer>({ max: 2000 });

/** Looked up by account: everything else is reached through its grant. */
const byAccount = new Set(['Session', 'Grant', 'Interaction']);
const byUid = new Set(['Session']);
/**
 * Carry the parameters of a request, a phone number as `login_hint` among them: encrypted under a key of the
 * installation and their id. The id alone is not enough: that of an interaction stands in other tables and in addresses.
 */
const encrypted = new Set(['Interaction', 'PushedAuthorizationRequest']);

export function encode(
  model: string,
  id: string,
  payload: ArtifactPayload,
  expiresAt: number,
  { random, vault }: PayloadSources,
): ArtifactRow {
  const { jti: _bearer, consumed: _column, ...kept } = payload;
  const text = JSON.stringify(kept);
  const grantId = payload['grantId'];
  const uid = payload['uid'];
  const accountId = model === 'Interaction' ? signedInBy(payload) : payload['accountId'];
  const { expiresWithSession, sessionUid } = payload;
  return {
    key: artifactKey(model, id),
    model,
    grant_key: typeof grantId === 'string' ? artifactKey('Grant', grantId) : null,
    uid_key: byUid.has(model) && typeof uid === 'string' ? uidKey(uid) : null,
    session_key: expiresWithSession === true && typeof sessionUid === 'string' ? uidKey(sessionUid) : null,
    account_id: byAccount.has(model) && typeof accountId === 'string' ? accountId : null,
    payload: encrypted.has(model) ? encrypt(vault.index(PURPOSE, id), text, random) : text,
    expires_at: expiresAt,
  };
}

/** Whose session an interaction is about to make: it ends with the account's sessions, though it is none yet. */
function signedInBy({ result }: ArtifactPayload): unknown {
  return (result as { login?: { accountId?: string } } | undefined)?.login?.accountId;
}

/** `id` is undefined where the caller does not know it; then the payload is without one. */
export function decode(
  model: string,
  id: string | undefined,
  row: FoundRow,
  { vault }: Pick<PayloadSources, 'vault'>,
): ArtifactPayload {
  const text =
    encrypted.has(model) && id !== undefined
      ? decrypt(vault.indexCandidates(PURPOSE, id), row.payload)
      : row.payload;
  const payload = JSON.parse(text) as ArtifactPayload;
  if (id !== undefined) payload['jti'] = id;
  if (row.consumed_at !== null) payload['consumed'] = Math.floor(row.consumed_at / 1000);
  return payload;
}

const PURPOSE = 'artifact-payload';

function encrypt(secret: string, text: string, random: Random): string {
  const iv = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', payloadKey(secret), iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Tries the secret of each configured key; throws when none of them opens the payload. */
function decrypt([secret = '', ...older]: readonly string[], stored: string): string {
  const bytes = Buffer.from(stored, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', payloadKey(secret), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  } catch (error) {
    if (older.length === 0) throw error;
    return decrypt(older, stored);
  }
}

function payloadKey(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
