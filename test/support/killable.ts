import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { minutes } from '../../src/core/clock.ts';
import { freePort } from './free-port.ts';
import { startProgram, type Program } from './program.ts';

/** A program on a data folder of its own that can be killed and started again at the same address. */
export type Killable = {
  readonly dataDir: string;
  readonly url: string;
  output(): string;
  /** SIGKILL, which leaves no moment to tidy up. Throws when it had ended by itself. */
  kill(): Promise<void>;
  /** `later`: three minutes pass before the start, so that what the killed process had on lease is free again. */
  start(when?: 'at once' | 'later'): Promise<void>;
  /** Rows of its database, which may be running. */
  rows<Row>(sql: string): Row[];
  /** Files of pictures that no row knows. */
  strayPictures(): string[];
};

const LEASES = [
  "update jobs set lease_until = lease_until - :passed where state = 'running'",
  'update jobs set run_at = run_at - :passed',
  'update authority_checks set lease_until = lease_until - :passed',
] as const;

/** Ends and clears itself in one of `cleanups`. Pictures say what is on them: see the fake recogniser. */
export async function startKillable(
  cleanups: (() => unknown)[],
  env: Readonly<Record<string, string>> = {},
): Promise<Killable> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-killed-'));
  const port = await freePort();
  const options = { dataDir, port, env: { SHIMING_RECOGNISER: 'fake', ...env } };
  let program: Program = await startProgram(options);
  cleanups.push(async () => {
    await program.end('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const withDatabase = <T>(use: (database: Database.Database) => T): T => {
    const database = new Database(join(dataDir, 'shiming.db'));
    try {
      return use(database);
    } finally {
      database.close();
    }
  };
  const rows = <Row>(sql: string): Row[] => withDatabase((database) => database.prepare<[], Row>(sql).all());

  return {
    dataDir,
    url: program.url,
    output: () => program.output(),
    rows,
    async kill() {
      const how = await program.end('SIGKILL');
      if (how !== 'SIGKILL') throw new Error(`it ended by itself (${how}):\n${program.output()}`);
    },
    async start(when = 'at once') {
      if (when === 'later') {
        withDatabase((database) => {
          for (const sql of LEASES) database.prepare(sql).run({ passed: minutes(3) });
        });
      }
      program = await startProgram(options);
    },
    strayPictures() {
      const known = rows<{ id: string }>('select id from verification_images').map(({ id }) => id);
      return readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .filter((name) => !known.includes(name.split('.')[0] ?? ''));
    },
  };
}
