import type { MailInboxStore, MailSender } from '../../accounts/index.ts';
import type { Config } from '../../config.ts';
import { createInboxSender } from '../inbox.ts';
import { createSmtpSender } from './smtp.ts';

type MailConfig = Pick<Config, 'mode' | 'mailVendor' | 'smtpUrl' | 'mailFrom'>;

/** The way to send mail that the configuration names. */
export function createMailSender(config: MailConfig, inbox: MailInboxStore): MailSender {
  switch (config.mailVendor) {
    case 'inbox':
      return createInboxSender(inbox, config.mode);
    case 'smtp': {
      const { smtpUrl: server, mailFrom: from } = config;
      if (!server || !from) throw new Error('SMTP lacks its server or its sender');
      return createSmtpSender({ server, from, requireTls: config.mode === 'production' });
    }
    case 'none':
      return noSender;
  }
}

/** Mail that was waiting when mail was turned off is not sent. */
const noSender: MailSender = {
  vendor: 'none',
  send: async () => ({ result: 'permanent', reason: 'vendor', vendorCode: 'no_mail' }),
  find: async () => 'absent',
};
