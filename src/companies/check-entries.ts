import type { Instant } from '../core/clock.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { chinaDay, parseDay } from '../verification/index.ts';
import type { PicturedKind } from './company-check.ts';

export type CheckEntry = {
  /** Of a letter: last day, `yyyy-mm-dd`; empty: without end. */
  readonly until?: string;
  /** Of a licence to recruit for others. */
  readonly licenceNumber?: string;
};

export type EntryError = 'until_form' | 'until_past' | 'number_empty' | 'number_form';
/** What somebody enters about the paper they hand in; each kind has its own. */
export function readEntry(
  kind: PicturedKind,
  { until = '', licenceNumber = '' }: CheckEntry,
  now: Instant,
): Result<{ details: { letterUntil?: string; licenceNumber?: string } }, EntryError> {
  if (kind === 'authorisation_letter') return readUntil(until, now);
  if (kind !== 'commercial_licence') return ok({ details: {} });
  return readLicenceNumber(licenceNumber);
}

/** The last day of a letter; empty: it names none. */
export function readUntil(
  text: string,
  now: Instant,
): Result<{ details: { letterUntil?: string } }, 'until_form' | 'until_past'> {
  if (text.trim() === '') return ok({ details: {} });
  const day = parseDay(text);
  if (!day) return failed('until_form');
  return day < chinaDay(now) ? failed('until_past') : ok({ details: { letterUntil: day } });
}

/** Numbers of licences for human-resources services differ by province: letters, digits, Chinese and a few marks. */
export function readLicenceNumber(
  text: string,
): Result<{ details: { licenceNumber: string } }, 'number_empty' | 'number_form'> {
  const licenceNumber = text.normalize('NFKC').replaceAll(/\s/gu, '').toUpperCase();
  if (licenceNumber === '') return failed('number_empty');
  if (!/^[\p{Script=Han}A-Z0-9()〔〕[\]-]{6,40}$/u.test(licenceNumber)) return failed('number_form');
  return ok({ details: { licenceNumber } });
}
