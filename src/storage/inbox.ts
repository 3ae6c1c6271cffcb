import type { Inbox } from '../accounts/index.ts';
import { days } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import type { Handle } from './handle.ts';
import type { SealedMessage } from './outbox.ts';
import { deleteSealedExpired } from './purge.ts';

const RETENTION = days(7);

export type InboxShape<C> = SealedMessage<C> & {
  readonly table: 'inbox_messages' | 'inbox_mails';
  /** The index by which a recipient is found, and under what. */
  readonly index: string;
  key(recipient: string): string;
};

/** What the development inbox received of one kind. It is sealed like everything else, under keys of its own. */
export function bindInbox<C extends { readonly to: string }>(
  { knex, vault, clock }: Handle,
  shape: InboxShape<C>,
): Inbox<C> {
  const { table, recipient, index } = shape;
  const place = (column: string, row: string) => ({ table, column, row });
  const subject = (id: string) => `inbox:${id}`;
  return {
    async receive(message) {
      const { id } = message;
      const [to, body] = shape.toRow(message);
      const now = clock.now();
      await knex(table)
        .insert({
          id: subject(id),
          [recipient]: await vault.seal(subject(id), place(recipient, id), to),
          [`${recipient}_index`]: vault.index(index, shape.key(to)),
          body: await vault.seal(subject(id), place('body', id), body),
          received_at: now,
          expires_at: now + RETENTION,
        })
        .onConflict('id')
        .ignore();
    },
    async has(id) {
      return (
        (await knex(table)
          .where({ id: subject(id) })
          .first('id')) !== undefined
      );
    },
    async list(limit, to) {
      const query = knex<InboxRow>(table).orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit);
      if (to !== undefined)
        void query.whereIn(`${recipient}_index`, vault.indexCandidates(index, shape.key(to)));
      const found = [];
      for (const row of await query) {
        const id = row.id.slice('inbox:'.length) as MessageId;
        const opened = await vault.openText(row.id, place(recipient, id), row[recipient]);
        const body = await vault.openText(row.id, place('body', id), row.body);
        if (opened === undefined || body === undefined) continue;
        found.push({ ...shape.fromRow(opened, body), id, receivedAt: row.received_at });
      }
      return found;
    },
    purge: (now, limit) => deleteSealedExpired(knex, table, 'id', now, limit),
  };
}

type InboxRow = { id: string; phone: Buffer; address: Buffer; body: Buffer; received_at: number };
