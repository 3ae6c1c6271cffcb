import type { CompanyOption } from '../../oidc/index.ts';
import { formatLastDay } from '../dates.ts';
import type { Language, Translate } from '../locale.ts';

/** A company as one of several to choose from: its name, who one is there, and what is in the way. */
export function companyLines(options: readonly CompanyOption[], t: Translate, lang: Language) {
  return options.map(({ name, creditCode, role, until, reason }) => ({
    value: creditCode,
    label: name,
    meta: [
      t(`acting.role.${role}`),
      until === undefined ? undefined : t('acting.until', { date: formatLastDay(lang, until) }),
      creditCode,
    ]
      .filter((fact) => fact !== undefined)
      .join(' · '),
    ...(reason === undefined
      ? {}
      : { hint: t('acting.not_eligible', { reason: t(`consent.value.${reason}`) }) }),
  }));
}
