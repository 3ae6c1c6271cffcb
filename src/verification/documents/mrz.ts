import { toDay, type Day } from './calendar.ts';

/** The fields of a machine-readable zone whose check digit can fail. */
export type MrzField = 'document_number' | 'birth_date' | 'expiry_date' | 'optional_data' | 'composite';

export type MrzReading = {
  readonly format: 'TD1' | 'TD3';
  readonly documentCode: string;
  readonly issuer: string;
  readonly number: string;
  readonly nationality: string;
  readonly birthDate?: Day;
  readonly sex: 'male' | 'female' | 'unspecified';
  readonly expiryDate?: Day;
  readonly surname: string;
  readonly givenNames: string;
  /** Check digits that do not match; empty when the zone is intact. */
  readonly failedChecks: readonly MrzField[];
};

export type MrzResult =
  | ({ readonly ok: true } & MrzReading)
  | { readonly ok: false; readonly reason: 'lines' | 'line_length' | 'character'; readonly line?: number };

/** Value of a character in ICAO 9303 part 3, section 4.9: digits, then A = 10 … Z = 35, filler 0. */
function value(character: string): number {
  if (character === '<') return 0;
  const code = character.charCodeAt(0);
  return code <= 57 ? code - 48 : code - 55;
}

/** The ICAO 9303 check digit: weights 7 3 1 repeating, modulo 10. */
export function mrzCheckDigit(text: string): string {
  const weights = [7, 3, 1];
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += value(text.charAt(i)) * (weights[i % 3] as number);
  return String(sum % 10);
}

/** Reads a TD1 (three lines of 30) or TD3 (two lines of 44) zone; `today` settles the century of two-digit years. */
export function readMrz(lines: readonly string[], today: Day): MrzResult {
  const clean = lines.map((line) => line.replace(/\s/gu, '').toUpperCase());
  const width = clean.length === 3 ? 30 : clean.length === 2 ? 44 : 0;
  if (width === 0) return { ok: false, reason: 'lines' };
  for (const [i, line] of clean.entries()) {
    if (!/^[0-9A-Z<]*$/.test(line)) return { ok: false, reason: 'character', line: i + 1 };
    if (line.length !== width) return { ok: false, reason: 'line_length', line: i + 1 };
  }
  const [first = '', second = '', third = ''] = clean;
  return {
    ok: true,
    ...(width === 44 ? readTd3(first, second, today) : readTd1(first, second, third, today)),
  };
}

/** ICAO 9303 part 4, section 4.2.2. */
function readTd3(upper: string, lower: string, today: Day): MrzReading {
  const optional = lower.slice(28, 42);
  const composite = lower.slice(0, 10) + lower.slice(13, 20) + lower.slice(21, 43);
  const optionalCheck = lower.charAt(42);
  return {
    format: 'TD3',
    documentCode: trim(upper.slice(0, 2)),
    issuer: trim(upper.slice(2, 5)),
    number: trim(lower.slice(0, 9)),
    nationality: trim(lower.slice(10, 13)),
    ...days(lower.slice(13, 19), lower.slice(21, 27), today),
    sex: sex(lower.charAt(20)),
    ...names(upper.slice(5)),
    failedChecks: failures([
      ['document_number', lower.slice(0, 9), lower.charAt(9)],
      ['birth_date', lower.slice(13, 19), lower.charAt(19)],
      ['expiry_date', lower.slice(21, 27), lower.charAt(27)],
      // An empty optional field may carry a filler instead of its zero.
      ['optional_data', optional, optionalCheck === '<' && trim(optional) === '' ? '0' : optionalCheck],
      ['composite', composite, lower.charAt(43)],
    ]),
  };
}

/** ICAO 9303 part 5, section 4.2.2; a number longer than nine continues in the optional data, note j. */
function readTd1(upper: string, middle: string, lower: string, today: Day): MrzReading {
  const overflow = upper.charAt(14) === '<' ? /^[0-9A-Z]+/.exec(upper.slice(15))?.[0] : undefined;
  const number = overflow ? upper.slice(5, 14) + overflow.slice(0, -1) : upper.slice(5, 14);
  const check = overflow ? overflow.slice(-1) : upper.charAt(14);
  return {
    format: 'TD1',
    documentCode: trim(upper.slice(0, 2)),
    issuer: trim(upper.slice(2, 5)),
    number: trim(number),
    nationality: trim(middle.slice(15, 18)),
    ...days(middle.slice(0, 6), middle.slice(8, 14), today),
    sex: sex(middle.charAt(7)),
    ...names(lower),
    failedChecks: failures([
      ['document_number', number, check],
      ['birth_date', middle.slice(0, 6), middle.charAt(6)],
      ['expiry_date', middle.slice(8, 14), middle.charAt(14)],
      [
        'composite',
        upper.slice(5) + middle.slice(0, 7) + middle.slice(8, 15) + middle.slice(18, 29),
        middle.charAt(29),
      ],
    ]),
  };
}

function failures(checks: readonly (readonly [MrzField, string, string])[]): MrzField[] {
  return checks.filter(([, text, digit]) => mrzCheckDigit(text) !== digit).map(([field]) => field);
}

function days(birth: string, expiry: string, today: Day): { birthDate?: Day; expiryDate?: Day } {
  const thisYear = Number(today.slice(0, 4));
  const birthDate = day(birth, (year) => year <= thisYear);
  // Documents run ten years; a year more than twenty ahead belongs to the last century.
  const expiryDate = day(expiry, (year) => year <= thisYear + 20);
  return { ...(birthDate ? { birthDate } : {}), ...(expiryDate ? { expiryDate } : {}) };
}

function day(text: string, plausible: (year: number) => boolean): Day | undefined {
  if (!/^\d{6}$/.test(text)) return undefined;
  const year = 2000 + Number(text.slice(0, 2));
  return toDay(String(plausible(year) ? year : year - 100), text.slice(2, 4), text.slice(4, 6));
}

function sex(character: string): MrzReading['sex'] {
  return character === 'M' ? 'male' : character === 'F' ? 'female' : 'unspecified';
}

function names(field: string): { surname: string; givenNames: string } {
  const [surname = '', given = ''] = field.split('<<');
  return { surname: words(surname), givenNames: words(given) };
}

const words = (text: string): string => trim(text).replaceAll('<', ' ');
const trim = (text: string): string => text.replace(/<+$/, '');
