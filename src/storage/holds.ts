import type { Instant } from '../core/clock.ts';
import type { AccountId, StaffId } from '../core/ids.ts';
import type { Hold, HoldStore } from '../review/index.ts';
import type { Handle } from './handle.ts';

type HoldRow = {
  account_id: AccountId;
  reason: Hold['reason'];
  set_by: StaffId;
  set_at: Instant;
  note: Buffer | null;
  appeal: Buffer | null;
  appealed_at: Instant | null;
  refused_by: StaffId | null;
  refused_at: Instant | null;
};

const place = (column: 'note' | 'appeal', row: AccountId) => ({ table: 'recruiter_holds', column, row });

/** Note and objection are sealed with the person they are about. */
export function bindHolds({ knex, vault }: Handle): HoldStore {
  const table = () => knex<HoldRow>('recruiter_holds');
  return {
    async find(accountId) {
      const row = await table().where({ account_id: accountId }).first();
      if (!row) return undefined;
      const open = (column: 'note' | 'appeal') => {
        const sealed = row[column];
        return sealed ? vault.openText(accountId, place(column, accountId), sealed) : undefined;
      };
      return {
        accountId,
        reason: row.reason,
        setBy: row.set_by,
        setAt: row.set_at,
        note: await open('note'),
        appeal:
          row.appealed_at === null
            ? undefined
            : { text: await open('appeal'), at: row.appealed_at, refusedAt: row.refused_at ?? undefined },
      };
    },
    async set({ accountId, reason, setBy, setAt, note }) {
      const sealed = await vault.seal(accountId, place('note', accountId), note);
      const added = await table()
        .insert({ account_id: accountId, reason, set_by: setBy, set_at: setAt, note: sealed })
        .onConflict('account_id')
        .ignore()
        .returning('account_id');
      return added.length === 1;
    },
    lift: async (accountId) => (await table().where({ account_id: accountId }).delete()) === 1,
    async appeal(accountId, text, now) {
      const sealed = await vault.seal(accountId, place('appeal', accountId), text);
      const changed = await table()
        .where({ account_id: accountId, appealed_at: null })
        .update({ appeal: sealed, appealed_at: now });
      return changed === 1;
    },
    async grant(accountId) {
      const open = table().where({ account_id: accountId, refused_at: null }).whereNotNull('appealed_at');
      return (await open.delete()) === 1;
    },
    async refuse(accountId, by, now) {
      const changed = await table()
        .where({ account_id: accountId, refused_at: null })
        .whereNotNull('appealed_at')
        .update({ refused_by: by, refused_at: now });
      return changed === 1;
    },
    async listAppeals(limit) {
      const open = table().whereNotNull('appealed_at').whereNull('refused_at');
      const rows = await open.orderBy('appealed_at').limit(limit);
      return rows.map(({ account_id, reason, set_by, set_at }) => ({
        accountId: account_id,
        reason,
        setBy: set_by,
        setAt: set_at,
      }));
    },
  };
}
