import type { Knex } from 'knex';
import type pg from 'pg';
import type { ArtifactStorage, CommitOutcome } from '../../oidc/index.ts';
import { postgresReads } from './postgres-reads.ts';
import type { ArtifactRow } from './row.ts';
import { createUnits, type Operation, type Unit, type UnitSources } from './unit.ts';

/**
 * The hot path on PostgreSQL: named statements, so that the server plans each once per connection, and all writes of
 * one turn of the event loop in one statement, which is one round trip and one transaction.
 */
export function openPostgresArtifacts(query: Query, sources: UnitSources): ArtifactStorage {
  return {
    reads: () => postgresReads(query, sources),
    begin: createUnits((units) => commit(query, units), sources),
  };
}

export type Query = <R extends pg.QueryResultRow>(config: pg.QueryConfig) => Promise<R[]>;

/** Runs named statements on connections of the knex pool, without knex in between. */
export function createQuery(knex: Knex): Query {
  const client = knex.client as {
    acquireConnection(): Promise<pg.Client>;
    releaseConnection(connection: pg.Client): Promise<void>;
  };
  return async <R extends pg.QueryResultRow>(config: pg.QueryConfig) => {
    const connection = await client.acquireConnection();
    try {
      return (await connection.query<R>(config)).rows;
    } finally {
      await client.releaseConnection(connection);
    }
  };
}

/** Units that touch different rows go into one statement; one that touches a row of an earlier unit waits for it. */
async function commit(query: Query, units: readonly Unit[]): Promise<CommitOutcome[]> {
  const outcomes: CommitOutcome[] = [];
  for (let from = 0; from < units.length;) {
    const batch = takeDisjoint(units, from);
    outcomes.push(...(await write(query, batch)));
    from += batch.length;
  }
  return outcomes;
}

function takeDisjoint(units: readonly Unit[], from: number): readonly Unit[] {
  const touched = new Set<string>();
  let to = from;
  for (; to < units.length; to++) {
    const keys = [...(units[to] as Unit).conditions, ...(units[to] as Unit).writes].flatMap(keysOf);
    if (keys.some((key) => touched.has(key))) break;
    keys.forEach((key) => touched.add(key));
  }
  return units.slice(from, to);
}

function keysOf(operation: Operation): string[] {
  if (operation.kind === 'revoke') return [operation.grantKey.toString('base64')];
  if (operation.kind === 'consume' || operation.kind === 'destroy') return [operation.key.toString('base64')];
  const { key, grant_key } = operation.row;
  return [key.toString('base64'), ...(grant_key ? [grant_key.toString('base64')] : [])];
}

async function write(query: Query, units: readonly Unit[]): Promise<CommitOutcome[]> {
  const batch = gather(units);
  const rows = await query<{ unit: number; held: number }>({
    name: 'artifacts-write',
    text: STATEMENT,
    values: [
      ...columns(batch.stored),
      batch.consumed.map(({ unit }) => unit),
      batch.consumed.map(({ key }) => key),
      batch.consumed.map(({ at }) => at),
      ...columns(batch.inserted),
      batch.deleted.map(({ unit }) => unit),
      batch.deleted.map(({ key }) => key),
      batch.revoked.map(({ unit }) => unit),
      batch.revoked.map(({ key }) => key),
      units.map(({ conditions }) => conditions.length),
    ],
  });
  const held = new Set(rows.map(({ unit }) => unit));
  return units.map((_, unit) => (held.has(unit) ? 'committed' : 'conflict'));
}

type Stored = { readonly unit: number; readonly row: ArtifactRow };
type Keyed = { readonly unit: number; readonly key: Buffer };

function gather(units: readonly Unit[]) {
  const consumed: (Keyed & { readonly at: number })[] = [];
  const inserted: Stored[] = [];
  const last = new Map<string, { readonly unit: number; readonly operation: Operation }>();
  const revoked: Keyed[] = [];
  units.forEach(({ conditions, writes }, unit) => {
    for (const operation of conditions) {
      if (operation.kind === 'consume') consumed.push({ unit, key: operation.key, at: operation.at });
      if (operation.kind === 'insert') inserted.push({ unit, row: operation.row });
    }
    for (const operation of writes) {
      if (operation.kind === 'revoke') revoked.push({ unit, key: operation.grantKey });
      // Within one unit the last word about a row counts; the statement may touch each row only once.
      else last.set(keysOf(operation)[0] as string, { unit, operation });
    }
  });
  const stored: Stored[] = [];
  const deleted: Keyed[] = [];
  for (const { unit, operation } of last.values()) {
    if (operation.kind === 'upsert') stored.push({ unit, row: operation.row });
    if (operation.kind === 'destroy') deleted.push({ unit, key: operation.key });
  }
  return { consumed, inserted, stored, deleted, revoked };
}

function columns(rows: readonly Stored[]): unknown[] {
  return [
    rows.map(({ unit }) => unit),
    rows.map(({ row }) => row.key),
    rows.map(({ row }) => row.model),
    rows.map(({ row }) => row.grant_key),
    rows.map(({ row }) => row.uid_key),
    rows.map(({ row }) => row.session_key),
    rows.map(({ row }) => row.account_id),
    rows.map(({ row }) => row.payload),
    rows.map(({ row }) => row.expires_at),
  ];
}

const ROW_TYPES = ['int', 'bytea', 'text', 'bytea', 'bytea', 'bytea', 'text', 'text', 'bigint'];
const ROW = 'unit, key, model, grant_key, uid_key, session_key, account_id, payload, expires_at';
const COLUMNS = 'key, model, grant_key, uid_key, session_key, account_id, payload, expires_at';

/**
 * Conditions first (`consumed`, `inserted`); `held` are the units whose conditions all hold, and only their writes
 * happen. One statement, so all of it is one transaction; each row is touched by at most one part of it.
 */
const STATEMENT = `
with consumed as (
  update artifacts a set consumed_at = c.at
  from unnest(${parameters(10, ['int', 'bytea', 'bigint'])}) as c (unit, key, at)
  where a.key = c.key and a.consumed_at is null returning c.unit
), once as (select * from unnest(${parameters(13, ROW_TYPES)}) as o (${ROW})
), inserted as (
  insert into artifacts (${COLUMNS}) select ${COLUMNS} from once on conflict (key) do nothing returning key
), passed as (
  select unit from consumed union all select o.unit from once o join inserted i on i.key = o.key
), held as (
  select (w.unit - 1)::int as unit from unnest($26::int[]) with ordinality as w (wanted, unit)
  where w.wanted = (select count(*) from passed p where p.unit = w.unit - 1)
), stored as (
  insert into artifacts (${COLUMNS})
  select ${COLUMNS} from unnest(${parameters(1, ROW_TYPES)}) as s (${ROW}) where unit in (select unit from held)
  on conflict (key) do update set payload = excluded.payload, account_id = excluded.account_id,
    uid_key = excluded.uid_key, expires_at = excluded.expires_at
), deleted as (
  delete from artifacts a using unnest(${parameters(22, ['int', 'bytea'])}) as d (unit, key)
  where a.key = d.key and d.unit in (select unit from held)
), revoked as (
  delete from artifacts a using unnest(${parameters(24, ['int', 'bytea'])}) as r (unit, grant_key)
  where a.grant_key = r.grant_key and r.unit in (select unit from held)
)
select unit from held`;

function parameters(first: number, types: readonly string[]): string {
  return types.map((type, i) => `$${first + i}::${type}[]`).join(', ');
}
