import { seconds, type Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createRounds, type Rounds, type Task } from './rounds.ts';

/** Does what nobody asks for, because only time has passed; {@link Rounds.run} returns how many things were looked at. */
export type Sweeper = Rounds;

/** Sweeps twice a minute, so that what time changes is told within a minute of the instant. */
export function createSweeper(
  sweeps: Readonly<Record<string, Task>>,
  { clock, log, everyMs = seconds(30) }: { clock: Clock; log: Log; everyMs?: number },
): Sweeper {
  return createRounds(sweeps, { clock, log, everyMs, words: { done: 'swept', failed: 'sweep failed' } });
}
