import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Random } from './random.ts';

/** The place a sealed value belongs to; it is authenticated, so a value moved to another row does not open. */
export type Place = { readonly table: string; readonly column: string; readonly row: string };

/** A 256-bit key with the identifier under which it is stored beside what it wrapped. */
export type NamedKey = { readonly id: string; readonly key: Buffer };

/** Keys in order of age, newest first: the first one seals, all of them open. */
export type KeyRing = readonly [NamedKey, ...NamedKey[]];

const VERSION = 1;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** AES-256-GCM: `version (1) | iv (12) | ciphertext | tag (16)`, bound to its place. */
export function seal(key: Buffer, place: Place, plain: Buffer | string, random: Random): Buffer {
  const iv = random.bytes(IV_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(associatedData(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), iv, body, cipher.getAuthTag()]);
}

/** Reverses {@link seal}. Throws when the value was altered, belongs to another place or another key. */
export function open(key: Buffer, place: Place, sealed: Buffer): Buffer {
  if (sealed.length < 1 + IV_LENGTH + TAG_LENGTH || sealed[0] !== VERSION) throw new SealError();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV_LENGTH));
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV_LENGTH, -TAG_LENGTH)), decipher.final()]);
  } catch (cause) {
    throw new SealError(cause);
  }
}

/** A stored value could not be opened: wrong key, wrong place, or altered. */
export class SealError extends Error {
  constructor(cause?: unknown, reason = 'wrong key, or altered') {
    super(`a sealed value could not be opened: ${reason}`, { cause });
    this.name = 'SealError';
  }
}

/** Wraps a subject's data key under the newest key-encryption key. */
export function wrapKey(ring: KeyRing, subject: string, dataKey: Buffer, random: Random): WrappedKey {
  const [newest] = ring;
  return { kek: newest.id, wrapped: seal(newest.key, keyPlace(subject), dataKey, random) };
}

export function unwrapKey(ring: KeyRing, subject: string, { kek, wrapped }: WrappedKey): Buffer {
  const named = ring.find(({ id }) => id === kek);
  if (!named) throw new SealError(undefined, `the key-encryption key "${kek}" is not configured`);
  return open(named.key, keyPlace(subject), wrapped);
}

export type WrappedKey = { readonly kek: string; readonly wrapped: Buffer };

/** Keyed look-up values for sealed columns. The key version leads, so that a rotation can tell old from new. */
export type BlindIndex = {
  /** The value to store: `<key id>.<base64url HMAC-SHA-256>`. */
  of(purpose: string, value: string): string;
  /** Every value a row may have been stored under, newest key first. */
  candidates(purpose: string, value: string): string[];
};

export function createBlindIndex(ring: KeyRing): BlindIndex {
  const derived = ring.map(({ id, key }) => ({ id, key: deriveKey(key, 'blind-index') }));
  const one = ({ id, key }: NamedKey, purpose: string, value: string) =>
    `${id}.${createHmac('sha256', key).update(`${purpose}\0${value}`).digest('base64url')}`;
  return {
    of: (purpose, value) => one(derived[0] as NamedKey, purpose, value),
    candidates: (purpose, value) => derived.map((key) => one(key, purpose, value)),
  };
}

/** HKDF-SHA-256 of a configured secret for one named use (RFC 5869). */
export function deriveKey(secret: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `shiming/${use}`, 32));
}

function associatedData({ table, column, row }: Place): Buffer {
  return Buffer.from(`${table}\0${column}\0${row}`);
}

function keyPlace(subject: string): Place {
  return { table: 'subject_keys', column: 'wrapped', row: subject };
}
