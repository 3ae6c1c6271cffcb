/**
 * Machine-readable zones of ICAO 9303 parts 4 (TD3) and 5 (TD1) by position. Classes: `a` letter or filler, `n` letter,
 * digit or filler, `d` digit (or filler where unknown), `c` check digit, `s` sex.
 */
export type ZoneLayout = {
  readonly width: number;
  readonly classes: readonly string[];
  /** Where the document number and its check digit stand. */
  readonly number: Span;
  /** The fields with a check digit right behind them; the composite digit is tested over the whole. */
  readonly checked: readonly Span[];
};

export type Span = { readonly line: number; readonly from: number; readonly to: number };

const td3Number: Span = { line: 1, from: 0, to: 9 };
const td1Number: Span = { line: 0, from: 5, to: 14 };

const td3: ZoneLayout = {
  width: 44,
  classes: [
    'a'.repeat(44),
    'n'.repeat(9) + 'c' + 'aaa' + 'ddddddc' + 's' + 'ddddddc' + 'n'.repeat(14) + 'dc',
  ],
  number: td3Number,
  checked: [
    td3Number,
    { line: 1, from: 13, to: 19 },
    { line: 1, from: 21, to: 27 },
    { line: 1, from: 28, to: 42 },
  ],
};

const td1: ZoneLayout = {
  width: 30,
  classes: [
    'aaaaa' + 'n'.repeat(25),
    'ddddddc' + 's' + 'ddddddc' + 'aaa' + 'n'.repeat(11) + 'c',
    'a'.repeat(30),
  ],
  number: td1Number,
  checked: [td1Number, { line: 1, from: 0, to: 6 }, { line: 1, from: 8, to: 14 }],
};

/** The layout of a candidate by its number of lines. */
export function layoutOf(lines: readonly string[]): ZoneLayout | undefined {
  return lines.length === 2 ? td3 : lines.length === 3 ? td1 : undefined;
}

/**
 * Letters and digits that readers take for each other. `6` and `G` differ by ten, so that no check digit ever tells
 * them apart.
 */
const lookalikes: readonly string[] = ['0OQD', '1I', '2Z', '5S', '6G', '8B'];

const toDigit: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    lookalikes.flatMap(([digit = '', ...letters]) => letters.map((letter) => [letter, digit])),
  ),
  L: '1',
  A: '4',
  T: '7',
};
const toLetter: Readonly<Record<string, string>> = Object.fromEntries(
  lookalikes.map(([digit = '', letter = '']) => [digit, letter]),
);

/** The character that the class of a position allows in place of the one that was seen; itself where it is allowed. */
export function byClass(character: string, kind: string): string {
  if (kind === 'a') return toLetter[character] ?? character;
  if (kind === 'd' || kind === 'c') return toDigit[character] ?? character;
  return character;
}

/** Characters that may have been meant, without the one that was seen, as far as the class allows them. */
export function alternatives(character: string, kind: string): string[] {
  const alike = lookalikes.filter((group) => group.includes(character)).flatMap((group) => [...group]);
  return [...new Set(alike)].filter((other) => other !== character && isAllowed(other, kind));
}

function isAllowed(character: string, kind: string): boolean {
  if (kind === 'n') return true;
  return kind === 'a'
    ? /[A-Z<]/.test(character)
    : kind === 's'
      ? /[MF<]/.test(character)
      : /\d/.test(character);
}
