import { dayOf, type SmsLanguage } from '../accounts/index.ts';
import type { Instant } from '../core/clock.ts';
import type { Ending, SweepDeps } from './sweep.ts';
import { shortName, type Tell, type TellingStores } from './telling.ts';

/** Tells the administrators of a company what it has to renew; the message names nobody. */
export function createReminders<S extends TellingStores>({
  tell,
  host,
}: {
  readonly tell: Tell<S>;
  /** Where to sign in, as people type it. */
  readonly host: string;
}): SweepDeps<S>['remind'] {
  return async (stores, { companyId, what, until }, administrators) => {
    const company = await stores.companies.find(companyId);
    if (!company) return;
    const wording = (language: SmsLanguage) =>
      texts[what][language](shortName(company.name), `${host}/company`, until);
    for (const accountId of administrators) await tell(stores, { accountId, wording, asOf: companyId });
  };
}

type Text = (company: string, at: string, until: Instant | undefined) => string;

const texts: { readonly [what in Ending['what']]: { readonly [language in SmsLanguage]: Text } } = {
  verification: {
    en: (company, at, until) =>
      until === undefined
        ? `The verification of ${company} has lapsed: nobody can recruit for it now. Verify it again at ${at}.`
        : `The verification of ${company} lapses on ${dayOf(until)}. Verify it again at ${at}, so that its recruiters can go on.`,
    'zh-CN': (company, at, until) =>
      until === undefined
        ? `${company}的认证已过期，目前无法以其名义招聘。请登录 ${at} 重新认证。`
        : `${company}的认证将于 ${dayOf(until)} 到期。请登录 ${at} 重新认证，以免影响招聘。`,
  },
  commercial_licence: {
    en: (company, at, until) =>
      until === undefined
        ? `The human-resources licence of ${company} has ended: nobody can recruit for it now. Show the new one at ${at}.`
        : `The human-resources licence of ${company} ends on ${dayOf(until)}. Show the new one at ${at}, so that its recruiters can go on.`,
    'zh-CN': (company, at, until) =>
      until === undefined
        ? `${company}的人力资源服务许可证已到期，目前无法招聘。请登录 ${at} 提交新证。`
        : `${company}的人力资源服务许可证将于 ${dayOf(until)} 到期。请登录 ${at} 提交新证，以免影响招聘。`,
  },
};
