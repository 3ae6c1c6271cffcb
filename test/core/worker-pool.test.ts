import { getPriority } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerPool, type WorkerPool } from '../../src/core/worker-pool.ts';

const module = new URL('../support/workers/arithmetic.worker.ts', import.meta.url);
let pool: WorkerPool<Record<string, unknown>, number>;
const start = (over: { threads?: number; maxQueue?: number; timeoutMs?: number } = {}) =>
  (pool = createWorkerPool({ module, threads: 2, maxQueue: 50, timeoutMs: 20_000, ...over }));

afterEach(() => pool.close());

describe('the worker pool', () => {
  it('answers every task with its own result', async () => {
    start();
    const squares = await Promise.all(Array.from({ length: 30 }, (_, i) => pool.run({ square: i })));
    expect(squares).toEqual(Array.from({ length: 30 }, (_, i) => i * i));
  });

  it('reports a task that threw, and goes on', async () => {
    start({ threads: 1 });
    await expect(pool.run({ fail: true })).rejects.toMatchObject({ code: 'failed', cause: 'RangeError' });
    expect(await pool.run({ square: 3 })).toBe(9);
  });

  it('replaces a thread that died or hung, at the cost of that one task', async () => {
    start({ threads: 1, timeoutMs: 1500 });
    expect(await pool.run({ square: 2 })).toBe(4);
    await expect(pool.run({ die: true })).rejects.toMatchObject({ code: 'crashed' });
    await expect(pool.run({ hang: true })).rejects.toMatchObject({ code: 'timeout' });
    expect(await pool.run({ square: 3 })).toBe(9);
  });

  it('refuses more tasks than may wait', async () => {
    start({ threads: 1, maxQueue: 2 });
    const tasks = Array.from({ length: 4 }, (_, i) => pool.run({ square: i }));
    await expect(tasks[3]).rejects.toMatchObject({ code: 'overloaded' });
    expect(await Promise.all(tasks.slice(0, 3))).toEqual([0, 1, 4]);
  });

  it('lowers the priority of its threads, not of the process', async () => {
    start();
    const before = getPriority(0);
    expect(await pool.run({ priority: true })).toBe(19);
    expect(getPriority(0)).toBe(before);
  });

  it('rejects what waits when it is closed', async () => {
    start({ threads: 1 });
    const running = pool.run({ hang: true }).catch((error: unknown) => error);
    const waiting = pool.run({ square: 1 }).catch((error: unknown) => error);
    await pool.close();
    expect(await waiting).toMatchObject({ code: 'closed' });
    expect(await running).toMatchObject({ code: 'crashed' });
  });
});
