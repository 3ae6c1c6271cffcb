/**
 * Work that happens after a request: a runner claims jobs from the table under a lease, hands each to its handler
 * (one service call), and retries with growing pauses. A job survives a crash because its lease runs out.
 */
export { createJobRunner, type JobHandlers, type JobRunner } from './runner.ts';
export { createPurger, type Purgeable, type Purger } from './purge.ts';
export { createSweeper, type Sweeper } from './sweep.ts';
