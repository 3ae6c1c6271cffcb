import type { CaseId } from '../core/ids.ts';
import type { Claim, ClaimStore, QueuedCase } from '../review/review-store.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type ClaimRow = { case_id: CaseId; staff_id: Claim['staffId']; claimed_at: number; expires_at: number };
type QueueRow = { id: CaseId; submitted_at: number; round: number } & {
  [C in keyof Omit<ClaimRow, 'case_id'>]: ClaimRow[C] | null;
};

export function bindCaseClaims({ knex }: Handle): ClaimStore {
  const toClaim = (row: ClaimRow): Claim => ({
    caseId: row.case_id,
    staffId: row.staff_id,
    claimedAt: row.claimed_at,
    expiresAt: row.expires_at,
  });

  /** Cases in review, joined with the claim that is live at `now`. */
  const waiting = (now: number) =>
    knex('verification_cases as c')
      .leftJoin('case_claims as k', (on) =>
        on.on('k.case_id', '=', 'c.id').andOn('k.expires_at', '>', knex.raw('?', [now])),
      )
      .where('c.state', 'in_review');

  const live = (now: number) => knex<ClaimRow>('case_claims').where('expires_at', '>', now);

  return {
    async queue(now, limit) {
      const rows = await waiting(now)
        .orderBy('c.submitted_at')
        .orderBy('c.id')
        .limit(limit)
        .select<QueueRow[]>(
          'c.id',
          'c.submitted_at',
          'c.round',
          'k.staff_id',
          'k.claimed_at',
          'k.expires_at',
        );
      return rows.map(toQueued);
    },
    async countQueue(now) {
      const [row] = await waiting(now).count<{ all: string | number; claimed: string | number }[]>({
        all: 'c.id',
        claimed: 'k.case_id',
      });
      const claimed = Number(row?.claimed);
      return { waiting: Number(row?.all) - claimed, claimed };
    },
    async nextFree(now, except) {
      const free = waiting(now).whereNull('k.case_id');
      if (except !== undefined) void free.whereNot('c.id', except);
      const row = await free.orderBy('c.submitted_at').orderBy('c.id').first<{ id: CaseId }>('c.id');
      return row?.id;
    },
    async live(caseId, now) {
      const row = await live(now).where({ case_id: caseId }).first();
      return row && toClaim(row);
    },
    async heldBy(staffId, now) {
      const rows = await live(now).where({ staff_id: staffId }).orderBy('claimed_at');
      return rows.map((row) => toClaim(row));
    },
    async take(claim, now) {
      const row = {
        case_id: claim.caseId,
        staff_id: claim.staffId,
        claimed_at: claim.claimedAt,
        expires_at: claim.expiresAt,
      };
      const taken = await knex('case_claims')
        .insert(row)
        .onConflict('case_id')
        .merge(row)
        .where((any) =>
          any.where('case_claims.expires_at', '<=', now).orWhere('case_claims.staff_id', claim.staffId),
        )
        .returning<{ case_id: string }[]>('case_id');
      return taken.length === 1;
    },
    async prolong(caseId, staffId, now, expiresAt) {
      const prolonged = await live(now)
        .where({ case_id: caseId, staff_id: staffId })
        .update({ expires_at: expiresAt });
      return prolonged === 1;
    },
    async release(caseId, staffId, now) {
      return (await live(now).where({ case_id: caseId, staff_id: staffId }).delete()) === 1;
    },
    async releaseAll(staffId) {
      await knex('case_claims').where({ staff_id: staffId }).delete();
    },
    purge: (now, limit) => deleteExpired(knex, 'case_claims', 'case_id', now, limit),
  };
}

function toQueued(row: QueueRow): QueuedCase {
  const { staff_id: staffId, claimed_at: claimedAt, expires_at: expiresAt } = row;
  return {
    caseId: row.id,
    submittedAt: row.submitted_at,
    round: row.round,
    claim:
      staffId === null || claimedAt === null || expiresAt === null
        ? undefined
        : { caseId: row.id, staffId, claimedAt, expiresAt },
  };
}
