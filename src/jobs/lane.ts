import { minutes, type Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { ClaimedJob, JobKind, JobStore } from '../events/index.ts';

type LaneOptions = {
  readonly jobs: Pick<JobStore, 'claim'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly kind: JobKind;
  /** Jobs that run at once. */
  readonly width: number;
  readonly perform: (job: ClaimedJob) => Promise<void>;
};

export type Lane = {
  /** Takes due jobs as long as there is room; every job that ends makes room for the next. */
  fill(): Promise<void>;
  /** Runs until no job is due, and returns how many ran. */
  drain(): Promise<number>;
  /** Takes no new jobs and waits for the running ones. */
  stop(): Promise<void>;
};

const LEASE = minutes(1);

/** Runs jobs of one kind side by side, never more than `width`. */
export function createLane({ jobs, clock, log, kind, width, perform }: LaneOptions): Lane {
  const running = new Set<Promise<void>>();
  let filling: Promise<number> | undefined;
  let again = false;
  let stopped = false;

  const begin = (job: ClaimedJob, next: () => void): void => {
    const done: Promise<void> = perform(job)
      .catch((error: unknown) => log.error('job queue unavailable', { error }))
      .then(() => {
        running.delete(done);
        next();
      });
    running.add(done);
  };

  const take = async (next: () => void): Promise<number> => {
    let taken = 0;
    for (;;) {
      again = false;
      const room = width - running.size;
      const claimed =
        stopped || room <= 0 ? [] : await jobs.claim(clock.now(), clock.now() + LEASE, room, [kind]);
      for (const job of claimed) begin(job, next);
      taken += claimed.length;
      if (claimed.length === 0 && !again) return taken;
    }
  };

  const fill = async (): Promise<void> => {
    again = true;
    filling ??= take(() => void fill())
      .catch((error: unknown) => {
        log.error('job queue unavailable', { error });
        return 0;
      })
      .finally(() => (filling = undefined));
    await filling;
  };

  return {
    fill,
    async drain() {
      await filling;
      let total = 0;
      let taken: number;
      do {
        taken = await take(() => {});
        await Promise.all(running);
        total += taken;
      } while (taken > 0);
      return total;
    },
    async stop() {
      stopped = true;
      await filling;
      await Promise.all(running);
    },
  };
}
