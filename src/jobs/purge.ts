import { setImmediate } from 'node:timers/promises';
import { minutes, type Clock, type Instant } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** A table whose rows expire. */
export type Purgeable = { purge(now: Instant, limit: number): Promise<number> };

export type Purger = {
  start(): void;
  /**
   * Deletes everything that has expired, table by table, and returns how many rows went. A table that fails is logged and
   * tried again at the next run; it keeps no other from its turn.
   */
  run(): Promise<number>;
  stop(): Promise<void>;
};

const BATCH = 100;

/** Purges each table in batches of 100 between requests; `tables` maps the name for the log to the store. */
export function createPurger(
  tables: Readonly<Record<string, Purgeable>>,
  { clock, log, everyMs = minutes(1) }: { clock: Clock; log: Log; everyMs?: number },
): Purger {
  let running: Promise<number> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const purgeTable = async (table: string, store: Purgeable): Promise<number> => {
    let total = 0;
    let deleted: number;
    do {
      deleted = await store.purge(clock.now(), BATCH);
      total += deleted;
      await setImmediate();
    } while (deleted === BATCH && !stopped);
    if (total > 0) log.debug('purged', { table, count: total });
    return total;
  };

  const purgeAll = async (): Promise<number> => {
    let total = 0;
    for (const [table, store] of Object.entries(tables)) {
      if (stopped) break;
      try {
        total += await purgeTable(table, store);
      } catch (error) {
        log.error('purge failed', { table, error });
      }
    }
    return total;
  };
  const run = () => (running ??= purgeAll().finally(() => (running = undefined)));

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
