import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import type { Dialect } from '../../src/storage/handle.ts';
import { openConnection } from '../../src/storage/open.ts';
import { createPostgresDatabase } from '../support/postgres.ts';
import { spawnProgram, startProgram, type Program } from '../support/program.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shiming-process-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(dataDir: string, env: Record<string, string> = {}): Promise<Program> {
  const program = await startProgram({ dataDir, env });
  cleanups.push(() => program.end('SIGKILL'));
  return program;
}

describe('ten processes that start together', () => {
  it.each<Dialect>(['sqlite', 'postgres'])('migrate once, and all of them serve (%s)', async (dialect) => {
    const dataDir = newFolder();
    const url = dialect === 'sqlite' ? 'sqlite:' : await postgresUrl();
    const env = { SHIMING_DATABASE_URL: url };
    const programs = await Promise.all(Array.from({ length: 10 }, () => start(dataDir, env)));
    const statuses = await Promise.all(
      programs.map(async (one) => (await fetch(`${one.url}/healthz`)).status),
    );
    expect(statuses).toEqual(programs.map(() => 200));

    const { knex, close } = openConnection({ url, dataDir, durability: 'normal' });
    const ran = await knex('knex_migrations')
      .orderBy('id')
      .select<{ name: string; batch: number }[]>('name', 'batch');
    await close();
    expect(ran).toEqual(migrations.map(({ name }) => ({ name, batch: 1 })));
    const ends = await Promise.all(programs.map((program) => program.end('SIGTERM')));
    const said = programs.flatMap((program, at) => (ends[at] === 0 ? [] : program.output()));
    expect(ends, said.join('\n')).toEqual(programs.map(() => 0));
  });

  async function postgresUrl(): Promise<string> {
    const database = await createPostgresDatabase();
    cleanups.push(database.drop);
    return database.url;
  }
});

describe('production mode', () => {
  const refusal = async (env: Record<string, string>) => {
    const dataDir = newFolder();
    const program = await spawnProgram({ dataDir, env: { SHIMING_MODE: 'production', ...env } });
    const code = await program.ended;
    return { code, output: program.output(), files: readdirSync(dataDir) };
  };

  it('does not start without real secrets, an https issuer and an SMS vendor, and names all of them at once', async () => {
    const { code, output, files } = await refusal({});
    expect(code).toBe(1);
    for (const name of ['KEY_ENCRYPTION_KEYS', 'INDEX_KEYS', 'COOKIE_KEYS', 'ISSUER', 'SMS_VENDOR']) {
      expect(output).toContain(`SHIMING_${name}`);
    }
    expect(files).toEqual([]);
  });

  it('does not start with an unknown or malformed setting', async () => {
    const { code, output } = await refusal({ SHIMING_PROT: '80', SHIMING_PORT: 'eighty' });
    expect(code).toBe(1);
    expect(output).toMatch(/SHIMING_PROT is not a setting/);
    expect(output).toMatch(/SHIMING_PORT must be a whole number/);
  });
});

describe('SIGTERM', () => {
  it('lets a running request finish, takes no new one, and ends with 0', async () => {
    const program = await start(newFolder());
    const { port } = new URL(program.url);
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const closed = once(socket, 'close');
    const body = 'a=1&b=2';
    socket.write(
      `POST /nowhere HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n` +
        `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 3)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));

    const ended = program.end('SIGTERM');
    await expect
      .poll(() =>
        fetch(program.url).then(
          () => 'served',
          () => 'refused',
        ),
      )
      .toBe('refused');
    expect(answer).toBe('');
    socket.write(body.slice(3));
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toMatch(/<\/html>/);
    expect(await ended).toBe(0);
  });

  it('keeps what is stored: a second start finds the same keys', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const keys = readdirSync(dataDir).filter((name) => name.endsWith('.json'));
    expect(await first.end('SIGTERM')).toBe(0);
    const second = await start(dataDir);
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.json'))).toEqual(keys);
    expect(await second.end('SIGINT')).toBe(0);
  });
});
