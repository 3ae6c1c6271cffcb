import { composeMail, type AccountStores, type SmsLanguage } from '../accounts/index.ts';
import { days, type Clock } from '../core/clock.ts';
import type { AccountId, CompanyId, Ids, MessageId } from '../core/ids.ts';
import type { CompanyEmailStores } from './company-email.ts';
import type { CompanyStores } from './company-store.ts';

export type TellingStores = CompanyStores &
  Pick<CompanyEmailStores, 'companyEmails'> &
  Pick<AccountStores, 'accounts' | 'messages' | 'mails' | 'jobs'>;

/** What somebody is told, as a sentence without the sender's name. */
export type Wording = (language: SmsLanguage) => string;

export type Notice = {
  readonly accountId: AccountId;
  readonly wording: Wording;
  /** The company for which they may read it in the mail; absent: by text message, wherever they are now. */
  readonly asOf?: CompanyId;
  /** Ours, for recognising a repetition. */
  readonly messageId?: MessageId;
};

/** Puts a notice into an outbox, within the caller's transaction; nothing for an account that is not active. */
export type Tell<S> = (stores: S, notice: Notice) => Promise<void>;

/** What could not be sent for two days says nothing new any more. */
const WORTH_SENDING = days(2);

/** The longest piece of a company's name in a text message, in characters: a message has 70 before it is two. */
const NAME_LENGTH = 20;

/**
 * By mail to who has shown to read an address of the company, while its domain is bound; by text message to everybody
 * else.
 */
export function createTelling<S extends TellingStores>({
  clock,
  ids,
  mail,
}: {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether this installation can send mail at all. */
  readonly mail: boolean;
}): Tell<S> {
  const addressOf = async (stores: S, accountId: AccountId, companyId: CompanyId | undefined) => {
    if (!mail || companyId === undefined) return undefined;
    const proof = await stores.companyEmails.findProof(accountId, companyId, clock.now());
    return proof && (await stores.companyEmails.isBound(companyId, proof.domain)) ? proof.email : undefined;
  };

  return async (stores, { accountId, wording, asOf, messageId = ids.next('msg') }) => {
    const account = await stores.accounts.find(accountId);
    if (account?.state !== 'active') return;
    const language = account.locale === 'en' ? 'en' : 'zh-CN';
    const now = clock.now();
    const envelope = { id: messageId, validUntil: now + WORTH_SENDING };
    const sender = language === 'en' ? '[Shiming] ' : '【实名】';
    const email = await addressOf(stores, accountId, asOf);
    if (email === undefined) {
      const text = `${sender}${wording(language)}`;
      await stores.messages.create({ ...envelope, to: account.phone, text }, now);
      await stores.jobs.enqueue({ kind: 'sms.send', payload: { messageId } });
      return;
    }
    const subject = `${sender}${language === 'en' ? 'About your company' : '公司通知'}`;
    const content = composeMail(language, { subject, parts: [wording(language)] });
    await stores.mails.create({ ...envelope, to: email, ...content }, now);
    await stores.jobs.enqueue({ kind: 'mail.send', payload: { messageId } });
  };
}

/** The name of a company as it stands in a text message. */
export function shortName(name: string): string {
  const letters = [...name];
  return letters.length <= NAME_LENGTH ? name : `${letters.slice(0, NAME_LENGTH - 1).join('')}…`;
}
