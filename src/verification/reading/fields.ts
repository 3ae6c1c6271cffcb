import { days } from '../../core/clock.ts';
import { toDay, type Day } from '../documents/calendar.ts';
import type { Doubt, FieldReading, PictureReading, ReadField } from './picture-reading.ts';
import type { Slice } from './rows.ts';

/** The fields of a picture while they are being read. */
export type Fields = { -readonly [field in ReadField]?: FieldReading };
export type ReadFields = PictureReading['fields'];

/** Below this mean probability a value without a check digit is pointed out. */
const sure = 0.9;

/** A value and where it was seen. A value that nothing else confirms is `faint` when it was not seen surely. */
export function seenField(
  value: string,
  slice: Slice,
  doubt: Doubt | undefined = slice.confidence < sure ? 'faint' : undefined,
): FieldReading {
  return { value, confidence: slice.confidence, box: slice.box, ...(doubt ? { doubt } : {}) };
}

/** A value that something vouches for (a check digit, a second place): how surely it was seen does not matter. */
export function confirmedField(value: string, slice: Slice, doubt?: Doubt): FieldReading {
  return { value, confidence: slice.confidence, box: slice.box, ...(doubt ? { doubt } : {}) };
}

/** A value that was worked out from another. */
export function derivedField(value: string, from: FieldReading): FieldReading {
  const { doubt } = from;
  return { value, confidence: from.confidence, ...(doubt ? { doubt } : {}) };
}

/** Only what is there. */
export function present(fields: { readonly [field in ReadField]?: FieldReading | undefined }): ReadFields {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined));
}

const digitLike: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  Q: '0',
  D: '0',
  I: '1',
  l: '1',
  '|': '1',
  Z: '2',
  z: '2',
  S: '5',
  s: '5',
  B: '8',
};

/** What must be digits, with the letters that are taken for them replaced. */
export function asDigits(text: string): string {
  return text.replace(/[OoQDIl|ZzSsB]/gu, (letter) => digitLike[letter] ?? letter);
}

const printedDay = /([\dOoIl|]{4})[年.\-/\s]{1,2}([\dOoIl|]{1,2})[月.\-/\s]{1,2}([\dOoIl|]{1,2})(?!\d)/u;

/** The first day printed as 1990年1月1日, 1990.01.01 or 1990-1-1. */
export function findDay(text: string): Day | undefined {
  const [, year = '', month = '', day = ''] = printedDay.exec(text) ?? [];
  const [y, m, d] = [year, month, day].map(asDigits) as [string, string, string];
  return toDay(y, m.padStart(2, '0'), d.padStart(2, '0'));
}

/** A period of validity; `to` may be `long_term`. Printed as `2015.03.02-2035.03.02`, `2015.03.02-长期`, 2015年3月2日至长期. */
export type Period = { readonly from: Day; readonly to: Day };

const compactPeriod = /(\d{8})[^\d长]{0,6}?(?:(\d{8})|长期?)/u;
const writtenDay = '(\\d{4})[年.\\-/](\\d{1,2})[月.\\-/](\\d{1,2})日?';
const writtenPeriod = new RegExp(`${writtenDay}[^\\d长]{0,8}?(?:${writtenDay}|长期?)`, 'u');

export function findPeriod(text: string): Period | undefined {
  const digits = asDigits(text).replace(/\s/gu, '');
  const written = writtenPeriod.exec(digits);
  if (written) return toPeriod(written.slice(1, 4), written.slice(4, 7));
  const compact = compactPeriod.exec(digits.replace(/(?<=\d)[.,·:。、](?=\d|$)/gu, ''));
  if (!compact) return undefined;
  const [, from = '', to] = compact;
  const parts = (day: string): string[] => [day.slice(0, 4), day.slice(4, 6), day.slice(6, 8)];
  return toPeriod(parts(from), to === undefined ? [] : parts(to));
}

function toPeriod(from: readonly string[], to: readonly (string | undefined)[]): Period | undefined {
  const first = dayOf(from);
  const last = to[0] === undefined ? 'long_term' : dayOf(to);
  return first && last && (last === 'long_term' || first < last) ? { from: first, to: last } : undefined;
}

function dayOf([year = '', month = '', day = '']: readonly (string | undefined)[]): Day | undefined {
  return toDay(year, month.padStart(2, '0'), day.padStart(2, '0'));
}

/**
 * Whether a card's period runs for whole years and ends on the day on which it began or the day before: what a card of
 * the ministry prints, and what a misread digit would break.
 */
export function isWholeYears({ from, to }: Period): boolean {
  if (to === 'long_term') return true;
  const gap = Date.parse(`${to.slice(0, 4)}${from.slice(4)}T00:00:00Z`) - Date.parse(`${to}T00:00:00Z`);
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return [5, 10, 20].includes(years) && Math.abs(gap) <= days(1);
}

/** The sex as printed. */
export function findSex(text: string): 'male' | 'female' | undefined {
  const found = /[男女]|\b(?:M|F|MALE|FEMALE)\b/iu.exec(text)?.[0]?.toUpperCase();
  if (found === undefined) return undefined;
  return found === '男' || found.startsWith('M') ? 'male' : 'female';
}
