import { minutes, seconds, type Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { ClaimedJob, JobKind, JobPayloads, JobStore } from '../events/index.ts';
import { createLane } from './lane.ts';

/**
 * What a handler answers: the job is done, is to be retried (after `delay` milliseconds, or the runner's own growing
 * pause), or is given up. A thrown error counts as retry. `wait`: nothing went wrong, it is to be run again after
 * `delay` milliseconds, as often as it says so.
 */
export type JobOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'wait'; readonly delay: number }
  | { readonly outcome: 'retry'; readonly error: string; readonly delay?: number }
  | { readonly outcome: 'failed'; readonly error: string };

export type JobHandlers = {
  [K in JobKind]: (payload: JobPayloads[K], attempt: number) => Promise<JobOutcome | void>;
};

export type JobRunner = {
  start(): void;
  /** Looks for due jobs now instead of at the next poll. */
  wake(): void;
  /** Runs until no job is due; for tests and the test kit, where the clock stands still. */
  drain(): Promise<void>;
  /** Takes no new jobs and waits for the running ones. */
  stop(): Promise<void>;
};

export type JobRunnerDependencies = {
  readonly jobs: JobStore;
  readonly handlers: JobHandlers;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs?: number;
};

const MAX_ATTEMPTS = 8;

/**
 * How many jobs of a kind run at once; kinds never wait for one another. Examining takes seconds and waits for outside
 * sources: a code that somebody waits for must not stand behind it.
 */
const widths: { readonly [kind in JobKind]: number } = {
  'sms.send': 10,
  'mail.send': 5,
  'case.examine': 4,
  'images.destroy': 2,
  'deposit.send': 2,
  'company.notice': 2,
};

export function createJobRunner({
  jobs,
  handlers,
  clock,
  log,
  pollMs = 1000,
}: JobRunnerDependencies): JobRunner {
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;

  const perform = async (job: ClaimedJob): Promise<void> => {
    const handler = handlers[job.kind] as (payload: unknown, attempt: number) => Promise<JobOutcome | void>;
    let outcome: JobOutcome;
    try {
      outcome = (await handler(job.payload, job.attempt)) ?? { outcome: 'done' };
    } catch (error) {
      log.error('job failed', { job: job.id, jobKind: job.kind, attempt: job.attempt, error });
      outcome = { outcome: 'retry', error: error instanceof Error ? error.name : 'unknown' };
    }
    if (outcome.outcome === 'done') return jobs.complete(job.id);
    if (outcome.outcome === 'wait') return jobs.postpone(job.id, clock.now() + outcome.delay);
    if (outcome.outcome === 'failed' || job.attempt >= MAX_ATTEMPTS) return jobs.fail(job.id, outcome.error);
    return jobs.retry(job.id, clock.now() + (outcome.delay ?? pause(job.attempt)), outcome.error);
  };

  const lanes = Object.entries(widths).map(([kind, width]) =>
    createLane({ jobs, clock, log, kind: kind as JobKind, width, perform }),
  );
  const wake = (): void => {
    if (!stopped) for (const lane of lanes) void lane.fill();
  };

  return {
    start() {
      stopped = false;
      timer = setInterval(wake, pollMs);
      timer.unref();
      wake();
    },
    wake,
    async drain() {
      let found: number;
      do {
        found = 0;
        for (const lane of lanes) found += await lane.drain();
      } while (found > 0);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

/** 2, 4, 8 … seconds, at most 10 minutes. */
function pause(attempt: number): number {
  return Math.min(seconds(2 ** attempt), minutes(10));
}
