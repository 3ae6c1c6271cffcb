import type { Inbox, SendOutcome, Sender } from '../accounts/index.ts';
import type { MessageId } from '../core/ids.ts';

type InboxSender<C> = Omit<Sender<C>, 'send'> & {
  send(message: C & { readonly id: MessageId }): Promise<SendOutcome>;
};

/** Delivers to the development inbox, a page of this service. Refuses to load in production. */
export function createInboxSender<C extends { readonly to: string }>(
  inbox: Inbox<C>,
  mode: 'development' | 'production',
): InboxSender<C> {
  if (mode === 'production') throw new Error('the development inbox does not exist in production');
  return {
    vendor: 'inbox',
    async send(message) {
      await inbox.receive(message);
      return { result: 'accepted', vendorId: message.id };
    },
    find: async ({ id }) => ((await inbox.has(id)) ? 'accepted' : 'absent'),
  };
}
