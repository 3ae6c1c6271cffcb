import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import type { ArtifactPayload } from '../../oidc/index.ts';
import type { Random } from '../../core/random.ts';

export type ArtifactRow = {
  readonly key: Buffer;
  readonly model: string;
  readonly grant_key: Buffer | null;
  readonly uid_key: Buffer | null;
  readonly account_id: string | null;
  readonly payload: string;
  readonly expires_at: number;
};

export type FoundRow = { readonly payload: string; readonly consumed_at: number | null };

/** The key an artifact is stored under: a hash, because most ids are bearer tokens. */
export function artifactKey(model: string, id: string): Buffer {
  return hash('sha256', `${model}:${id}`, 'buffer');
}

export function uidKey(uid: string): Buffer {
  return artifactKey('Uid', uid);
}

/** Looked up by account: everything else is reached through its grant. */
const byAccount = new Set(['Session', 'Grant']);
const byUid = new Set(['Session']);
/** Carry the parameters of a request, a phone number as `login_hint` among them: encrypted under their own id. */
const encrypted = new Set(['Interaction', 'PushedAuthorizationRequest']);

export function encode(
  model: string,
  id: string,
  payload: ArtifactPayload,
  expiresAt: number,
  random: Random,
): ArtifactRow {
  const { jti: _bearer, consumed: _column, ...kept } = payload;
  const text = JSON.stringify(kept);
  const grantId = payload['grantId'];
  const uid = payload['uid'];
  const accountId = payload['accountId'];
  return {
    key: artifactKey(model, id),
    model,
    grant_key: typeof grantId === 'string' ? artifactKey('Grant', grantId) : null,
    uid_key: byUid.has(model) && typeof uid === 'string' ? uidKey(uid) : null,
    account_id: byAccount.has(model) && typeof accountId === 'string' ? accountId : null,
    payload: encrypted.has(model) ? encrypt(id, text, random) : text,
    expires_at: expiresAt,
  };
}

/** `id` is undefined where the caller does not know it; then the payload is without one. */
export function decode(model: string, id: string | undefined, row: FoundRow): ArtifactPayload {
  const text = encrypted.has(model) && id !== undefined ? decrypt(id, row.payload) : row.payload;
  return {
    ...(JSON.parse(text) as ArtifactPayload),
    ...(id === undefined ? {} : { jti: id }),
    ...(row.consumed_at === null ? {} : { consumed: Math.floor(row.consumed_at / 1000) }),
  };
}

/** The id has 256 bits of entropy and is not stored, so a key made from it needs no stretching and no storage. */
function payloadKey(id: string): Buffer {
  return hash('sha256', `payload:${id}`, 'buffer');
}

function encrypt(id: string, text: string, random: Random): string {
  const iv = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', payloadKey(id), iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(id: string, stored: string): string {
  const bytes = Buffer.from(stored, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', payloadKey(id), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
}
