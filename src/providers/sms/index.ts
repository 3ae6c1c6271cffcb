import type { InboxStore, SmsSender } from '../../accounts/index.ts';
import type { Config } from '../../config.ts';
import { createInboxSender } from '../inbox.ts';
import { createTwilioSender } from './twilio.ts';

type SmsConfig = Pick<
  Config,
  'mode' | 'smsVendor' | 'twilioAccountSid' | 'twilioAuthToken' | 'twilioSender' | 'twilioBaseUrl'
>;

/** The vendor that the configuration names. */
export function createSmsSender(config: SmsConfig, inbox: InboxStore): SmsSender {
  switch (config.smsVendor) {
    case 'inbox':
      return createInboxSender(inbox, config.mode);
    case 'twilio':
      return createTwilioSender({
        accountSid: config.twilioAccountSid,
        authToken: config.twilioAuthToken,
        sender: config.twilioSender,
        ...(config.twilioBaseUrl ? { baseUrl: config.twilioBaseUrl } : {}),
      });
  }
}
