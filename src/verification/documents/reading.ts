import type { Day } from './calendar.ts';

/** What is wrong with a document number, for a message that says so. */
export type NumberReason =
  | 'empty'
  | 'length'
  | 'character'
  | 'form'
  | 'old_form'
  | 'region'
  | 'birth_date'
  | 'birth_date_future'
  | 'check_digit'
  | 'too_young'
  | 'too_old'
  | 'wrong_type';

export type Sex = 'male' | 'female';

/** What a number says by itself. Absent members are not encoded in that kind of number. */
export type NumberReading = {
  /** Canonical form: upper case, half width, no separators. */
  readonly number: string;
  readonly birthDate?: Day;
  readonly sex?: Sex;
  /** Six digits of GB/T 2260, historic codes included. */
  readonly region?: string;
  /** Numeric ISO 3166-1, on the permanent resident card of a foreigner. */
  readonly nationality?: string;
  /** The form is not one of those issued today; a reviewer looks, nobody is rejected for it. */
  readonly unusualForm?: true;
};

export type NumberFailure = {
  readonly ok: false;
  readonly reason: NumberReason;
  /** Characters expected and found, for `length`. */
  readonly expected?: number;
  readonly found?: number;
  /** First position (from 1) and character that do not belong, for `character`. */
  readonly position?: number;
  readonly character?: string;
};

export type NumberResult = ({ readonly ok: true } & NumberReading) | NumberFailure;

/** Bounds of plausible age, in completed years. */
export type AgePolicy = { readonly minimumAge: number; readonly maximumAge: number };

/** Upper case, full-width forms folded, spaces and separators removed. */
export function compact(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200B-\u200D\uFEFF\-‐-―·]/gu, '')
    .toUpperCase();
}

/** The first character for which `allowed` says no, as a failure; undefined when all belong. */
export function misplaced(
  text: string,
  allowed: (character: string, index: number) => boolean,
): NumberFailure | undefined {
  let index = 0;
  for (const character of text) {
    if (!allowed(character, index)) return { ok: false, reason: 'character', position: index + 1, character };
    index++;
  }
  return undefined;
}
