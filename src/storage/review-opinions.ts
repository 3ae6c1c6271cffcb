import type { AuditLog } from '../audit/index.ts';
import type { CaseId, OpinionId } from '../core/ids.ts';
import type { ConflictStore, GivenReason, Opinion, OpinionStore } from '../review/review-store.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type OpinionRow = {
  id: OpinionId;
  case_id: CaseId;
  account_id: Opinion['accountId'];
  staff_id: Opinion['staffId'];
  case_version: number;
  kind: Opinion['kind'];
  cause: Opinion['cause'];
  reasons: string;
  message: Buffer | null;
  note: Buffer | null;
  policy_version: string;
  occurred_at: number;
};

type Text = 'message' | 'note';

const place = (row: OpinionId, column: Text) => ({ table: 'review_opinions', column, row });

export function bindOpinions({ knex, vault }: Handle, audit: AuditLog): OpinionStore {
  const seal = async ({ accountId, id, ...texts }: Opinion, column: Text) => {
    const text = texts[column];
    return text === undefined ? null : vault.seal(accountId, place(id, column), text);
  };
  const open = async (row: OpinionRow, column: Text) => {
    const sealed = row[column];
    return sealed === null ? undefined : vault.openText(row.account_id, place(row.id, column), sealed);
  };
  const toOpinion = async (row: OpinionRow): Promise<Opinion> => ({
    id: row.id,
    caseId: row.case_id,
    accountId: row.account_id,
    staffId: row.staff_id,
    caseVersion: row.case_version,
    kind: row.kind,
    cause: row.cause,
    reasons: JSON.parse(row.reasons) as GivenReason[],
    message: await open(row, 'message'),
    note: await open(row, 'note'),
    policyVersion: row.policy_version,
    occurredAt: row.occurred_at,
  });

  return {
    async give(opinion, expiresAt) {
      const given = await knex('review_opinions')
        .insert({
          id: opinion.id,
          case_id: opinion.caseId,
          account_id: opinion.accountId,
          staff_id: opinion.staffId,
          case_version: opinion.caseVersion,
          kind: opinion.kind,
          cause: opinion.cause,
          reasons: JSON.stringify(opinion.reasons),
          message: await seal(opinion, 'message'),
          note: await seal(opinion, 'note'),
          policy_version: opinion.policyVersion,
          occurred_at: opinion.occurredAt,
          expires_at: expiresAt,
        })
        .onConflict(['case_id', 'case_version', 'staff_id'])
        .ignore()
        .returning<{ id: string }[]>('id');
      if (given.length !== 1) return false;
      const { caseId: target, staffId: actor, id, kind, cause } = opinion;
      await audit.append({ actor, action: 'opinion.given', target, details: { opinion: id, kind, cause } });
      return true;
    },
    async ofCase(caseId) {
      const rows = await knex<OpinionRow>('review_opinions').where({ case_id: caseId }).orderBy('id');
      return Promise.all(rows.map((row) => toOpinion(row)));
    },
    purge: (now, limit) => deleteExpired(knex, 'review_opinions', 'id', now, limit),
  };
}

/** Declarations are few, and like the accounts of staff they stay until somebody takes them back. */
export function bindConflicts({ knex, clock }: Handle): ConflictStore {
  return {
    async declare(staffId, creditCode) {
      const declared = await knex('staff_conflicts')
        .insert({ staff_id: staffId, credit_code: creditCode, declared_at: clock.now() })
        .onConflict(['staff_id', 'credit_code'])
        .ignore()
        .returning<{ staff_id: string }[]>('staff_id');
      return declared.length === 1;
    },
    async withdraw(staffId, creditCode) {
      const row = { staff_id: staffId, credit_code: creditCode };
      return (await knex('staff_conflicts').where(row).delete()) === 1;
    },
    list: (staffId) =>
      knex('staff_conflicts').where({ staff_id: staffId }).orderBy('credit_code').pluck('credit_code'),
  };
}
