import type { EmailAddress, MailContent, MailInboxStore, MailStore } from '../accounts/index.ts';
import type { Handle } from './handle.ts';
import { bindInbox } from './inbox.ts';
import { bindOutbox, type SealedMessage } from './outbox.ts';

/** Under what an address is found again. */
export const EMAIL_INDEX = 'email';

type Body = Pick<MailContent, 'subject' | 'text' | 'html'>;

const mail: SealedMessage<MailContent> = {
  recipient: 'address',
  toRow: ({ to, subject, text, html }) => [to, JSON.stringify({ subject, text, html } satisfies Body)],
  fromRow: (to, body) => ({ to: to as EmailAddress, ...(JSON.parse(body) as Body) }),
};

/** The outbox of mail. */
export function bindMails(handle: Handle): MailStore {
  return bindOutbox(handle, { ...mail, table: 'mails' });
}

/** The mail of the development inbox. */
export function bindMailInbox(handle: Handle): MailInboxStore {
  return bindInbox(handle, {
    ...mail,
    table: 'inbox_mails',
    index: EMAIL_INDEX,
    key: (address) => address.toLowerCase(),
  });
}
