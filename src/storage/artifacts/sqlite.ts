import type Sqlite from 'better-sqlite3';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { ArtifactStorage } from '../../oidc/index.ts';
import type { SqliteAccess } from '../open.ts';
import { artifactKey, decode, uidKey, type ArtifactRow, type FoundRow } from './row.ts';
import { createUnits, type Operation, type Unit } from './unit.ts';

/**
 * The hot path on SQLite: reads on a connection of their own through prepared statements; the writes of one turn of
 * the event loop in one commit on the pooled connection, so that they never mix with a transaction of somebody else.
 */
export function openSqliteArtifacts(
  access: SqliteAccess,
  sources: { clock: Clock; random: Random },
): ArtifactStorage {
  const { reader } = access;
  const byKey = reader.prepare<[Buffer], FoundRow>(
    'select payload, consumed_at from artifacts where key = ?',
  );
  const byUid = reader.prepare<[Buffer], FoundRow>(
    'select payload, consumed_at from artifacts where uid_key = ?',
  );
  const begin = createUnits((units) => access.write((writer) => writersOf(writer).commit(units)), sources);
  return {
    async find(model, id) {
      const row = byKey.get(artifactKey(model, id));
      return row && decode(model, id, row);
    },
    async findByUid(uid) {
      const row = byUid.get(uidKey(uid));
      return row && decode('Session', undefined, row);
    },
    begin,
  };
}

type Writers = { commit(units: readonly Unit[]): ('committed' | 'conflict')[] };

const writers = new WeakMap<Sqlite.Database, Writers>();

/** Statements belong to a connection, and the pool may replace its connection. */
function writersOf(writer: Sqlite.Database): Writers {
  let known = writers.get(writer);
  if (!known) writers.set(writer, (known = prepareWriters(writer)));
  return known;
}

const COLUMNS = 'key, model, grant_key, uid_key, account_id, payload, expires_at';

function prepareWriters(writer: Sqlite.Database): Writers {
  const insert = writer.prepare(`insert into artifacts (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)
    on conflict (key) do nothing`);
  const upsert = writer.prepare(`insert into artifacts (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)
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
    units.map(({ conditions, writes }) => {
      if (!conditions.every((condition) => apply(condition) === 1)) return 'conflict';
      writes.forEach(apply);
      return 'committed';
    }),
  );
  return { commit: (units) => commitAll.immediate(units) };
}

function values(row: ArtifactRow): unknown[] {
  return [row.key, row.model, row.grant_key, row.uid_key, row.account_id, row.payload, row.expires_at];
}
