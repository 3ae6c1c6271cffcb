import type { AccountId } from '../../core/ids.ts';
import type { AccountStanding } from '../../entitlements/index.ts';
import type { ArtifactStorage } from '../../oidc/index.ts';
import type { Database } from '../database.ts';
import { openPostgresArtifacts } from './postgres.ts';
import { openSqliteArtifacts } from './sqlite.ts';

export { bindArtifacts } from './bound.ts';

/** What the way of a token reads and writes, by the fastest means each database has. */
export type HotPath = {
  readonly artifacts: ArtifactStorage;
  readStanding(accountId: AccountId): Promise<AccountStanding | undefined>;
};

export function openHotPath({ connection, handle, stores }: Database): HotPath {
  const artifacts = connection.sqlite
    ? openSqliteArtifacts(connection.sqlite, handle)
    : openPostgresArtifacts(connection.knex, handle);
  return { artifacts, readStanding: (accountId) => stores.entitlements.standing(accountId) };
}
