import { seconds } from '../core/clock.ts';
import { failed, ok } from '../core/result.ts';
import { createWorkerPool, WorkerError } from '../core/worker-pool.ts';
import type { PasswordHasher } from './password.ts';

export type HashTask =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly password: string; readonly hash: string };

export type HashAnswer = { readonly hash?: string; readonly matches?: boolean };

/** About two seconds of waiting at 10 ms a hash and half a core; whoever comes later is asked to try again. */
const MAX_QUEUE = 100;

/**
 * Hashes on one thread of low priority: performance.md measured that hashing in libuv's pool costs other requests
 * four fifths of their throughput, and on this thread a quarter.
 */
export function createPasswordHasher(maxQueue: number = MAX_QUEUE): PasswordHasher {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = createWorkerPool<HashTask, HashAnswer>({
    module: new URL(`./password.worker.${extension}`, import.meta.url),
    threads: 1,
    maxQueue,
    timeoutMs: seconds(20),
  });
  const run = async (task: HashTask): Promise<HashAnswer | undefined> => {
    try {
      return await pool.run(task);
    } catch (error) {
      // A broken hash in the database is a defect; an overloaded, slow or lost thread is not the person's fault.
      if (error instanceof WorkerError && error.code !== 'failed') return undefined;
      throw error;
    }
  };
  return {
    async hash(password) {
      const answer = await run({ kind: 'hash', password });
      return answer?.hash === undefined ? failed('busy') : ok({ hash: answer.hash });
    },
    async verify(hash, password) {
      const answer = await run({ kind: 'verify', hash, password });
      return answer?.matches === undefined ? failed('busy') : ok({ matches: answer.matches });
    },
    close: () => pool.close(),
  };
}
