import type { CaseId } from '../core/ids.ts';
import type {
  AuthorityAnswer,
  AuthorityCheckStore,
  RegistryAnswer,
  RegistryCheck,
  RegistryCheckStore,
  SourceCheck,
  SourceCheckStore,
} from '../verification/index.ts';
import type { Handle } from './handle.ts';

type CheckRow = {
  reference: string;
  case_id: CaseId;
  round: number;
  kind: 'authority' | 'registry';
  source: string;
  outcome: string | null;
  code: string | null;
  vendor_reference: string | null;
  face_similarity: number | null;
  /** JSON of what a registry told. */
  registered: string | null;
  attempts: number;
  asked_at: number;
  answered_at: number | null;
  lease_until: number;
};

type AnswerColumns = Partial<
  Pick<CheckRow, 'outcome' | 'code' | 'vendor_reference' | 'face_similarity' | 'registered'>
>;

/** What is kept of an answer of either kind, and how it is read again. */
type Kind<Check extends SourceCheck, Answer> = {
  readonly kind: CheckRow['kind'];
  /** Appended to the reference; references of the two kinds are different questions. */
  readonly suffix: string;
  readonly toColumns: (answer: Answer) => AnswerColumns;
  readonly fromRow: (row: CheckRow) => Omit<Check, Exclude<keyof SourceCheck, 'outcome'>>;
};

export function bindAuthorityChecks(handle: Handle): AuthorityCheckStore {
  return bindSourceChecks(handle, {
    kind: 'authority',
    suffix: '',
    toColumns: (answer) => ({
      vendor_reference: (answer.outcome !== 'unavailable' && answer.vendorReference) || null,
      face_similarity: (answer.outcome === 'unavailable' ? undefined : answer.faceSimilarity) ?? null,
    }),
    fromRow: (row) => ({
      outcome: (row.outcome as AuthorityAnswer['outcome'] | null) ?? undefined,
      code: row.code ?? undefined,
      vendorReference: row.vendor_reference ?? undefined,
      faceSimilarity: row.face_similarity ?? undefined,
    }),
  });
}

export function bindRegistryChecks(handle: Handle): RegistryCheckStore {
  return bindSourceChecks(handle, {
    kind: 'registry',
    suffix: '-registry',
    toColumns: (answer) => {
      if (answer.outcome === 'unavailable') return {};
      const { vendorReference, differing, registered } = answer;
      const told = JSON.stringify({ differing, registered });
      return { vendor_reference: vendorReference ?? null, registered: told };
    },
    fromRow: (row) => ({
      ...((row.registered === null ? { differing: [], registered: {} } : JSON.parse(row.registered)) as Pick<
        RegistryCheck,
        'differing' | 'registered'
      >),
      outcome: (row.outcome as RegistryAnswer['outcome'] | null) ?? undefined,
      code: row.code ?? undefined,
      vendorReference: row.vendor_reference ?? undefined,
    }),
  });
}

function bindSourceChecks<
  Check extends SourceCheck,
  Answer extends { readonly outcome: string; readonly code: string },
>(
  { knex }: Handle,
  { kind, suffix, toColumns, fromRow }: Kind<Check, Answer>,
): SourceCheckStore<Check, Answer> {
  const table = () => knex<CheckRow>('authority_checks').where({ kind });
  const toCheck = (row: CheckRow): Check =>
    ({
      reference: row.reference,
      caseId: row.case_id,
      round: row.round,
      source: row.source,
      attempts: row.attempts,
      askedAt: Number(row.asked_at),
      ...fromRow(row),
    }) as unknown as Check;

  return {
    async begin({ caseId, round, source }, now, leaseUntil) {
      const reference = `${caseId}-${round}${suffix}`;
      const row = { reference, case_id: caseId, round, kind, source, attempts: 0, asked_at: now };
      await knex<CheckRow>('authority_checks')
        .insert({ ...row, lease_until: 0 })
        .onConflict('reference')
        .ignore();
      const taken = await table()
        .where({ reference })
        .whereNull('answered_at')
        .where('lease_until', '<=', now)
        .update({ attempts: knex.raw('attempts + 1') as never, lease_until: leaseUntil, source });
      const check = toCheck((await table().where({ reference }).first()) as CheckRow);
      return { check, mine: taken === 1 };
    },
    async answer(reference, answer, now) {
      const { outcome, code } = answer;
      const answered = await table()
        .where({ reference })
        .whereNull('answered_at')
        .update({ outcome, code, ...toColumns(answer), answered_at: now });
      return answered === 1;
    },
    async release(reference) {
      await table().where({ reference }).whereNull('answered_at').update({ lease_until: 0 });
    },
    async ofCase(caseId) {
      const row = await table().where({ case_id: caseId }).orderBy('round', 'desc').first();
      return row && toCheck(row);
    },
  };
}
