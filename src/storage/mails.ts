import type { EmailAddress, Mail, MailContent, MailInboxStore, MailStore } from '../accounts/index.ts';
import { days } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import type { Handle } from './handle.ts';
import { bindOutbox } from './outbox.ts';
import { deleteSealedExpired } from './purge.ts';

const INBOX_RETENTION = days(7);

/** Under what an address is found again. */
export const EMAIL_INDEX = 'email';

type Body = Pick<MailContent, 'subject' | 'text' | 'html'>;

/** The outbox of mail. */
export function bindMails(handle: Handle): MailStore {
  return bindOutbox(handle, {
    table: 'mails',
    recipient: 'address',
    toRow: ({ to, subject, text, html }) => [to, JSON.stringify({ subject, text, html } satisfies Body)],
    fromRow: (to, body) => ({ to: to as EmailAddress, ...(JSON.parse(body) as Body) }),
  });
}

/** The mail of the development inbox, sealed under keys of its own. */
export function bindMailInbox({ knex, vault, clock }: Handle): MailInboxStore {
  const place = (column: 'address' | 'body', row: string) => ({ table: 'inbox_mails', column, row });
  const subject = (id: string) => `inbox:${id}`;
  return {
    async receive({ id, to, ...body }: Mail) {
      const now = clock.now();
      const of = subject(id);
      await knex('inbox_mails')
        .insert({
          id: of,
          address: await vault.seal(of, place('address', id), to),
          address_index: vault.index(EMAIL_INDEX, to.toLowerCase()),
          body: await vault.seal(of, place('body', id), JSON.stringify(body satisfies Body)),
          received_at: now,
          expires_at: now + INBOX_RETENTION,
        })
        .onConflict('id')
        .ignore();
    },
    async has(id) {
      return (
        (await knex('inbox_mails')
          .where({ id: subject(id) })
          .first('id')) !== undefined
      );
    },
    async list(limit, to) {
      const query = knex<InboxRow>('inbox_mails')
        .orderBy('received_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (to !== undefined) {
        void query.whereIn('address_index', vault.indexCandidates(EMAIL_INDEX, to.toLowerCase()));
      }
      const found = [];
      for (const row of await query) {
        const id = row.id.slice('inbox:'.length) as MessageId;
        const address = await vault.openText(row.id, place('address', id), row.address);
        const body = await vault.openText(row.id, place('body', id), row.body);
        if (address === undefined || body === undefined) continue;
        found.push({
          id,
          to: address as EmailAddress,
          ...(JSON.parse(body) as Body),
          receivedAt: row.received_at,
        });
      }
      return found;
    },
    purge: (now, limit) => deleteSealedExpired(knex, 'inbox_mails', 'id', now, limit),
  };
}

type InboxRow = { id: string; address: Buffer; body: Buffer; received_at: number };
