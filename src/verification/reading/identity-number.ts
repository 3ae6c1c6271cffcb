import { residentCheckCharacter } from '../documents/resident-number.ts';
import { toDay, type Day } from '../documents/calendar.ts';
import type { Doubt } from './picture-reading.ts';
import { asDigits } from './fields.ts';
import { joinSlices, slicesOf, type Row, type Slice } from './rows.ts';

/** A number in the form of GB 11643 as it was found on a picture. */
export type SeenNumber = {
  readonly number: string;
  readonly slice: Slice;
  readonly doubt?: Doubt;
};

/** Whether 18 characters have a birth date and the check character that belongs to them. */
export function isSound(number: string, today: Day): boolean {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const birth = birthOf(number);
  return birth !== undefined && birth <= today && residentCheckCharacter(number) === number[17];
}

/** The birth date that the number carries, where the calendar has it. */
export function birthOf(number: string): Day | undefined {
  return toDay(number.slice(6, 10), number.slice(10, 12), number.slice(12, 14));
}

/** The sex that the number carries. */
export function sexOf(number: string): 'male' | 'female' {
  return Number(number[16]) % 2 === 1 ? 'male' : 'female';
}

/**
 * The best candidate for a number anywhere on the picture: one that fits as it was read, else one that fits once
 * letters are taken for the digits they resemble or a stray character is left out (`corrected`), else one with the
 * printed birth date in its place, else 18 characters that do not fit (`check_digit`).
 */
export function findIdentityNumber(
  rows: readonly Row[],
  today: Day,
  printedBirth?: Day,
): SeenNumber | undefined {
  const runs = rows.flatMap(runsOf);
  const attempts = [asRead, withDigits, withoutStray, withBirth(printedBirth)];
  for (const attempt of attempts) {
    for (const slice of runs) {
      const number = attempt(slice.text).find((text) => isSound(text, today));
      if (number === undefined) continue;
      return { number, slice, ...(attempt === asRead ? {} : { doubt: 'corrected' }) };
    }
  }
  const slice = runs.find(({ text }) => withDigits(text).length > 0);
  const number = slice && withDigits(slice.text)[0];
  return slice && number !== undefined ? { number, slice, doubt: 'check_digit' } : undefined;
}

/** Runs of digits and of what is taken for them, in one piece or over several. */
function runsOf(row: Row): Slice[] {
  const pattern = /[0-9OQDILZSBX×xol| .-]{15,24}/giu;
  return [...row.text.matchAll(pattern)].flatMap(({ index, 0: text }) => {
    const slice = joinSlices(slicesOf(row, index, index + text.length));
    if (!slice) return [];
    return [{ ...slice, text: text.replace(/[ .-]/gu, '') }];
  });
}

const asRead = (run: string): string[] => (/^\d{17}[\dX]$/.test(run) ? [run] : []);

function withDigits(run: string): string[] {
  return run.length === 18 ? [digitsAndCheck(run)] : [];
}

/** A digit doubled, or a mark of the background taken for one, at either end. */
function withoutStray(run: string): string[] {
  if (run.length !== 19 && run.length !== 20) return [];
  const windows = [run.slice(0, 18), run.slice(run.length - 18)].map(digitsAndCheck);
  // Only the beginning and the end: leaving out any character would fit by chance too often.
  return [...new Set(windows)];
}

/** Eight digits can be read twice on a card; where the number alone does not fit, those of the birth date may. */
function withBirth(birth: Day | undefined): (run: string) => string[] {
  return (run) => {
    if (birth === undefined || run.length !== 18) return [];
    const number = digitsAndCheck(run);
    const amended = number.slice(0, 6) + birth.replaceAll('-', '') + number.slice(14);
    const changed = [...amended].filter((c, i) => c !== number[i]).length;
    return changed > 0 && changed <= 2 ? [amended] : [];
  };
}

function digitsAndCheck(run: string): string {
  return asDigits(run.slice(0, 17)) + asDigits(run.slice(17)).replace(/[x×]/giu, 'X');
}
