import type Sqlite from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Client } from '../../clients/index.ts';
import type { AccountId } from '../../core/ids.ts';
import type { AccountStanding } from '../../entitlements/index.ts';
import { toClient, type ClientRow } from '../clients.ts';
import { standingColumns, toStanding, type StandingRow } from '../entitlements.ts';
import type { CommittedCache } from './committed-cache.ts';
import type { Query } from './postgres.ts';

export type FindClient = (id: string) => Promise<Client | undefined>;
type ReadStanding = (accountId: AccountId) => Promise<AccountStanding | undefined>;

export const standing = (placeholder: string): string => `select ${standingColumns.join(', ')} from accounts a
  left join recruiter_statuses s on s.account_id = a.id where a.id = ${placeholder}`;
const client = (placeholder: string) => `select * from clients where id = ${placeholder}`;

export function sqliteReads(
  reader: Sqlite.Database,
  cache: CommittedCache,
): { readStanding: ReadStanding; findClient: FindClient } {
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

/** Milliseconds for which an app's registration is taken as unchanged where several processes share the database. */
const CLIENT_MEMORY_MS = 1000;

export function postgresClients(query: Query): FindClient {
  const remembered = new LRUCache<string, Client>({ max: 1000, ttl: CLIENT_MEMORY_MS });
  return async (id) => {
    const known = remembered.get(id);
    if (known) return known;
    const [row] = await query<ClientRow>({ name: 'client-by-id', text: client('$1'), values: [id] });
    if (row) remembered.set(id, toClient(row));
    return remembered.get(id);
  };
}
