import { createRequire } from 'node:module';
import type Sqlite from 'better-sqlite3';
import type { Knex } from 'knex';

type Query = { sql: string; bindings?: unknown[]; response?: unknown; context?: unknown };
type SqliteClient = {
  _query(connection: Sqlite.Database, query: Query): Promise<Query>;
  _formatBindings(bindings: unknown[] | undefined): unknown[];
};

const Base = createRequire(import.meta.url)('knex/lib/dialects/better-sqlite3') as new (
  config: Knex.Config,
) => SqliteClient;

const MAX_STATEMENTS = 500;
const prepared = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement>>();

/**
 * Knex's better-sqlite3 client with two changes. Transactions take the write lock at their start, because a later
 * upgrade fails when another process wrote first. Statements are prepared once per connection, which makes a read
 * through knex about a third cheaper.
 */
export class ImmediateSqliteClient extends Base {
  override async _query(connection: Sqlite.Database, query: Query): Promise<Query> {
    const statement = prepare(connection, query.sql === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : query.sql);
    const bindings = this._formatBindings(query.bindings);
    if (statement.reader) {
      query.response = statement.all(bindings);
    } else {
      const result = statement.run(bindings);
      query.response = result;
      query.context = { lastID: result.lastInsertRowid, changes: result.changes };
    }
    return query;
  }
}

function prepare(connection: Sqlite.Database, sql: string): Sqlite.Statement {
  const statements = prepared.get(connection) ?? new Map<string, Sqlite.Statement>();
  prepared.set(connection, statements);
  let statement = statements.get(sql);
  if (!statement) {
    if (statements.size >= MAX_STATEMENTS) statements.clear();
    statements.set(sql, (statement = connection.prepare(sql)));
  }
  return statement;
}
