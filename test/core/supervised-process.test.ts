import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLog, type Log } from '../../src/core/log.ts';
import {
  superviseProcess,
  type SupervisedProcess,
  type SupervisedProcessOptions,
} from '../../src/core/supervised-process.ts';
import type { ArithmeticTask } from '../support/processes/arithmetic.process.ts';

// The lowest priority waits for everybody else on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const module = new URL('../support/processes/arithmetic.process.ts', import.meta.url);
let child: SupervisedProcess<ArithmeticTask, unknown>;
const start = (over: Partial<SupervisedProcessOptions> = {}) =>
  (child = superviseProcess({
    module,
    name: 'arithmetic',
    log: silentLog,
    queueLength: 50,
    timeoutMs: 20_000,
    ...over,
  }));
const pid = async () => {
  const result = await child.run({ tell: 'pid' });
  return result.ok ? (result.output as number) : undefined;
};
/** Ends when the process is gone, not merely asked to go. */
const gone = async (id: number) => {
  for (;;) {
    try {
      process.kill(id, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

afterEach(() => child.close());

describe('a supervised process', () => {
  it('answers every job with its own result', async () => {
    start();
    const squares = await Promise.all(Array.from({ length: 20 }, (_, i) => child.run({ square: i })));
    expect(squares).toEqual(Array.from({ length: 20 }, (_, i) => ({ ok: true, output: i * i })));
    expect(await child.run({ double: Buffer.of(1, 2) })).toMatchObject({ output: Buffer.of(2, 4) });
  });

  it('runs at the lowest priority, without the environment of the program', async () => {
    start();
    expect(await child.run({ tell: 'priority' })).toMatchObject({ output: 19 });
    const environment = await child.run({ tell: 'environment' });
    expect(environment).toEqual({ ok: true, output: ['LANG', 'PATH'] });
  });

  it('reports a job that threw and goes on in the same process', async () => {
    start();
    const before = await pid();
    expect(await child.run({ fail: true })).toEqual({ ok: false, reason: 'failed' });
    expect(await pid()).toBe(before);
  });

  it('gives a job that ended it one more process', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'supervised-'));
    const file = join(folder, 'second-attempt');
    const log: Log = { ...silentLog, warn: () => void writeFile(file, 'survived') };
    start({ log });
    const [survived, after] = await Promise.all([child.run({ dieUnless: file }), child.run({ square: 3 })]);
    expect(survived).toEqual({ ok: true, output: 'survived' });
    expect(after).toEqual({ ok: true, output: 9 });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['crashed', { die: true }],
    ['timeout', { hang: true }],
  ] as const)('says %s when the second process ends as well, and goes on', async (reason, job) => {
    const warnings: unknown[] = [];
    const log: Log = { ...silentLog, warn: (_message, fields) => void warnings.push(fields) };
    start({ log, timeoutMs: 5000 });
    expect(await child.run(job as ArithmeticTask)).toEqual({ ok: false, reason });
    expect(warnings).toEqual([
      { reason, attempt: 1 },
      { reason, attempt: 2 },
    ]);
    expect(await child.run({ square: 3 })).toEqual({ ok: true, output: 9 });
  });

  it('refuses more jobs than may wait', async () => {
    start({ queueLength: 2 });
    const jobs = Array.from({ length: 4 }, (_, i) => child.run({ square: i }));
    expect(await jobs[3]).toEqual({ ok: false, reason: 'busy' });
    expect(await Promise.all(jobs.slice(0, 3))).toEqual([0, 1, 4].map((output) => ({ ok: true, output })));
  });

  it('is replaced between two jobs once it holds too much memory', async () => {
    start({ maxMemory: 200 });
    const before = await pid();
    expect(await child.run({ hold: 10 })).toMatchObject({ ok: true });
    expect(await pid()).toBe(before);
    expect(await child.run({ hold: 200 })).toMatchObject({ ok: true });
    expect(await pid()).not.toBe(before);
    await gone(before ?? 0);
  });

  it('ends when nothing was asked for a while, and starts again', async () => {
    start({ idleMs: 50 });
    const before = await pid();
    await gone(before ?? 0);
    expect(await child.run({ square: 4 })).toEqual({ ok: true, output: 16 });
    expect(await pid()).not.toBe(before);
  });

  it('lets the program end although it was not closed', async () => {
    const program = `
      import { superviseProcess } from './src/core/supervised-process.ts';
      import { silentLog as log } from './src/core/log.ts';
      const options = { name: 'arithmetic', log, queueLength: 1, timeoutMs: 20_000 };
      const child = superviseProcess({ module: new URL('${module.href}'), ...options });
      console.log((await child.run({ tell: 'pid' })).output);`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
    expect(Number(stdout)).toBeGreaterThan(1);
    expect(await gone(Number(stdout))).toBe(true);
  });

  it('answers what runs and what waits when it is closed, and leaves no process', async () => {
    start();
    const id = await pid();
    const jobs = [child.run({ hang: true }), child.run({ square: 1 })];
    await child.close();
    expect(await Promise.all(jobs)).toEqual(jobs.map(() => ({ ok: false, reason: 'closed' })));
    expect(await child.run({ square: 1 })).toEqual({ ok: false, reason: 'closed' });
    expect(await gone(id ?? 0)).toBe(true);
  });
});
