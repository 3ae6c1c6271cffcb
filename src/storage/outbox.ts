import type { Message, OutboxStore } from '../accounts/index.ts';
import { days } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import type { Handle } from './handle.ts';
import { deleteSealedExpired } from './purge.ts';

/** A settled message says only when and how it ended; kept for questions about delivery. */
const RETENTION = days(7);

/** How messages of one kind are kept: sealed, the recipient apart from what is said. */
export type SealedMessage<C> = {
  /** The column of the recipient; what is said stands in `body`. Both are sealed under a key of the message. */
  readonly recipient: 'phone' | 'address';
  toRow(content: C): readonly [recipient: string, body: string];
  fromRow(recipient: string, body: string): C;
};

export type OutboxShape<C> = SealedMessage<C> & { readonly table: 'messages' | 'mails' };

/** Messages on their way out, of one kind. */
export function bindOutbox<C>({ knex, vault }: Handle, shape: OutboxShape<C>): OutboxStore<C> {
  const { table, recipient } = shape;
  const place = (column: string, row: string) => ({ table, column, row });
  return {
    async create(message, now) {
      const { id, validUntil } = message;
      const [to, body] = shape.toRow(message);
      await knex(table).insert({
        id,
        state: 'queued',
        [recipient]: await vault.seal(id, place(recipient, id), to),
        body: await vault.seal(id, place('body', id), body),
        attempts: 0,
        valid_until: validUntil,
        created_at: now,
        expires_at: now + RETENTION,
      });
    },
    async find(id) {
      const row = await knex<OutboxRow>(table).where({ id }).first();
      if (!row) return undefined;
      const to = await vault.openText(id, place(recipient, id), row[recipient]);
      const body = await vault.openText(id, place('body', id), row.body);
      return {
        ...fromRow(row),
        content: to === undefined || body === undefined ? undefined : shape.fromRow(to, body),
      };
    },
    async status(id) {
      const row = await knex<OutboxRow>(table).where({ id }).first();
      return row && fromRow(row);
    },
    async claim(id, leaseUntil) {
      const claimed = await knex(table)
        .where({ id, state: 'queued' })
        .update({ state: 'sending', lease_until: leaseUntil, attempts: knex.raw('attempts + 1') });
      return claimed === 1;
    },
    async takeOver(id, now, leaseUntil) {
      const taken = await knex(table)
        .where({ id, state: 'sending' })
        .where('lease_until', '<=', now)
        .update({ lease_until: leaseUntil, attempts: knex.raw('attempts + 1') });
      return taken === 1;
    },
    async release(id) {
      await knex(table).where({ id, state: 'sending' }).update({ state: 'queued', lease_until: null });
    },
    async settle(id, end) {
      await knex(table)
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
    purge: (now, limit) => deleteSealedExpired(knex, table, 'id', now, limit),
  };
}

type OutboxRow = {
  id: MessageId;
  state: Message['state'];
  reason: NonNullable<Message['reason']> | null;
  phone: Buffer;
  address: Buffer;
  body: Buffer;
  attempts: number;
  lease_until: number | null;
  valid_until: number;
  created_at: number;
};

function fromRow(row: OutboxRow): Omit<Message, 'content'> {
  return {
    id: row.id,
    state: row.state,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    createdAt: row.created_at,
    validUntil: row.valid_until,
    leaseUntil: row.lease_until ?? undefined,
  };
}
