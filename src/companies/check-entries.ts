import type { Instant } from '../core/clock.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { chinaDay, parseDay } from '../verification/index.ts';
import type { PicturedKind } from './company-check.ts';

export type CheckEntry = {
  /** Last day, `yyyy-mm-dd`. Of a letter, empty: without end; a licence to recruit for others names one. */
  readonly until?: string;
  /** Of a licence to recruit for others. */
  readonly licenceNumber?: string;
};

export type EntryError = 'until_empty' | 'until_form' | 'until_past' | 'number_empty' | 'number_form';
/** What somebody enters about the paper they hand in; each kind has its own. */
export function readEntry(
  kind: PicturedKind,
  { until = '', licenceNumber = '' }: CheckEntry,
  now: Instant,
): Result<{ details: { letterUntil?: string; licenceNumber?: string; licenceUntil?: string } }, EntryError> {
  if (kind === 'authorisation_letter') return readUntil(until, now);
  if (kind !== 'commercial_licence') return ok({ details: {} });
  return readCommercialLicence({ licenceNumber, until }, now);
}

/** A licence for human-resources services is granted for some years: its number and its last day. */
export function readCommercialLicence(
  { licenceNumber, until }: { licenceNumber: string; until: string },
  now: Instant,
): Result<{ details: { licenceNumber: string; licenceUntil: string } }, EntryError> {
  const number = readLicenceNumber(licenceNumber);
  if (!number.ok) return number;
  const read = readUntil(until, now);
  if (!read.ok) return read;
  const { letterUntil: licenceUntil } = read.details;
  return licenceUntil === undefined
    ? failed('until_empty')
    : ok({ details: { ...number.details, licenceUntil } });
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
function readLicenceNumber(
  text: string,
): Result<{ details: { licenceNumber: string } }, 'number_empty' | 'number_form'> {
  const licenceNumber = text.normalize('NFKC').replaceAll(/\s/gu, '').toUpperCase();
  if (licenceNumber === '') return failed('number_empty');
  if (!/^[\p{Script=Han}A-Z0-9()〔〕[\]-]{6,40}$/u.test(licenceNumber)) return failed('number_form');
  return ok({ details: { licenceNumber } });
}
