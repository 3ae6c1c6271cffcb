import { chinaOffset, days } from '../core/clock.ts';
import type { DecidedCount, FigureStore, Outcome } from '../review/dashboard.ts';
import type { ReasonCode } from '../review/reasons.ts';
import type { Handle } from './handle.ts';
import { hasReviewer } from './verification-cases.ts';

/** Column `decision` holds JSON. */
const outcome = `case when decision like '%"decision":"approve"%' then 'approve'
  when decision like '%"decision":"reject"%' then 'reject' else 'resubmit' end`;
const byMachine = `case when ${hasReviewer} then 0 else 1 end`;
const chinaDay = `(decided_at + ${chinaOffset}) / ${days(1)}`;

type Counted = { count: number | string };
type DecidedRow = { route: DecidedCount['route'] | null; outcome: Outcome; by_machine: number } & Counted;
type ReasonRow = { kind: Outcome; reasons: string } & Counted;

/** The figures of the dashboard. Withdrawn cases have no decision and are in none of them. */
export function bindFigures({ knex }: Handle): FigureStore {
  const decidedIn = ({ from, to }: { from: number; to: number }) =>
    knex('verification_cases')
      .where('decided_at', '>=', from)
      .where('decided_at', '<', to)
      .whereNotNull('decision')
      .whereNotNull('submitted_at');

  return {
    async backlog(now, limits) {
      const waiting = () => knex('verification_cases').where({ state: 'in_review' });
      const first = await waiting().min<{ oldest: number | null }[]>({ oldest: 'submitted_at' });
      const counts: number[] = [];
      for (const [i, limit] of [...limits, Infinity].entries()) {
        const newerThan = now - limit;
        const query = waiting().count<Counted[]>({ count: '*' });
        if (Number.isFinite(newerThan)) void query.where('submitted_at', '>', newerThan);
        const before = limits[i - 1];
        if (before !== undefined) void query.where('submitted_at', '<=', now - before);
        const [row] = await query;
        counts.push(Number(row?.count ?? 0));
      }
      return { counts, oldest: first[0]?.oldest ?? undefined };
    },
    async decided(span) {
      const rows = (await decidedIn(span)
        .select('route', knex.raw(`${outcome} as outcome`), knex.raw(`${byMachine} as by_machine`))
        .count({ count: '*' })
        .groupByRaw('1, 2, 3')) as unknown as DecidedRow[];
      return rows.map((row) => ({
        route: row.route ?? undefined,
        outcome: row.outcome,
        byMachine: Number(row.by_machine) === 1,
        count: Number(row.count),
      }));
    },
    async timeToVerdict(span, route, quantile, count) {
      if (count === 0) return undefined;
      const row = await decidedIn(span)
        .where({ route })
        .orderByRaw('decided_at - submitted_at')
        .offset(Math.max(0, Math.ceil(count * quantile) - 1))
        .first<{ decided_at: number; submitted_at: number } | undefined>('decided_at', 'submitted_at');
      return row && row.decided_at - row.submitted_at;
    },
    async perDay(span) {
      const rows = (await decidedIn(span)
        .select(knex.raw(`${chinaDay} as day`), knex.raw(`${outcome} as outcome`))
        .count({ count: '*' })
        .groupByRaw('1, 2')) as unknown as ({
        day: number;
        outcome: Outcome;
      } & Counted)[];
      return rows.map((row) => ({ day: Number(row.day), outcome: row.outcome, count: Number(row.count) }));
    },
    async reasons({ from, to }) {
      const rows = (await knex('review_decisions')
        .where('occurred_at', '>=', from)
        .where('occurred_at', '<', to)
        .whereIn('kind', ['resubmit', 'reject'])
        .select('kind', 'reasons')
        .count({ count: '*' })
        .groupBy('kind', 'reasons')) as unknown as ReasonRow[];
      const totals = new Map<string, { outcome: Outcome; reason: ReasonCode; count: number }>();
      for (const { kind, reasons, count } of rows) {
        for (const { reason } of JSON.parse(reasons) as { reason: ReasonCode }[]) {
          const key = `${kind} ${reason}`;
          const before = totals.get(key)?.count ?? 0;
          totals.set(key, { outcome: kind, reason, count: before + Number(count) });
        }
      }
      return [...totals.values()].sort((a, b) => b.count - a.count);
    },
    async agreement({ from, to }) {
      const [row] = await knex('review_decisions as d')
        .join('review_opinions as o', 'o.case_id', 'd.case_id')
        .where('d.occurred_at', '>=', from)
        .where('d.occurred_at', '<', to)
        .whereRaw('o.staff_id <> d.staff_id')
        .whereRaw('o.occurred_at <= d.occurred_at')
        // Later decisions about the case are about other submissions.
        .whereNotExists(
          knex('review_decisions as e')
            .whereRaw('e.case_id = d.case_id')
            .whereRaw('e.occurred_at >= o.occurred_at')
            .whereRaw('e.occurred_at < d.occurred_at')
            .select(knex.raw('1')),
        )
        .select<{ total: number | string; agreed: number | string | null }[]>(
          knex.raw('count(*) as total'),
          knex.raw('sum(case when o.kind = d.kind then 1 else 0 end) as agreed'),
        );
      return { agreed: Number(row?.agreed ?? 0), total: Number(row?.total ?? 0) };
    },
  };
}
