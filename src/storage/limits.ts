import type { Hits, LimitStore } from '../accounts/index.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

/** Counters by keyed hash: neither a number nor an address can be read from the table. */
export function bindLimits({ knex, vault, dialect }: Handle): LimitStore {
  const hashed = (keys: readonly string[]) => new Map(keys.map((key) => [vault.index('limit', key), key]));
  const byKey = (rows: readonly LimitRow[], names: ReadonlyMap<string, string>): Record<string, Hits> =>
    Object.fromEntries(rows.map(({ key, hits }) => [names.get(key) ?? key, JSON.parse(hits) as Hits]));
  return {
    async read(keys) {
      const names = hashed(keys);
      return byKey(await knex<LimitRow>('limits').whereIn('key', [...names.keys()]), names);
    },
    async lock(keys, now) {
      const names = hashed(keys);
      // Always in the same order, so that two transactions cannot wait for each other.
      const ordered = [...names.keys()].sort();
      await knex('limits')
        .insert(ordered.map((key) => ({ key, hits: '[]', expires_at: now })))
        .onConflict('key')
        .ignore();
      const query = knex<LimitRow>('limits').whereIn('key', ordered).orderBy('key');
      return byKey(dialect === 'postgres' ? await query.forUpdate() : await query, names);
    },
    async write(entries) {
      if (entries.length === 0) return;
      const rows = entries.map(({ key, hits, expiresAt }) => ({
        key: vault.index('limit', key),
        hits: JSON.stringify(hits),
        expires_at: expiresAt,
      }));
      await knex('limits').insert(rows).onConflict('key').merge(['hits', 'expires_at']);
    },
    purge: (now, limit) => deleteExpired(knex, 'limits', 'key', now, limit),
  };
}

type LimitRow = { key: string; hits: string };
