import { dayOf, type AccountStores, type SmsLanguage } from '../accounts/index.ts';
import { days, type Clock, type Instant } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { CompanyStores } from './company-store.ts';
import type { SweepDeps } from './sweep.ts';

type ReminderStores = CompanyStores & Pick<AccountStores, 'accounts' | 'messages' | 'jobs'>;

/** A reminder that could not be sent for two days says nothing new any more: the next one does. */
const WORTH_SENDING = days(2);

/** Tells the administrators of a company by text message that it has to be verified again; the message names nobody. */
export function createReminders<S extends ReminderStores>({
  clock,
  ids,
  host,
}: {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Where to sign in, as people type it. */
  readonly host: string;
}): SweepDeps<S>['remind'] {
  return async (stores, { id, lapsed }, administrators) => {
    const company = await stores.companies.find(id);
    if (!company) return;
    const now = clock.now();
    const until = lapsed ? undefined : company.recheckAt;
    for (const accountId of administrators) {
      const account = await stores.accounts.find(accountId);
      if (account?.state !== 'active') continue;
      const messageId = ids.next('msg');
      const language = account.locale === 'en' ? 'en' : 'zh-CN';
      const text = reminderText(company.name, until, language, host);
      const message = { id: messageId, to: account.phone, text, validUntil: now + WORTH_SENDING };
      await stores.messages.create(message, now);
      await stores.jobs.enqueue({ kind: 'sms.send', payload: { messageId } });
    }
  };
}

/** `until`: when the verification lapses; undefined: it has. */
function reminderText(
  company: string,
  until: Instant | undefined,
  language: SmsLanguage,
  host: string,
): string {
  if (until === undefined) {
    return language === 'en'
      ? `[Shiming] The verification of ${company} has lapsed: nobody can recruit for it now. Verify it again at ${host}/company.`
      : `【实名】${company}的认证已过期，目前无法以其名义招聘。请登录 ${host}/company 重新认证。`;
  }
  const day = dayOf(until);
  return language === 'en'
    ? `[Shiming] The verification of ${company} lapses on ${day}. Verify it again at ${host}/company, so that its recruiters can go on.`
    : `【实名】${company}的认证将于 ${day} 到期。请登录 ${host}/company 重新认证，以免影响招聘。`;
}
