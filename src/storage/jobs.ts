import { days } from '../core/clock.ts';
import type { JobId } from '../core/ids.ts';
import type { ClaimedJob, JobStore } from '../events/index.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

/** A job that nobody completed is kept this long, so that an operator can see why. */
const RETENTION = days(30);

export function bindJobs({ knex, clock, ids, dialect, onEnqueue }: Handle): JobStore {
  const finish = (id: JobId, change: Record<string, unknown>) =>
    knex('jobs')
      .where({ id })
      .update({ lease_until: null, ...change });
  return {
    async enqueue({ kind, payload, runAt }) {
      const id = ids.next('job');
      const now = clock.now();
      await knex('jobs').insert({
        id,
        kind,
        payload: JSON.stringify(payload),
        state: 'queued',
        attempts: 0,
        run_at: runAt ?? now,
        created_at: now,
        expires_at: now + RETENTION,
      });
      onEnqueue();
      return id;
    },
    async claim(now, leaseUntil, limit, kinds) {
      const due = knex('jobs')
        .where((any) =>
          any
            .where((one) => one.where('state', 'queued').where('run_at', '<=', now))
            .orWhere((one) => one.where('state', 'running').where('lease_until', '<=', now)),
        )
        .orderBy('run_at')
        .limit(limit)
        .select('id');
      if (kinds) void due.whereIn('kind', kinds);
      if (dialect === 'postgres') void due.forUpdate().skipLocked();
      const rows = await knex<JobRow>('jobs')
        .whereIn('id', due)
        .update({ state: 'running', lease_until: leaseUntil, attempts: knex.raw('attempts + 1') as never })
        .returning(['id', 'kind', 'payload', 'attempts']);
      return rows.map(({ id, kind, payload, attempts }) => ({
        id,
        kind,
        payload: JSON.parse(payload) as never,
        attempt: attempts,
      }));
    },
    async complete(id) {
      await knex('jobs').where({ id }).delete();
    },
    async retry(id, runAt, error) {
      await finish(id, { state: 'queued', run_at: runAt, last_error: error });
      onEnqueue();
    },
    async postpone(id, runAt) {
      await finish(id, { state: 'queued', run_at: runAt, attempts: knex.raw('attempts - 1') });
      onEnqueue();
    },
    async fail(id, error) {
      await finish(id, { state: 'failed', last_error: error });
    },
    purge: (now, limit) => deleteExpired(knex, 'jobs', 'id', now, limit),
  };
}

type JobRow = {
  id: JobId;
  kind: ClaimedJob['kind'];
  payload: string;
  state: string;
  lease_until: number;
  attempts: number;
};
