import type { Instant } from '../core/clock.ts';

const zone = 'Asia/Shanghai';
const localeOf = (lang: string): string => (lang === 'en' ? 'en-GB' : 'zh-CN');

/** A day as people say it, in the country the service works in: 2026年11月23日, 23 November 2026. */
export function formatDay(lang: string, at: Instant): string {
  return new Intl.DateTimeFormat(localeOf(lang), { dateStyle: 'long', timeZone: zone }).format(at);
}

/** The last day of something that holds until an instant, which is the first at which it does not. */
export const formatLastDay = (lang: string, until: Instant): string => formatDay(lang, until - 1);

/** A day and a time of day: 2026年11月23日 14:02, 23 Nov 2026, 14:02. */
export function formatMoment(lang: string, at: Instant): string {
  return new Intl.DateTimeFormat(localeOf(lang), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  }).format(at);
}
