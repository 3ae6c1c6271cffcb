import type { Knex } from 'knex';
import type { Instant } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { EntitlementStore, Facts, FactsSnapshot } from '../entitlements/index.ts';

type Snapshots = Pick<EntitlementStore, 'snapshot' | 'snapshotsUntil' | 'writeSnapshot' | 'purgeSnapshots'>;

/** What statuses were derived from, and when: nothing in it is personal, so nothing is sealed. */
export function bindSnapshots(knex: Knex): Snapshots {
  const table = () => knex<SnapshotRow>('recruiter_facts');
  return {
    async snapshot(accountId) {
      const row = await table().where({ account_id: accountId, valid_until: null }).first();
      return row && toSnapshot(row);
    },
    async snapshotsUntil(accountId, at, limit) {
      const rows = await table()
        .where({ account_id: accountId })
        .where('valid_from', '<=', at)
        .orderBy('valid_from', 'desc')
        .limit(limit);
      return rows.map(toSnapshot);
    },
    async writeSnapshot({ accountId, ...facts }, from) {
      const row = {
        account_id: accountId,
        valid_from: from,
        valid_until: null,
        facts: JSON.stringify(facts),
      };
      await table()
        .where({ account_id: accountId, valid_until: null })
        .where('valid_from', '<', from)
        .update({ valid_until: from });
      await table().insert(row).onConflict(['account_id', 'valid_from']).merge(['facts']);
    },
    async purgeSnapshots(before, limit) {
      const key = ['account_id', 'valid_from'] as const;
      const ended = table().where('valid_until', '<', before).orderBy('valid_until').limit(limit);
      return table()
        .whereIn([...key], ended.select(...key))
        .delete();
    },
  };
}

type SnapshotRow = {
  account_id: AccountId;
  valid_from: Instant;
  valid_until: Instant | null;
  facts: string;
};

function toSnapshot({ account_id, valid_from, valid_until, facts }: SnapshotRow): FactsSnapshot {
  const stored = JSON.parse(facts) as Omit<Facts, 'accountId' | 'person' | 'caseState'> & Partial<Facts>;
  return {
    facts: { ...stored, accountId: account_id, person: stored.person, caseState: stored.caseState },
    validFrom: valid_from,
    validUntil: valid_until,
  };
}
