import type { CaseId } from '../core/ids.ts';
import type { AuthorityAnswer, AuthorityCheck, AuthorityCheckStore } from '../verification/index.ts';
import type { Handle } from './handle.ts';

type CheckRow = {
  reference: string;
  case_id: CaseId;
  round: number;
  source: string;
  outcome: AuthorityAnswer['outcome'] | null;
  code: string | null;
  vendor_reference: string | null;
  face_similarity: number | null;
  attempts: number;
  asked_at: number;
  answered_at: number | null;
  lease_until: number;
};

export function bindAuthorityChecks({ knex }: Handle): AuthorityCheckStore {
  const table = () => knex<CheckRow>('authority_checks');

  return {
    async begin({ caseId, round, source }, now, leaseUntil) {
      const reference = `${caseId}-${round}`;
      await table()
        .insert({
          reference,
          case_id: caseId,
          round,
          source,
          attempts: 0,
          asked_at: now,
          lease_until: 0,
        })
        .onConflict('reference')
        .ignore();
      const taken = await table()
        .where({ reference })
        .whereNull('answered_at')
        .where('lease_until', '<=', now)
        .update({ attempts: knex.raw('attempts + 1') as never, lease_until: leaseUntil, source });
      const check = fromRow((await table().where({ reference }).first()) as CheckRow);
      return { check, mine: taken === 1 };
    },
    async answer(reference, answer, now) {
      const { vendorReference, faceSimilarity } = answer.outcome === 'unavailable' ? {} : answer;
      const answered = await table()
        .where({ reference })
        .whereNull('answered_at')
        .update({
          outcome: answer.outcome,
          code: answer.code,
          vendor_reference: vendorReference ?? null,
          face_similarity: faceSimilarity ?? null,
          answered_at: now,
        });
      return answered === 1;
    },
    async release(reference) {
      await table().where({ reference }).whereNull('answered_at').update({ lease_until: 0 });
    },
    async ofCase(caseId) {
      const row = await table().where({ case_id: caseId }).orderBy('round', 'desc').first();
      return row && fromRow(row);
    },
  };
}

function fromRow(row: CheckRow): AuthorityCheck {
  return {
    reference: row.reference,
    caseId: row.case_id,
    round: row.round,
    source: row.source,
    attempts: row.attempts,
    askedAt: Number(row.asked_at),
    outcome: row.outcome ?? undefined,
    code: row.code ?? undefined,
    vendorReference: row.vendor_reference ?? undefined,
    faceSimilarity: row.face_similarity ?? undefined,
  };
}
