import type { Instant } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import type { MailContent } from './mail.ts';
import type { SmsContent } from './sms.ts';

/** The development inbox of text messages. */
export type InboxStore = Inbox<SmsContent>;

/** The development inbox of mail; an address is found in any case. */
export type MailInboxStore = Inbox<MailContent>;

/** Where messages of one kind are kept instead of being sent, `C` being the recipient and what is said. */
export type Inbox<C extends { readonly to: string }> = {
  /** Keeps a message; the same id again changes nothing. */
  receive(message: C & { readonly id: MessageId }): Promise<void>;
  has(id: MessageId): Promise<boolean>;
  /** Newest first, of one recipient or of all. */
  list(limit: number, to?: C['to']): Promise<Received<C>[]>;
  purge(now: Instant, limit: number): Promise<number>;
};

export type InboxMessage = Received<SmsContent>;
export type ReceivedMail = Received<MailContent>;

type Received<C> = C & { readonly id: MessageId; readonly receivedAt: Instant };
