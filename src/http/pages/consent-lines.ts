import type { ConsentRow } from '../../oidc/index.ts';
import { formatDay } from '../dates.ts';
import type { Language, Translate } from '../locale.ts';

export type ConsentLine = {
  readonly title: string;
  /** Why the app does not get it now; undefined when it does. */
  readonly waiting: string | undefined;
  readonly values: readonly { readonly key: string; readonly value: string | undefined }[];
};

/** What an app gets, as sentences and as the person's own values of today. */
export function consentLines(rows: readonly ConsentRow[], t: Translate, lang: Language): ConsentLine[] {
  return rows.map(({ scope, titles, missing, items }) => ({
    title: titles?.[lang] ?? scopeTitle(scope, t),
    waiting: missing[0] === undefined ? undefined : t(`consent.requirement.${missing[0]}`),
    values: items
      .filter(({ claim }) => !claim.endsWith('_verified'))
      .map(({ claim, value }) => ({ key: t(`consent.claim.${claim}`), value: say(claim, value, t, lang) })),
  }));
}

const known = new Set([
  'profile',
  'phone',
  'email',
  'roles',
  'verification',
  'company',
  'application:submit',
  'resume:search',
  'resume:read',
  'job:publish',
  'company:manage',
]);

/** Scopes an operator added without a title are shown by their name. */
export function scopeTitle(scope: string, t: Translate): string {
  return known.has(scope) ? t(`consent.scope.${scope}`) : scope;
}

const worded = new Set([
  'gender',
  'roles',
  'person_status',
  'assurance_level',
  'recruiter_status',
  'recruiter_reasons',
]);

function say(claim: string, value: unknown, t: Translate, lang: Language): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (Array.isArray(value) && value.length === 0) return t('consent.value.none');
  if (Array.isArray(value))
    return value.map((one) => say(claim, one, t, lang)).join(t('consent.list_separator'));
  if (typeof value === 'string' && worded.has(claim)) return t(`consent.value.${value}`);
  if (claim === 'locale' && typeof value === 'string') return value === 'en' ? 'English' : '中文';
  if (claim === 'verified_at' && typeof value === 'number') return formatDay(lang, value * 1000);
  if (typeof value === 'object' && value !== null) {
    const { name, code } = value as { name?: string; code?: string };
    return [name, code].filter(Boolean).join('\n');
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
