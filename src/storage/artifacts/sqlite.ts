import type Sqlite from 'better-sqlite3';
import type { ArtifactReads, ArtifactStorage, CommitOutcome } from '../../oidc/index.ts';
import type { SqliteAccess } from '../open.ts';
import type { CommittedCache } from './committed-cache.ts';
import { artifactKey, decode, uidKey, type ArtifactRow, type FoundRow } from './row.ts';
import { createUnits, type Operation, type Unit, type UnitSources } from './unit.ts';

/**
 * The hot path on SQLite: reads on a connection of their own through prepared statements; the writes of one turn of
 * the event loop in one commit on the pooled connection, so that they never mix with a transaction of somebody else.
 */
export function openSqliteArtifacts(
  access: SqliteAccess,
  cache: CommittedCache,
  readStanding: ArtifactReads['standing'],
  sources: UnitSources,
): ArtifactStorage {
  const { reader } = access;
  const byKey = reader.prepare<[Buffer], FoundRow>(
    'select payload, consumed_at from artifacts where key = ?',
  );
  const byUid = reader.prepare<[Buffer], FoundRow>(
    'select payload, consumed_at from artifacts where uid_key = ?',
  );
  const write = (writer: Sqlite.Database, units: readonly Unit[]): CommitOutcome[] => {
    cache.beforeWrite(writer);
    const outcomes = commitOn(writer)(units);
    cache.afterWrite();
    units.forEach(({ conditions, writes }, i) => {
      if (outcomes[i] !== 'committed') return;
      conditions.forEach((operation) => reflect(cache, operation));
      writes.forEach((operation) => reflect(cache, operation));
    });
    return outcomes;
  };
  const reads: ArtifactReads = {
    async find(model, id) {
      const key = artifactKey(model, id);
      const row = cache.read(name(key), () => byKey.get(key));
      return row && decode(model, id, row, sources);
    },
    async findByUid(uid) {
      const key = uidKey(uid);
      const row = cache.read(name(key), () => byUid.get(key));
      return row && decode('Session', undefined, row, sources);
    },
    standing: readStanding,
  };
  return {
    reads: () => reads,
    begin: createUnits((units) => access.write((writer) => write(writer, units)), sources),
  };
}

/** What is read again soon; refresh tokens are not, within the life of a cache entry. */
const readAgain = new Set(['Session', 'Grant', 'AuthorizationCode', 'AccessToken']);

function reflect(cache: CommittedCache, operation: Operation): void {
  switch (operation.kind) {
    case 'insert':
    case 'upsert': {
      const { row } = operation;
      const found: FoundRow = { payload: row.payload, consumed_at: null };
      if (readAgain.has(row.model)) cache.set(name(row.key), found);
      else cache.forget(name(row.key));
      if (row.uid_key) cache.set(name(row.uid_key), found);
      return;
    }
    case 'consume':
      cache.forget(name(operation.key));
      return;
    case 'destroy':
      if (operation.model === 'Session') forgetSession(cache, operation.key);
      else cache.forget(name(operation.key));
      return;
    case 'revoke':
      cache.clear();
  }
}

/** A session is remembered under its uid, too, which only its payload tells. */
function forgetSession(cache: CommittedCache, key: Buffer): void {
  const known = cache.peek(name(key)) as FoundRow | undefined;
  if (!known) return cache.clear();
  const { uid } = JSON.parse(known.payload) as { uid: string };
  cache.forget(name(key));
  cache.forget(name(uidKey(uid)));
}

function name(key: Buffer): string {
  return key.toString('latin1');
}

type Commit = (units: readonly Unit[]) => CommitOutcome[];

const commits = new WeakMap<Sqlite.Database, Commit>();

/** Statements belong to a connection, and the pool may replace its connection. */
function commitOn(writer: Sqlite.Database): Commit {
  let known = commits.get(writer);
  if (!known) commits.set(writer, (known = prepareCommit(writer)));
  return known;
}

const COLUMNS = 'key, model, grant_key, uid_key, session_key, account_id, payload, expires_at';

function prepareCommit(writer: Sqlite.Database): Commit {
  const insert = writer.prepare(`insert into artifacts (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (key) do nothing`);
  const upsert = writer.prepare(`insert into artifacts (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (key) do update set payload = excluded.payload, account_id = excluded.account_id,
    uid_key = excluded.uid_key, expires_at = excluded.expires_at`);
  const consume = writer.prepare(
    'update artifacts set consumed_at = ? where key = ? and consumed_at is null',
  );
  const destroy = writer.prepare('delete from artifacts where key = ?');
  const revoke = writer.prepare('delete from artifacts where grant_key = ?');

  const apply = (operation: Operation): number => {
    switch (operation.kind) {
      case 'insert':
        return insert.run(...values(operation.row)).changes;
      case 'upsert':
        return upsert.run(...values(operation.row)).changes;
      case 'consume':
        return consume.run(operation.at, operation.key).changes;
      case 'destroy':
        return destroy.run(operation.key).changes;
      case 'revoke':
        return revoke.run(operation.grantKey).changes;
    }
  };
  const commitAll = writer.transaction((units: readonly Unit[]) =>
    units.map(({ conditions, writes }): CommitOutcome => {
      if (!conditions.every((condition) => apply(condition) === 1)) return 'conflict';
      writes.forEach(apply);
      return 'committed';
    }),
  );
  return (units) => commitAll.immediate(units);
}

function values(row: ArtifactRow): unknown[] {
  const { key, model, grant_key, uid_key, session_key, account_id, payload, expires_at } = row;
  return [key, model, grant_key, uid_key, session_key, account_id, payload, expires_at];
}
