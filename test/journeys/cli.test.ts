import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import type { Dialect } from '../../src/storage/handle.ts';
import { openConnection } from '../../src/storage/open.ts';
import { runCli, type CliResult } from '../support/cli.ts';
import { createPostgresDatabase } from '../support/postgres.ts';

// A command takes a second, and five on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shiming-cli-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

/** An installation of its own, with keys the test knows. */
async function install(dialect: Dialect) {
  const dataDir = newFolder();
  const secrets = {
    SHIMING_KEY_ENCRYPTION_KEYS: key('kek-1'),
    SHIMING_INDEX_KEYS: key('index-1'),
    SHIMING_COOKIE_KEYS: key('cookie-1'),
  };
  let url = 'sqlite:';
  if (dialect === 'postgres') {
    const database = await createPostgresDatabase();
    cleanups.push(database.drop);
    url = database.url;
  }
  const env = { ...secrets, SHIMING_DATABASE_URL: url };
  return {
    env,
    dataDir,
    run: (args: readonly string[], over: Record<string, string> = {}) =>
      runCli(args, { dataDir, env: { ...env, ...over } }),
    connect: () => openConnection({ url, dataDir, durability: 'normal' }),
  };
}

type Installation = Awaited<ReturnType<typeof install>>;

/** Ended well and without a word of complaint of its own. */
function done(result: CliResult): string {
  expect(result, result.err).toMatchObject({ code: 0 });
  return result.out;
}

/** Ended with 1 and one sentence; never with a stack. */
function refused(result: CliResult): string {
  expect(result).toMatchObject({ code: 1 });
  expect(result.err).not.toMatch(/\n\s+at /);
  return result.err;
}

describe.each<Dialect>(['sqlite', 'postgres'])('the command line on %s', (dialect) => {
  let here: Installation;
  beforeAll(async () => {
    here = await install(dialect);
  });

  it('migrates an empty database, and again without doing anything', async () => {
    expect(done(await here.run(['migrate']))).toContain('up to date');
    done(await here.run(['migrate']));
    const { knex, close } = here.connect();
    const ran = await knex('knex_migrations').orderBy('id').pluck('name');
    await close();
    expect(ran).toEqual(migrations.map(({ name }) => name));
  });

  it('makes, lists, disables, enables and resets accounts of staff', async () => {
    expect(done(await here.run(['staff', 'list']))).toContain('There are no accounts yet');
    const added = done(await here.run(['staff', 'add', 'lin', '--name', '林', '--role', 'auditor']));
    expect(added).toMatch(/Login {14}lin {2}\(林, auditor\)/);
    const [, password] = /One-time password {2}(\S+)/.exec(added) ?? [];
    const [, secret] = /otpauth:\S+secret=(\w+)/.exec(added) ?? [];
    expect(password?.length).toBeGreaterThan(11);
    expect(refused(await here.run(['staff', 'add', 'lin', '--name', '林']))).toContain('taken');

    const [disabled, unknown, reset] = [
      done(await here.run(['staff', 'disable', 'lin'])),
      refused(await here.run(['staff', 'disable', 'nobody'])),
      done(await here.run(['staff', 'reset', 'lin'])),
    ];
    expect(disabled).toContain('lin is disabled');
    expect(unknown).toContain('no account with this login');
    expect(reset).toContain('One-time password');
    expect(reset).not.toContain(password);
    expect(reset).not.toContain(secret);

    const listed = done(await here.run(['staff', 'list']));
    expect(listed).toMatch(/'lin'.*'林'.*'auditor'.*'disabled, password not chosen yet'/);
    expect(listed).not.toContain(password);
    expect(done(await here.run(['staff', 'enable', 'lin']))).toContain('can sign in again');
  });

  it('changes a role, and keeps the last administrator', async () => {
    done(await here.run(['staff', 'add', 'boss', '--name', '王', '--role', 'administrator']));
    const company = '91110000802100433B';
    expect(done(await here.run(['staff', 'conflict', 'add', 'lin', company]))).toContain(company);
    expect(done(await here.run(['staff', 'conflict', 'list', 'lin']))).toBe(`${company}\n`);
    expect(done(await here.run(['staff', 'conflict', 'remove', 'lin', company]))).toContain('again');
    expect(refused(await here.run(['staff', 'conflict', 'remove', 'lin', company]))).toContain(
      'not declared',
    );
    expect(refused(await here.run(['staff', 'conflict', 'add', 'lin', '12345']))).toContain('credit code');
    expect(done(await here.run(['staff', 'role', 'lin', '--role', 'senior']))).toBe('lin is senior now.\n');
    expect(refused(await here.run(['staff', 'disable', 'boss']))).toContain('the last administrator');
  });

  it('wraps every data key under a new key, after which the old one is not needed', async () => {
    const old = here.env.SHIMING_KEY_ENCRYPTION_KEYS;
    const fresh = key('kek-2');
    expect(done(await here.run(['rotate-kek']))).toContain('wrapped under "kek-1"');

    const without = refused(await here.run(['staff', 'list'], { SHIMING_KEY_ENCRYPTION_KEYS: fresh }));
    expect(without).toContain('"kek-1" is not configured');
    const rotation = await here.run(['rotate-kek'], { SHIMING_KEY_ENCRYPTION_KEYS: fresh });
    expect(refused(rotation)).toContain('"kek-1" is not configured');

    const both = { SHIMING_KEY_ENCRYPTION_KEYS: `${fresh},${old}` };
    expect(done(await here.run(['rotate-kek'], both))).toContain('Keys other than "kek-2"');
    const onlyNew = { SHIMING_KEY_ENCRYPTION_KEYS: fresh };
    expect(done(await here.run(['staff', 'list'], onlyNew))).toContain('林');
    expect(done(await here.run(['signing-keys', 'list'], onlyNew))).toContain('ES256  active');
    refused(await here.run(['staff', 'list']));
    Object.assign(here.env, onlyNew);
  });

  it('ends, and says why, under a key of the right name that is not the right one', async () => {
    const wrong = await here.run(['staff', 'list'], { SHIMING_KEY_ENCRYPTION_KEYS: key('kek-2') });
    expect(refused(wrong)).toContain('could not be opened: wrong key');
  });
});

describe('the audit log on the command line', () => {
  it('is exported and verified; a change is found, in the export and in the log', async () => {
    const here = await install('sqlite');
    await Promise.all(
      ['lin', 'wu'].map(async (login) => done(await here.run(['staff', 'add', login, '--name', '林']))),
    );
    const exported = done(await here.run(['audit', 'export', '--from', '2020-01-01']));
    const file = join(here.dataDir, 'export.jsonl');
    writeFileSync(file, exported);
    expect(done(await here.run(['audit', 'verify', file]))).toContain('3 records are whole');
    writeFileSync(file, exported.replace('"reviewer"', '"administrator"'));
    expect(refused(await here.run(['audit', 'verify', file]))).toContain('Record 1 is broken: its content');

    const { knex, close } = here.connect();
    await knex.raw('drop trigger audit_log_append_only');
    await knex('audit_log').where({ sequence: 2 }).update({ actor: 'system' });
    await close();
    const broken = await here.run(['audit', 'verify']);
    expect(refused(broken)).toContain('Record 2 is broken');
    expect(broken.out).toBe('');
  });
});

describe('apps and signing keys on the command line', () => {
  let here: Installation;
  beforeAll(async () => {
    here = await install('sqlite');
  });
  const clients = (...args: string[]) => here.run(['clients', ...args]);

  it('registers, lists, changes and removes an app', async () => {
    const redirect = 'https://jobs.example.cn/callback';
    const added = done(await clients('add', '拾光招聘', '--id', 'jobs', '--redirect', redirect));
    const [, secret] = /client_secret {2}(\S+)/.exec(added) ?? [];
    expect(added).toMatch(/client_id {6}jobs\n {2}name {9}拾光招聘\n/);
    expect(added).toContain('cannot be shown again');
    expect(refused(await clients('add', 'Other', '--id', 'jobs', '--redirect', redirect))).toContain(
      'There is an app "jobs" already.',
    );

    const renewed = done(await clients('new-secret', 'jobs'));
    expect(renewed).toMatch(/client_secret {2}\S{20,}/);
    expect(renewed).not.toContain(secret);

    const other = 'https://jobs.example.cn/signed-in';
    const changed = done(await clients('update', 'jobs', '--redirect', redirect, '--redirect', other));
    expect(changed).toContain(`redirects    ${redirect} ${other}`);
    expect(changed).toContain('拾光招聘');
    expect(done(await clients('list'))).toBe(changed);

    expect(done(await clients('remove', 'jobs'))).toBe('Removed jobs.\n');
    expect(done(await clients('list'))).toBe('');
    const gone = await Promise.all([
      clients('remove', 'jobs'),
      clients('update', 'jobs', '--name', 'x'),
      clients('new-secret', 'jobs'),
    ]);
    for (const result of gone) expect(refused(result)).toContain('There is no app "jobs".');
  });

  it('says what a registration lacks', async () => {
    const without = await clients('add', 'Jobs');
    expect(refused(without)).toContain('Give at least one --redirect address');
    const malformed = await clients('add', 'Jobs', '--redirect', 'nowhere');
    expect(refused(malformed)).toContain('The registration is not valid: ');
    expect(done(await clients('list'))).toBe('');
  });

  it('shows the signing keys and publishes the next ones', async () => {
    const before = done(await here.run(['signing-keys', 'list']));
    expect(before.trim().split('\n')).toHaveLength(2);
    const rotated = done(await here.run(['signing-keys', 'rotate']));
    expect(rotated.match(/published a new key/g)).toHaveLength(2);
    expect(done(await here.run(['signing-keys', 'rotate']))).toContain('is published and waits');
    const forced = done(await here.run(['signing-keys', 'rotate', '--force']));
    expect(forced.match(/signs with the new key/g)).toHaveLength(2);
    const after = done(await here.run(['signing-keys', 'list']));
    expect(after.match(/active/g)).toHaveLength(2);
    expect(after.match(/retiring/g)).toHaveLength(2);
  });
});

describe('what the command line does not understand', () => {
  const dataDir = newFolder();
  const run = (...args: string[]) => runCli(args, { dataDir });

  it.each([
    ['a command', ['fly'], "unknown command 'fly'"],
    ['a command of a group', ['staff', 'fire'], "unknown command 'fire'"],
    ['an option', ['staff', 'list', '--all'], "unknown option '--all'"],
    ['an argument too many', ['staff', 'disable', 'lin', 'wu'], 'too many arguments'],
    ['a missing argument', ['staff', 'reset'], "missing required argument 'login'"],
    ['a missing option', ['staff', 'add', 'lin'], "required option '--name <name>' not specified"],
    ['a role', ['staff', 'add', 'lin', '--name', '林', '--role', 'king'], 'Allowed choices are'],
    ['a day', ['audit', 'export', '--from', 'yesterday'], 'Give a day like 2026-11-23'],
    ['a grant', ['clients', 'add', 'x', '--grant', 'magic'], 'It is one of '],
  ])('is refused before the installation is opened: %s', async (_what, args, sentence) => {
    expect(refused(await run(...args))).toContain(sentence);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is refused with a sentence: a malformed login', async () => {
    const result = await runCli(['staff', 'add', 'Lin Wu', '--name', '林'], { dataDir: newFolder() });
    expect(refused(result)).toContain('A login has 2 to 32 characters');
  });

  it('is refused with a line for each: malformed settings', async () => {
    const env = { SHIMING_PROT: '80', SHIMING_KEY_ENCRYPTION_KEYS: 'short' };
    const result = await runCli(['migrate'], { dataDir, env });
    expect(refused(result)).toMatch(/SHIMING_PROT is not a setting/);
    expect(result.err).toMatch(/SHIMING_KEY_ENCRYPTION_KEYS must be a comma-separated list/);
  });

  it('is refused, and ends: a database nobody answers at', async () => {
    const env = { SHIMING_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    expect(refused(await runCli(['migrate'], { dataDir: newFolder(), env }))).toContain('ECONNREFUSED');
  });
});

describe('policy', () => {
  it('shows and replays a policy, refuses a file that is none, and records one that came into force', async () => {
    const installation = await install('sqlite');
    const folder = newFolder();
    const strict = join(folder, 'strict.json');
    writeFileSync(strict, JSON.stringify({ version: 'strict-1', bounds: { face_match: { ok: 0.6 } } }));
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, JSON.stringify({ version: 'broken-1', bounds: { face: { ok: 0.6 } } }));

    expect(done(await installation.run(['policy', 'show', strict]))).toContain('"ok": 0.6');
    expect(done(await installation.run(['policy', 'replay', strict]))).toContain('0 verdicts would change');
    const refused = await installation.run(['policy', 'replay', broken]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('bounds');

    const env = { SHIMING_POLICY_FILE: strict };
    expect(done(await installation.run(['policy', 'show'], env))).toContain('"version": "strict-1"');
    expect(done(await installation.run(['audit', 'export'], env))).toContain('"policy.changed"');
    const stopped = await installation.run(['policy', 'show'], { SHIMING_POLICY_FILE: broken });
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain('SHIMING_POLICY_FILE is no policy');
  });
});
