import type { InboxStore, MessageStore, PhoneNumber } from '../accounts/index.ts';
import { days } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import { PHONE_INDEX } from './accounts.ts';
import type { Handle } from './handle.ts';
import { bindOutbox } from './outbox.ts';
import { deleteSealedExpired } from './purge.ts';

const INBOX_RETENTION = days(7);

type Column = 'phone' | 'body';

/** The outbox of text messages. */
export function bindMessages(handle: Handle): MessageStore {
  return bindOutbox(handle, {
    table: 'messages',
    recipient: 'phone',
    toRow: ({ to, text }) => [to, text],
    fromRow: (to, text) => ({ to: to as PhoneNumber, text }),
  });
}

/** The development inbox. What it holds is sealed like everything else, under a key of its own. */
export function bindInbox({ knex, vault, clock }: Handle): InboxStore {
  const place = (column: Column, row: string) => ({ table: 'inbox_messages', column, row });
  const subject = (id: string) => `inbox:${id}`;
  return {
    async receive({ id, to, text }) {
      const now = clock.now();
      await knex('inbox_messages')
        .insert({
          id: subject(id),
          phone: await vault.seal(subject(id), place('phone', id), to),
          phone_index: vault.index(PHONE_INDEX, to),
          body: await vault.seal(subject(id), place('body', id), text),
          received_at: now,
          expires_at: now + INBOX_RETENTION,
        })
        .onConflict('id')
        .ignore();
    },
    async has(id) {
      return (
        (await knex('inbox_messages')
          .where({ id: subject(id) })
          .first('id')) !== undefined
      );
    },
    async list(limit, phone) {
      const query = knex<InboxRow>('inbox_messages')
        .orderBy('received_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (phone !== undefined) void query.whereIn('phone_index', vault.indexCandidates(PHONE_INDEX, phone));
      const found = [];
      for (const row of await query) {
        const id = row.id.slice('inbox:'.length) as MessageId;
        const to = await vault.openText(row.id, place('phone', id), row.phone);
        const text = await vault.openText(row.id, place('body', id), row.body);
        if (to !== undefined && text !== undefined) {
          found.push({ id, to: to as PhoneNumber, text, receivedAt: row.received_at });
        }
      }
      return found;
    },
    purge: (now, limit) => deleteSealedExpired(knex, 'inbox_messages', 'id', now, limit),
  };
}

type InboxRow = { id: string; phone: Buffer; body: Buffer; received_at: number };
