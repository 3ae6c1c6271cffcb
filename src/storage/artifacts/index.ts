import type { ArtifactStorage } from '../../oidc/index.ts';
import type { Database } from '../database.ts';
import { createCommittedCache } from './committed-cache.ts';
import { postgresReads, sqliteReads, type HotReads } from './hot-reads.ts';
import { createQuery, openPostgresArtifacts } from './postgres.ts';
import { openSqliteArtifacts } from './sqlite.ts';

/** What the way of a token reads and writes, by the fastest means each database has. */
export type HotPath = HotReads & { readonly artifacts: ArtifactStorage };

export function openHotPath({ connection, handle }: Database): HotPath {
  const { sqlite, knex } = connection;
  if (sqlite) {
    const cache = createCommittedCache();
    return {
      artifacts: openSqliteArtifacts(sqlite, cache, handle),
      ...sqliteReads(sqlite.reader, cache),
    };
  }
  const query = createQuery(knex);
  return { artifacts: openPostgresArtifacts(query, handle), ...postgresReads(query) };
}
