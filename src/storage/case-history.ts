import type { CaseId } from '../core/ids.ts';
import type { CaseEntry, CaseStore } from '../verification/index.ts';
import type { Handle } from './handle.ts';

type HistoryRow = {
  case_id: CaseId;
  sequence: number;
  event: CaseEntry['event'];
  state: CaseEntry['state'];
  actor: CaseEntry['by'];
  reasons: string;
  occurred_at: number;
};

/** What happened to a case, for its timeline; added to only. */
export function bindCaseHistory({ knex, clock }: Handle): Pick<CaseStore, 'record' | 'history'> {
  const table = () => knex<HistoryRow>('verification_history');
  return {
    async record(id, { event, state, by, reasons = [] }) {
      // The caller has just changed the case within this transaction, so nobody else numbers its entries.
      const last = await table().where({ case_id: id }).orderBy('sequence', 'desc').first('sequence');
      const row: HistoryRow = {
        case_id: id,
        sequence: (last?.sequence ?? 0) + 1,
        event,
        state,
        actor: by,
        reasons: JSON.stringify(reasons),
        occurred_at: clock.now(),
      };
      await table().insert(row);
    },
    async history(id) {
      const rows = await table().where({ case_id: id }).orderBy('sequence');
      return rows.map((row) => ({
        event: row.event,
        state: row.state,
        by: row.actor,
        at: row.occurred_at,
        reasons: JSON.parse(row.reasons) as CaseEntry['reasons'],
      }));
    },
  };
}
