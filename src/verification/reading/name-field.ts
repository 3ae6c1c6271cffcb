import { normaliseName } from '../documents/names.ts';
import { seenField } from './fields.ts';
import type { FieldReading } from './picture-reading.ts';
import type { Slice } from './rows.ts';

/**
 * Widest a line of Chinese characters is found, as a multiple of its height: so much for each character and so much
 * for the margin (measured on specimens: 1.7–2.0 for two characters, 2.6–3.0 for three, 10.2 for ten).
 */
const widest = { character: 1.05, margin: 0.2 } as const;

/** Every character of a name counts: one below this probability puts the name in doubt, however sure the others are. */
const sure = 0.95;

/**
 * A name in Chinese characters or Latin letters. A character that the model does not know is dropped without a trace;
 * what remains is the width of its line. In names of more than four characters one more or less does not show.
 */
export function nameField(slice: Slice | undefined): FieldReading | undefined {
  if (!slice) return undefined;
  const value = normaliseName(slice.text.replace(/[^\p{L}\p{M}\p{Co}〇·•・.' ,-]/gu, ''));
  if (value === '') return undefined;
  // Nobody's name is one character: the others are missing.
  if (hasRoom(value, slice) || /^\p{Script=Han}$/u.test(value))
    return seenField(value, slice, 'rare_character');
  return slice.weakest < sure ? seenField(value, slice, 'faint') : seenField(value, slice);
}

/** Whether the line is wider than its characters account for. */
export function hasRoom(value: string, { left, right, top, bottom }: Slice): boolean {
  if (!/^[\p{Script=Han}〇·]+$/u.test(value)) return false;
  return (right - left) / (bottom - top) > widest.character * [...value].length + widest.margin;
}
