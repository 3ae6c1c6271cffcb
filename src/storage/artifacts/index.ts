import type { ArtifactStorage } from '../../oidc/index.ts';
import type { Database } from '../database.ts';
import { createCommittedCache } from './committed-cache.ts';
import { postgresClients, sqliteReads, type FindClient } from './hot-reads.ts';
import { createQuery, openPostgresArtifacts } from './postgres.ts';
import { openSqliteArtifacts } from './sqlite.ts';

/** What the way of a token reads and writes, by the fastest means each database has. */
export type HotPath = {
  readonly artifacts: ArtifactStorage;
  readonly findClient: FindClient;
};

export function openHotPath({ connection, handle }: Database): HotPath {
  const { sqlite, knex } = connection;
  if (sqlite) {
    const cache = createCommittedCache();
    const { readStanding, findClient } = sqliteReads(sqlite.reader, cache);
    return { artifacts: openSqliteArtifacts(sqlite, cache, readStanding, handle), findClient };
  }
  const query = createQuery(knex);
  return { artifacts: openPostgresArtifacts(query, handle), findClient: postgresClients(query) };
}
