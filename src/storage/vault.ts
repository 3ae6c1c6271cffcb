import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import {
  createBlindIndex,
  open,
  seal,
  unwrapKey,
  wrapKey,
  type BlindIndex,
  type KeyRing,
  type Place,
} from '../core/seal.ts';

/** Personal data at rest: one data key per subject, wrapped by the key-encryption keys. */
export type Vault = {
  /** Seals `value` under the subject's data key, which is made on first use. */
  seal(subject: string, place: Place, value: Buffer | string): Promise<Buffer>;
  /** Opens what {@link seal} made; undefined once the subject's key was destroyed. */
  open(subject: string, place: Place, sealed: Buffer): Promise<Buffer | undefined>;
  openText(subject: string, place: Place, sealed: Buffer): Promise<string | undefined>;
  /** Destroys the subject's data key: everything sealed under it is gone for good. */
  destroy(subject: string): Promise<void>;
  /** The keyed look-up value to store for `value`. */
  index(purpose: string, value: string): string;
  /** Every look-up value a row may have been stored under. */
  indexCandidates(purpose: string, value: string): string[];
};

export type VaultKeys = {
  readonly ring: KeyRing;
  readonly blindIndex: BlindIndex;
  readonly cache: LRUCache<string, Buffer>;
};

/** Unwrapped data keys are remembered for a minute, so that a page does not unwrap one for every field. */
export function createVaultKeys(ring: KeyRing, indexRing: KeyRing): VaultKeys {
  return { ring, blindIndex: createBlindIndex(indexRing), cache: new LRUCache({ max: 5000, ttl: 60_000 }) };
}

type KeyRow = { subject: string; kek: string; wrapped: Buffer };
type VaultSources = { readonly knex: Knex; readonly random: Random; readonly clock: Clock };

/** `remember` is false inside a transaction: a key that is rolled back must not stay in the cache. */
export function createVault(
  { knex, random, clock }: VaultSources,
  { ring, blindIndex, cache }: VaultKeys,
  remember: boolean,
): Vault {
  const find = async (subject: string): Promise<Buffer | undefined> => {
    const known = cache.get(subject);
    if (known) return known;
    const row = await knex<KeyRow>('subject_keys').where({ subject }).first('kek', 'wrapped');
    if (!row) return undefined;
    const key = unwrapKey(ring, subject, row);
    if (remember) cache.set(subject, key);
    return key;
  };
  const findOrMake = async (subject: string): Promise<Buffer> => {
    const found = await find(subject);
    if (found) return found;
    const { kek, wrapped } = wrapKey(ring, subject, random.bytes(32), random);
    await knex('subject_keys')
      .insert({ subject, kek, wrapped, created_at: clock.now() })
      .onConflict('subject')
      .ignore();
    return (await find(subject)) as Buffer;
  };
  const openSealed: Vault['open'] = async (subject, place, sealed) => {
    const key = await find(subject);
    return key && open(key, place, sealed);
  };
  return {
    seal: async (subject, place, value) => seal(await findOrMake(subject), place, value, random),
    open: openSealed,
    openText: async (subject, place, sealed) => (await openSealed(subject, place, sealed))?.toString('utf8'),
    async destroy(subject) {
      await knex('subject_keys').where({ subject }).delete();
      cache.delete(subject);
    },
    index: (purpose, value) => blindIndex.of(purpose, value),
    indexCandidates: (purpose, value) => blindIndex.candidates(purpose, value),
  };
}
