import { normaliseName } from '../documents/names.ts';
import { seenField } from './fields.ts';
import type { FieldReading } from './picture-reading.ts';
import type { Piece, Row, Slice } from './rows.ts';

/** Part of a line's height that is no letter: the detector draws its box a little larger than the text. */
const margin = 0.2;

/** Widths above the expected by more than this many characters mean that one was probably not read. */
const missing = 0.6;

/**
 * A name in Chinese characters or Latin letters. A character that the model does not know is dropped without a trace,
 * and so is `·`; what remains is the width of the line, which is compared with the other lines of the picture.
 */
export function nameField(slice: Slice | undefined, rows: readonly Row[]): FieldReading | undefined {
  if (!slice) return undefined;
  const value = normaliseName(slice.text.replace(/[^\p{L}\p{M}\p{Co}〇·•・.' ,-]/gu, ''));
  if (value === '') return undefined;
  const seemsCut = isHan(value) && charactersOf(slice, rows) > [...value].length + missing;
  return seemsCut ? seenField(value, slice, 'rare_character') : seenField(value, slice);
}

/** How many Chinese characters a line of this width and height has room for. */
function charactersOf(slice: Slice, rows: readonly Row[]): number {
  const pitches = rows
    .flatMap(({ pieces }) => pieces)
    .filter(({ text }) => text.length >= 5 && isHan(text))
    .map((piece) => pitch(piece, piece.text.length))
    .sort((a, b) => a - b);
  return pitch(slice, 1) / (pitches[Math.floor(pitches.length / 2)] ?? 1);
}

/** Width of a character as a multiple of its height. */
function pitch(
  { left, right, top, bottom }: Pick<Piece, 'left' | 'right' | 'top' | 'bottom'>,
  count: number,
) {
  const height = bottom - top;
  return (right - left - margin * height) / (count * (1 - margin) * height);
}

const isHan = (text: string): boolean => /^[\p{Script=Han}〇·]+$/u.test(text);
