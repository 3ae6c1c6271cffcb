import { dayOf, type SmsLanguage } from '../accounts/index.ts';
import type { Instant } from '../core/clock.ts';
import type { SweepDeps } from './sweep.ts';
import { shortName, type Tell, type TellingStores } from './telling.ts';

/** Tells the administrators of a company that it has to be verified again; the message names nobody. */
export function createReminders<S extends TellingStores>({
  tell,
  host,
}: {
  readonly tell: Tell<S>;
  /** Where to sign in, as people type it. */
  readonly host: string;
}): SweepDeps<S>['remind'] {
  return async (stores, { id, lapsed }, administrators) => {
    const company = await stores.companies.find(id);
    if (!company) return;
    const until = lapsed ? undefined : company.recheckAt;
    const wording = (language: SmsLanguage) => reminderText(shortName(company.name), until, language, host);
    for (const accountId of administrators) await tell(stores, { accountId, wording, asOf: id });
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
      ? `The verification of ${company} has lapsed: nobody can recruit for it now. Verify it again at ${host}/company.`
      : `${company}的认证已过期，目前无法以其名义招聘。请登录 ${host}/company 重新认证。`;
  }
  const day = dayOf(until);
  return language === 'en'
    ? `The verification of ${company} lapses on ${day}. Verify it again at ${host}/company, so that its recruiters can go on.`
    : `${company}的认证将于 ${day} 到期。请登录 ${host}/company 重新认证，以免影响招聘。`;
}
