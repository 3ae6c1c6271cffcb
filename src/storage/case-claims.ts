import type { CaseId } from '../core/ids.ts';
import type { Claim, ClaimStore } from '../review/review-store.ts';
import { bindCaseQueue } from './case-queue.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type ClaimRow = { case_id: CaseId; staff_id: Claim['staffId']; claimed_at: number; expires_at: number };

export function bindCaseClaims(handle: Handle): ClaimStore {
  const { knex } = handle;
  const toClaim = (row: ClaimRow): Claim => ({
    caseId: row.case_id,
    staffId: row.staff_id,
    claimedAt: row.claimed_at,
    expiresAt: row.expires_at,
  });

  const live = (now: number) => knex<ClaimRow>('case_claims').where('expires_at', '>', now);

  return {
    ...bindCaseQueue(handle),
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
