import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { Knex } from 'knex';
import { migrations, type Migration } from '../../migrations/index.ts';
import type { Connection } from './open.ts';

/** Any number; the same in every process that shares the PostgreSQL database. */
const ADVISORY_LOCK = 7_302_116;
const LOCK_WAIT_MS = 120_000;
const LOCK_POLL_MS = 50;

/**
 * Brings the database to the newest schema and returns the names of the migrations that ran. Processes that start
 * together wait for one another: on PostgreSQL on an advisory lock, on SQLite on a lock file beside the database.
 */
export async function migrate(connection: Connection): Promise<string[]> {
  const { sqlite, knex } = connection;
  if (sqlite) return withLockFile(sqlite.file, () => run(knex));
  return withAdvisoryLock(knex, () => run(knex));
}

async function run(knex: Knex): Promise<string[]> {
  const [, names] = (await knex.migrate.latest({ migrationSource: source, disableTransactions: false })) as [
    number,
    string[],
  ];
  return names;
}

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: ({ name }) => name,
  getMigration: async (migration) => migration,
};

async function withLockFile<T>(database: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  const lock = new Sqlite(`${database}.migrating`, { timeout: 0 });
  try {
    await beginExclusive(lock);
    return await work();
  } finally {
    lock.close();
  }
}

/** Asks again instead of blocking the thread: the holder may be another app in this very process. */
async function beginExclusive(lock: Sqlite.Database): Promise<void> {
  for (let waited = 0; ; waited += LOCK_POLL_MS) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= LOCK_WAIT_MS) throw error;
      await setTimeout(LOCK_POLL_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

async function withAdvisoryLock<T>(knex: Knex, work: () => Promise<T>): Promise<T> {
  return knex.transaction(async (holder) => {
    await holder.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    return work();
  });
}
