import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash, verify } from '@node-rs/argon2';
import { ManualClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import type { StaffHasher } from '../../src/review/index.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { KeyRing } from '../../src/core/seal.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';

/** Argon2id with the least cost the library allows: the strength of the hash is not what these tests are about. */
export const fastHasher: StaffHasher = {
  hash: (password) => hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 }),
  verify: (stored, password) => verify(stored, password),
};

export const testStart = Date.UTC(2026, 2, 4, 9, 30);

const ring = (): KeyRing => [{ id: 'test', key: systemRandom.bytes(32) }];

export type DatabaseRig = { database: Database; clock: ManualClock; close(): Promise<void> };

/** An empty database: on SQLite in a temporary folder, or at `url`. */
export async function openRig(url = 'sqlite:'): Promise<DatabaseRig> {
  const clock = new ManualClock(testStart);
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-review-'));
  const random = systemRandom;
  const database = await openDatabase(
    { url, dataDir, durability: 'normal', acquireTimeout: 5000 },
    { clock, random, ids: createIds(clock, random), keyEncryptionKeys: ring(), indexKeys: ring() },
  );
  return {
    database,
    clock,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
