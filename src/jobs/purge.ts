import { minutes, type Clock, type Instant } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createRounds, type Rounds } from './rounds.ts';

/** A table whose rows expire. */
export type Purgeable = { purge(now: Instant, limit: number): Promise<number> };

/** Deletes everything that has expired; {@link Rounds.run} returns how many rows went. */
export type Purger = Rounds;

/** Purges each table in batches of 100 between requests; `tables` maps the name for the log to the store. */
export function createPurger(
  tables: Readonly<Record<string, Purgeable>>,
  { clock, log, everyMs = minutes(1) }: { clock: Clock; log: Log; everyMs?: number },
): Purger {
  const tasks = Object.entries(tables).map(
    ([name, store]) => [name, (now: Instant, limit: number) => store.purge(now, limit)] as const,
  );
  const words = { done: 'purged', failed: 'purge failed' };
  return createRounds(Object.fromEntries(tasks), { clock, log, everyMs, words });
}
