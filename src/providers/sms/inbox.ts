import type { InboxStore, SmsSender } from '../../accounts/index.ts';

/** Delivers to the development inbox, a page of this service. Refuses to load in production. */
export function createInboxSender(inbox: InboxStore, mode: 'development' | 'production'): SmsSender {
  if (mode === 'production') throw new Error('the development inbox does not exist in production');
  return {
    vendor: 'inbox',
    async send(sms) {
      await inbox.receive(sms);
      return { result: 'accepted', vendorId: sms.id };
    },
    find: async (sms) => ((await inbox.has(sms.id)) ? 'accepted' : 'absent'),
  };
}
