import type Sqlite from 'better-sqlite3';
import type { Client } from '../../clients/index.ts';
import type { AccountId } from '../../core/ids.ts';
import type { AccountStanding } from '../../entitlements/index.ts';
import { toClient, type ClientRow } from '../clients.ts';
import { standingColumns, toStanding, type StandingRow } from '../entitlements.ts';
import type { CommittedCache } from './committed-cache.ts';
import type { Query } from './postgres.ts';

/** What every token needs beside its artifacts: who the app is, and what the account may have. */
export type HotReads = {
  readStanding(accountId: AccountId): Promise<AccountStanding | undefined>;
  findClient(id: string): Promise<Client | undefined>;
};

const standing = (placeholder: string) => `select ${standingColumns.join(', ')} from accounts a
  left join recruiter_statuses s on s.account_id = a.id where a.id = ${placeholder}`;
const client = (placeholder: string) => `select * from clients where id = ${placeholder}`;

export function sqliteReads(reader: Sqlite.Database, cache: CommittedCache): HotReads {
  const standingById = reader.prepare<[string], StandingRow>(standing('?'));
  const clientById = reader.prepare<[string], ClientRow>(client('?'));
  return {
    async readStanding(accountId) {
      return cache.read(`standing ${accountId}`, () => {
        const row = standingById.get(accountId);
        return row && toStanding(accountId, row);
      });
    },
    async findClient(id) {
      return cache.read(`client ${id}`, () => {
        const row = clientById.get(id);
        return row && toClient(row);
      });
    },
  };
}

export function postgresReads(query: Query): HotReads {
  return {
    async readStanding(accountId) {
      const [row] = await query<StandingRow>({
        name: 'standing-by-account',
        text: standing('$1'),
        values: [accountId],
      });
      return row && toStanding(accountId, row);
    },
    async findClient(id) {
      const [row] = await query<ClientRow>({ name: 'client-by-id', text: client('$1'), values: [id] });
      return row && toClient(row);
    },
  };
}
