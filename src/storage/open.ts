import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import knexFactory, { type Knex } from 'knex';
import pg from 'pg';
import type { Dialect } from './handle.ts';
import { ImmediateSqliteClient } from './sqlite-client.ts';

export type DatabaseOptions = {
  /** `sqlite:<file>`, `sqlite:` for `shiming.db` in the data folder, or `postgres://…`. */
  readonly url: string;
  readonly dataDir: string;
  readonly durability: 'normal' | 'full';
  /** Milliseconds to wait for a connection; short in tests, so that a query on the outer handle fails fast. */
  readonly acquireTimeout?: number;
};

/**
 * An open database. On SQLite everything that writes goes through the one pooled connection of `knex`;
 * `sqlite.reader` is a second, read-only connection for hot look-ups, and sees committed data only.
 */
export type Connection = {
  readonly knex: Knex;
  readonly dialect: Dialect;
  readonly sqlite?: SqliteAccess;
  close(): Promise<void>;
};

export type SqliteAccess = {
  readonly file: string;
  readonly reader: Sqlite.Database;
  /** Runs `work` on the writing connection once no transaction holds it. `work` must be synchronous and commit by itself. */
  write<T>(work: (writer: Sqlite.Database) => T): Promise<T>;
};

export function openConnection(options: DatabaseOptions): Connection {
  return options.url.startsWith('sqlite:') ? openSqlite(options) : openPostgres(options);
}

/** The file of a SQLite address. */
export function sqliteFile({ url, dataDir }: Pick<DatabaseOptions, 'url' | 'dataDir'>): string {
  return resolve(url.slice('sqlite:'.length) || join(dataDir, 'shiming.db'));
}

const BUSY_TIMEOUT_MS = 10_000;

function openSqlite(options: DatabaseOptions): Connection {
  const file = sqliteFile(options);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const knex = knexFactory({
    client: ImmediateSqliteClient as unknown as typeof Knex.Client,
    connection: { filename: file },
    useNullAsDefault: true,
    acquireConnectionTimeout: options.acquireTimeout ?? 30_000,
    pool: {
      min: 1,
      max: 1,
      afterCreate(raw: Sqlite.Database, done: (error: Error | null, raw: Sqlite.Database) => void) {
        configureSqlite(raw, options.durability);
        done(null, raw);
      },
    },
  });
  let reader: Sqlite.Database | undefined;
  return {
    knex,
    dialect: 'sqlite',
    sqlite: {
      file,
      get reader() {
        return (reader ??= new Sqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS }));
      },
      async write(work) {
        const client = knex.client as {
          acquireConnection(): Promise<Sqlite.Database>;
          releaseConnection(raw: Sqlite.Database): Promise<void>;
        };
        const writer = await client.acquireConnection();
        try {
          return work(writer);
        } finally {
          await client.releaseConnection(writer);
        }
      },
    },
    async close() {
      reader?.close();
      await knex.destroy();
    },
  };
}

function configureSqlite(raw: Sqlite.Database, durability: DatabaseOptions['durability']): void {
  raw.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  raw.pragma('journal_mode = WAL');
  raw.pragma(`synchronous = ${durability.toUpperCase()}`);
  raw.pragma('foreign_keys = ON');
  raw.pragma('secure_delete = ON');
  raw.pragma('wal_autocheckpoint = 4000');
}

function openPostgres(options: DatabaseOptions): Connection {
  const knex = knexFactory({
    client: 'pg',
    connection: { connectionString: options.url, types: { getTypeParser } } as Knex.PgConnectionConfig,
    acquireConnectionTimeout: options.acquireTimeout ?? 30_000,
    pool: { min: 0, max: 10 },
  });
  return { knex, dialect: 'postgres', close: () => knex.destroy() };
}

const INT8 = 20;

/** Instants and counts are int8; all of ours fit a JavaScript number. */
const getTypeParser = ((oid: number, format?: 'text') =>
  oid === INT8 ? Number : (pg.types.getTypeParser(oid, format) as unknown)) as typeof pg.types.getTypeParser;
