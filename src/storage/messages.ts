import type { InboxStore, MessageStore, PhoneNumber, SmsContent } from '../accounts/index.ts';
import { PHONE_INDEX } from './accounts.ts';
import type { Handle } from './handle.ts';
import { bindInbox } from './inbox.ts';
import { bindOutbox, type SealedMessage } from './outbox.ts';

const message: SealedMessage<SmsContent> = {
  recipient: 'phone',
  toRow: ({ to, text }) => [to, text],
  fromRow: (to, text) => ({ to: to as PhoneNumber, text }),
};

/** The outbox of text messages. */
export function bindMessages(handle: Handle): MessageStore {
  return bindOutbox(handle, { ...message, table: 'messages' });
}

/** The text messages of the development inbox. */
export function bindMessageInbox(handle: Handle): InboxStore {
  return bindInbox(handle, {
    ...message,
    table: 'inbox_messages',
    index: PHONE_INDEX,
    key: (phone) => phone,
  });
}
