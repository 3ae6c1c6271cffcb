import { compact, misplaced, type NumberResult } from './reading.ts';

const isDigit = (character: string): boolean => character >= '0' && character <= '9';
const isAlphanumeric = (character: string): boolean => /^[0-9A-Z]$/.test(character);

/** Mainland travel permit for Hong Kong and Macao residents: `H` or `M` and eight digits. */
export function readHongKongMacaoPermit(text: string): NumberResult {
  const number = compact(text);
  if (number === '') return { ok: false, reason: 'empty' };
  // The old booklet and the first cards print a two-digit issue number after the eight.
  const base = /^[HM]\d{10}$/.test(number) ? number.slice(0, 9) : number;
  if (base.length !== 9) return { ok: false, reason: 'length', expected: 9, found: [...number].length };
  const strange = misplaced(base, (c, i) => (i === 0 ? c === 'H' || c === 'M' : isDigit(c)));
  return strange ?? { ok: true, number: base };
}

/** Mainland travel permit for Taiwan residents: eight digits. */
export function readTaiwanPermit(text: string): NumberResult {
  const number = compact(text);
  if (number === '') return { ok: false, reason: 'empty' };
  if (number.length !== 8) return { ok: false, reason: 'length', expected: 8, found: [...number].length };
  return misplaced(number, isDigit) ?? { ok: true, number };
}

/** Chinese passport: `E` and eight digits, or `E`, a letter and seven digits; older and official forms are flagged. */
export function readChinesePassport(text: string): NumberResult {
  const number = compact(text);
  if (number === '') return { ok: false, reason: 'empty' };
  const strange = misplaced(number, isAlphanumeric);
  if (strange) return strange;
  if (number.length !== 9) return { ok: false, reason: 'length', expected: 9, found: number.length };
  if (/^E\d{8}$|^E[A-HJ-NP-Z]\d{7}$/.test(number)) return { ok: true, number };
  if (/^[GDSPHKM]\d{8}$|^(?:14|15)\d{7}$|^[A-Z]{2}\d{7}$/.test(number)) {
    return { ok: true, number, unusualForm: true };
  }
  return { ok: false, reason: 'form' };
}

/** A passport of any other state, ICAO 9303 part 4: up to nine letters and digits, one digit at least. */
export function readForeignPassport(text: string): NumberResult {
  const number = compact(text);
  if (number === '') return { ok: false, reason: 'empty' };
  const strange = misplaced(number, isAlphanumeric);
  if (strange) return strange;
  if (number.length < 5 || number.length > 9) {
    return { ok: false, reason: 'length', expected: 9, found: number.length };
  }
  return /\d/.test(number) ? { ok: true, number } : { ok: false, reason: 'form' };
}
