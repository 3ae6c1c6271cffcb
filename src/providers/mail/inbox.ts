import type { MailInboxStore, MailSender } from '../../accounts/index.ts';

/** Delivers to the development inbox, a page of this service. Refuses to load in production. */
export function createMailInboxSender(inbox: MailInboxStore, mode: 'development' | 'production'): MailSender {
  if (mode === 'production') throw new Error('the development inbox does not exist in production');
  return {
    vendor: 'inbox',
    async send(mail) {
      await inbox.receive(mail);
      return { result: 'accepted', vendorId: mail.id };
    },
    find: async (mail) => ((await inbox.has(mail.id)) ? 'accepted' : 'absent'),
  };
}
