import type { AccountId, ReceiptId } from '../core/ids.ts';
import type { Receipt, ReceiptStore } from '../privacy/index.ts';
import type { Handle } from './handle.ts';

type ReceiptRow = {
  id: ReceiptId;
  account_id: AccountId;
  purpose: Receipt['purpose'];
  granted: number;
  version: string;
  language: string;
  occurred_at: number;
};

export function bindReceipts({ knex, clock, ids }: Handle): ReceiptStore {
  return {
    async record({ accountId, purpose, granted, version, language }) {
      const row: ReceiptRow = {
        id: ids.next('rcp'),
        account_id: accountId,
        purpose,
        granted: Number(granted),
        version,
        language,
        occurred_at: clock.now(),
      };
      await knex('receipts').insert(row);
      return fromRow(row);
    },
    async list(accountId) {
      const rows = await knex<ReceiptRow>('receipts').where({ account_id: accountId }).orderBy('id');
      return rows.map(fromRow);
    },
  };
}

function fromRow(row: ReceiptRow): Receipt {
  return {
    id: row.id,
    accountId: row.account_id,
    purpose: row.purpose,
    granted: Boolean(row.granted),
    version: row.version,
    language: row.language,
    occurredAt: row.occurred_at,
  };
}
