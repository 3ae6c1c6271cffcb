import type { Transact } from '../core/transact.ts';

/** Runs `work` in a transaction that leaves nothing behind when the result is a failure. */
export async function rolledBack<S, T extends { ok: boolean }>(
  transact: Transact<S>,
  work: (stores: S) => Promise<T>,
): Promise<T> {
  try {
    return await transact(async (stores) => {
      const result = await work(stores);
      if (!result.ok) throw new Rollback(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Rollback) return error.result as T;
    throw error;
  }
}

class Rollback extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('rolled back');
    this.result = result;
  }
}
