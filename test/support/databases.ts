import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { KeyRing } from '../../src/core/seal.ts';
import { openDatabase, type Database, type DatabaseDependencies } from '../../src/storage/database.ts';
import type { Dialect } from '../../src/storage/handle.ts';
import type { DatabaseOptions } from '../../src/storage/open.ts';
import { createPostgresDatabase } from './postgres.ts';

export type TestDatabase = Database & {
  readonly clock: ManualClock;
  readonly options: DatabaseOptions;
  readonly dependencies: DatabaseDependencies & { clock: ManualClock };
};

/** Opens a new, migrated database; with `same`, another connection to that one, as a second process would. */
export type OpenTestDatabase = (over?: { same?: TestDatabase }) => Promise<TestDatabase>;

/**
 * Runs a suite twice, on SQLite and on PostgreSQL. Databases are opened with `open()` and closed and removed by
 * themselves when the suite ends. On SQLite a query on the outer handle within a transaction, which waits for itself,
 * fails after five seconds; on PostgreSQL a burst of queries may wait longer for a connection on a busy machine.
 */
export function describeDatabases(
  name: string,
  suite: (open: OpenTestDatabase, dialect: Dialect) => void,
): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    describe(`${name} (${dialect})`, () => {
      const cleanups: (() => Promise<void> | void)[] = [];
      afterAll(async () => {
        for (const cleanup of cleanups.reverse()) await cleanup();
      });
      suite(async ({ same } = {}) => {
        const options = same?.options ?? (await createOptions(dialect, cleanups));
        const dependencies = same?.dependencies ?? createDependencies();
        const database = await openDatabase(options, dependencies);
        cleanups.push(() => database.close());
        return { ...database, clock: dependencies.clock, options, dependencies };
      }, dialect);
    });
  }
}

/** A migrated SQLite database for suites in which the other one would show nothing new. */
export async function openSqlite(cleanups: (() => Promise<void> | void)[]): Promise<TestDatabase> {
  const options = await createOptions('sqlite', cleanups);
  const dependencies = createDependencies();
  const database = await openDatabase(options, dependencies);
  cleanups.push(() => database.close());
  return { ...database, clock: dependencies.clock, options, dependencies };
}

/** A new, empty database and the clean-up that removes it; not yet migrated. */
export async function createOptions(
  dialect: Dialect,
  cleanups: (() => Promise<void> | void)[],
): Promise<DatabaseOptions> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-data-'));
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const shared = { dataDir, durability: 'normal' } as const;
  if (dialect === 'sqlite') return { url: 'sqlite:', ...shared, acquireTimeout: 5000 };
  const postgres = await createPostgresDatabase();
  cleanups.push(postgres.drop);
  return { url: postgres.url, ...shared, acquireTimeout: 30_000 };
}

function createDependencies(): DatabaseDependencies & { clock: ManualClock } {
  const clock = new ManualClock();
  const random = systemRandom;
  const ring = (id: string): KeyRing => [{ id, key: random.bytes(32) }];
  return {
    clock,
    random,
    ids: createIds(clock, random),
    keyEncryptionKeys: ring('kek'),
    indexKeys: ring('index'),
  };
}
