import type { Knex } from 'knex';
import type { CaseId, StaffId } from '../core/ids.ts';
import type { Bar, ClaimStore, QueuedCase, QueueFilter } from '../review/review-store.ts';
import type { Verdict } from '../verification/index.ts';
import type { Handle } from './handle.ts';

type QueueRow = {
  id: CaseId;
  submitted_at: number;
  round: number;
  route: QueuedCase['route'] | null;
  verdict: string | null;
  rank: number | string;
  opinions: number | string;
  bar: Bar | null;
  staff_id: StaffId | null;
  claimed_at: number | null;
  expires_at: number | null;
};

const isAppeal = `exists (select 1 from verification_history h where h.case_id = c.id and h.event = 'appeal')`;

/** Opinions about the case as it is now; those about an earlier version have nothing to say. */
const standing = `from review_opinions o where o.case_id = c.id and o.case_version = c.version`;

/** 0: somebody objects to a rejection; 1: did again what was asked; 2: the others. */
const rank = `case when ${isAppeal} then 0 when c.round > 1 then 1 else 2 end`;

/** Takes the member of staff five times. */
const bar = `case
  when exists (select 1 from staff_conflicts s join companies m on m.credit_code = s.credit_code
    where m.id = c.company_id and s.staff_id = ?) then 'conflict_of_interest'
  when exists (select 1 ${standing} and o.staff_id = ?) then 'own_opinion'
  when exists (select 1 from review_decisions d where d.case_id = c.id and d.kind = 'reject'
    and (d.staff_id = ? or d.first_staff_id = ? or exists (select 1 from review_opinions o
      where o.case_id = c.id and o.staff_id = ? and o.occurred_at <= d.occurred_at))) then 'took_part'
  end`;

const kinds: Readonly<Record<NonNullable<QueueFilter['kind']>, string>> = {
  first: `${rank} = 2`,
  again: `${rank} = 1`,
  appeal: `${rank} = 0`,
  second: `exists (select 1 ${standing})`,
};

/** The queue as one member of staff sees it. */
export function bindCaseQueue({
  knex,
}: Handle): Pick<ClaimStore, 'queue' | 'countQueue' | 'nextFree' | 'bar'> {
  const barOf = (staffId: StaffId): Knex.Raw => knex.raw(bar, Array<string>(5).fill(staffId));

  /** Cases in review, joined with the claim that is live at `now`. */
  const waiting = (now: number) =>
    knex('verification_cases as c')
      .leftJoin('case_claims as k', (on) =>
        on.on('k.case_id', '=', 'c.id').andOn('k.expires_at', '>', knex.raw('?', [now])),
      )
      .where('c.state', 'in_review');

  const inOrder = (query: ReturnType<typeof waiting>) =>
    query.orderByRaw(rank).orderBy('c.submitted_at').orderBy('c.id');

  return {
    async queue(staffId, now, limit, { kind, route }) {
      const query = waiting(now);
      if (route) void query.where('c.route', route);
      if (kind) void query.whereRaw(kinds[kind]);
      const rows = await inOrder(query)
        .limit(limit)
        .select<QueueRow[]>(
          'c.id',
          'c.submitted_at',
          'c.round',
          'c.route',
          'c.verdict',
          'k.staff_id',
          'k.claimed_at',
          'k.expires_at',
          knex.raw(`${rank} as rank`),
          knex.raw(`(select count(*) ${standing}) as opinions`),
          knex.raw('? as bar', [barOf(staffId)]),
        );
      return rows.map(toQueued);
    },
    async countQueue(staffId, now) {
      const count = async (query: ReturnType<typeof waiting>): Promise<number> => {
        const [row] = await query.count<{ n: string | number }[]>({ n: 'c.id' });
        return Number(row?.n);
      };
      const free = waiting(now)
        .whereNull('k.case_id')
        .whereRaw('(?) is null', [barOf(staffId)]);
      return { waiting: await count(free), claimed: await count(waiting(now).whereNotNull('k.case_id')) };
    },
    async nextFree(staffId, now, except) {
      const free = waiting(now)
        .whereNull('k.case_id')
        .whereRaw('(?) is null', [barOf(staffId)]);
      if (except !== undefined) void free.whereNot('c.id', except);
      const row = await inOrder(free).first<{ id: CaseId } | undefined>('c.id');
      return row?.id;
    },
    async bar(caseId, staffId) {
      const row = await knex('verification_cases as c')
        .where('c.id', caseId)
        .first<{ bar: Bar | null } | undefined>(knex.raw('? as bar', [barOf(staffId)]));
      return row?.bar ?? undefined;
    },
  };
}

function toQueued(row: QueueRow): QueuedCase {
  const { staff_id: staffId, claimed_at: claimedAt, expires_at: expiresAt } = row;
  return {
    caseId: row.id,
    submittedAt: row.submitted_at,
    round: row.round,
    route: row.route ?? undefined,
    referredFor: row.verdict ? (JSON.parse(row.verdict) as Verdict).reasons : [],
    isAppeal: Number(row.rank) === 0,
    opinions: Number(row.opinions),
    bar: row.bar ?? undefined,
    claim:
      staffId === null || claimedAt === null || expiresAt === null
        ? undefined
        : { caseId: row.id, staffId, claimedAt, expiresAt },
  };
}
