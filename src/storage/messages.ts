import type { InboxStore, Message, MessageStore, PhoneNumber } from '../accounts/index.ts';
import { days } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import { PHONE_INDEX } from './accounts.ts';
import type { Handle } from './handle.ts';
import { deleteSealedExpired } from './purge.ts';

/** A settled message says only when and how it ended; kept for questions about delivery. */
const RETENTION = days(7);
const INBOX_RETENTION = days(7);

type Column = 'phone' | 'body';

export function bindMessages({ knex, vault }: Handle): MessageStore {
  const place = (column: Column, row: string) => ({ table: 'messages', column, row });
  return {
    async create({ id, to, text, validUntil }, now) {
      await knex('messages').insert({
        id,
        state: 'queued',
        phone: await vault.seal(id, place('phone', id), to),
        body: await vault.seal(id, place('body', id), text),
        attempts: 0,
        valid_until: validUntil,
        created_at: now,
        expires_at: now + RETENTION,
      });
    },
    async find(id) {
      const row = await knex<MessageRow>('messages').where({ id }).first();
      if (!row) return undefined;
      const to = await vault.openText(id, place('phone', id), row.phone);
      const text = await vault.openText(id, place('body', id), row.body);
      const content = to === undefined || text === undefined ? undefined : { to: to as PhoneNumber, text };
      return fromRow(row, content);
    },
    async status(id) {
      const row = await knex<MessageRow>('messages').where({ id }).first();
      return row && fromRow(row, undefined);
    },
    async claim(id, leaseUntil) {
      const claimed = await knex('messages')
        .where({ id, state: 'queued' })
        .update({ state: 'sending', lease_until: leaseUntil, attempts: knex.raw('attempts + 1') });
      return claimed === 1;
    },
    async takeOver(id, now, leaseUntil) {
      const taken = await knex('messages')
        .where({ id, state: 'sending' })
        .where('lease_until', '<=', now)
        .update({ lease_until: leaseUntil, attempts: knex.raw('attempts + 1') });
      return taken === 1;
    },
    async release(id) {
      await knex('messages').where({ id, state: 'sending' }).update({ state: 'queued', lease_until: null });
    },
    async settle(id, end) {
      await knex('messages')
        .where({ id })
        .update({
          state: end.state,
          reason: end.state === 'failed' ? end.reason : null,
          vendor_id: end.state === 'sent' ? (end.vendorId ?? null) : null,
          vendor_code: end.state === 'failed' ? (end.vendorCode ?? null) : null,
          lease_until: null,
        });
      await vault.destroy(id);
    },
    purge: (now, limit) => deleteSealedExpired(knex, 'messages', 'id', now, limit),
  };
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

type MessageRow = {
  id: MessageId;
  state: Message['state'];
  reason: NonNullable<Message['reason']> | null;
  phone: Buffer;
  body: Buffer;
  attempts: number;
  lease_until: number | null;
  valid_until: number;
  created_at: number;
};

type InboxRow = { id: string; phone: Buffer; body: Buffer; received_at: number };

function fromRow(row: MessageRow, content: Message['content']): Message {
  return {
    id: row.id,
    state: row.state,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    createdAt: row.created_at,
    validUntil: row.valid_until,
    leaseUntil: row.lease_until ?? undefined,
    content,
  };
}
