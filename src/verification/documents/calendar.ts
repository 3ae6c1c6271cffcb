import { chinaOffset, type Instant } from '../../core/clock.ts';

/** A calendar day, `YYYY-MM-DD`; documents carry days, not instants. */
export type Day = string;

/** The day it is in China at `instant`. */
export function chinaDay(instant: Instant): Day {
  return new Date(instant + chinaOffset).toISOString().slice(0, 10);
}

/** `YYYY`, `MM`, `DD` as one day, or undefined where the calendar has no such day. */
export function toDay(year: string, month: string, day: string): Day | undefined {
  const text = `${year}-${month}-${day}`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || year < '1000') return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

/** Reads `YYYY-MM-DD` as typed or as a date input sends it. */
export function parseDay(text: string): Day | undefined {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u.exec(text.trim());
  if (!parts) return undefined;
  const [, year = '', month = '', day = ''] = parts;
  return toDay(year, month.padStart(2, '0'), day.padStart(2, '0'));
}

/** Completed years of age on `today`; negative before birth. A person born on 29 February ages on 1 March. */
export function ageOn(today: Day, birth: Day): number {
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(5) < birth.slice(5) ? years - 1 : years;
}
