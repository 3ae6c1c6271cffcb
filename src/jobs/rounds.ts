import { setImmediate } from 'node:timers/promises';
import type { Clock, Instant } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** Does at most `limit` pieces of what is due by `now`, and returns how many it did. */
export type Task = (now: Instant, limit: number) => Promise<number>;

export type Rounds = {
  start(): void;
  /**
   * Does everything that is due, task by task, and returns how much it was. A task that fails is logged and tried again
   * at the next run; it keeps no other from its turn.
   */
  run(): Promise<number>;
  stop(): Promise<void>;
};

export type RoundsOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  /** For the log: what was done with `name`, and what was not. */
  readonly words: { readonly done: string; readonly failed: string };
};

const BATCH = 100;

/** Runs each task in batches of 100 between requests, again and again. */
export function createRounds(
  tasks: Readonly<Record<string, Task>>,
  { clock, log, everyMs, words }: RoundsOptions,
): Rounds {
  let running: Promise<number> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const finish = async (name: string, task: Task): Promise<number> => {
    let total = 0;
    let done: number;
    do {
      done = await task(clock.now(), BATCH);
      total += done;
      await setImmediate();
    } while (done >= BATCH && !stopped);
    if (total > 0) log.debug(words.done, { table: name, count: total });
    return total;
  };

  const runAll = async (): Promise<number> => {
    let total = 0;
    for (const [name, task] of Object.entries(tasks)) {
      if (stopped) break;
      try {
        total += await finish(name, task);
      } catch (error) {
        log.error(words.failed, { table: name, error });
      }
    }
    return total;
  };
  const run = () => (running ??= runAll().finally(() => (running = undefined)));

  return {
    start() {
      timer = setInterval(() => void run(), everyMs);
      timer.unref();
    },
    run,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
