export type NameReason = 'empty' | 'too_long' | 'character';

export type NameResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: NameReason; readonly character?: string };

/** Longest name taken, in characters (code points). Cards print up to about fifty; nobody may be cut off. */
export const LONGEST_NAME = 100;

/** More than anybody types for such a name, spaces included; the patterns below take quadratic time on long runs. */
const LONGEST_INPUT = 1000;

const separators = /\s*[·•・‧∙⋅･．]\s*/gu;

/**
 * A person's name as on the document. Letters of every script, the whole of GB 18030 (private-use characters of
 * older police systems included), `·` between the parts, and no guess at what is the family name.
 */
export function readName(text: string): NameResult {
  if (text.length > LONGEST_INPUT) return { ok: false, reason: 'too_long' };
  const name = normaliseName(text);
  if (name === '') return { ok: false, reason: 'empty' };
  if ([...name].length > LONGEST_NAME) return { ok: false, reason: 'too_long' };
  const strange = /[^\p{L}\p{M}\p{Co}〇·' .,-]/u.exec(name)?.[0];
  if (strange !== undefined) return { ok: false, reason: 'character', character: strange };
  if (!/[\p{L}\p{Co}〇]/u.test(name)) return { ok: false, reason: 'empty' };
  return { ok: true, name };
}

/**
 * Spacing and the separator in one form. Latin letters are composed; Han characters stay as typed, since Unicode
 * normalisation would replace compatibility ideographs by other characters than the card shows.
 */
export function normaliseName(text: string): string {
  return text
    .replace(/[\u200B\u2060\uFEFF\u00AD]/gu, '')
    .replace(separators, '·')
    .replace(/[\uFF21-\uFF3A\uFF41-\uFF5A]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[’‘＇]/gu, "'")
    .replace(/(?<=\p{Script=Han})\s*\.\s*(?=\p{Script=Han})/gu, '·')
    .replace(/[\p{Script=Latin}\p{M}]+/gu, (letters) => letters.normalize('NFC'))
    .replace(/(?<=\p{Script=Han})[ \u3000]+(?=\p{Script=Han})/gu, '')
    .replace(/[\s\u3000]+/gu, ' ')
    .replace(/^[ ·]+|[ ·]+$/gu, '')
    .replace(/·{2,}/gu, '·');
}

/** The same name for comparison: case and spacing do not matter. */
export function nameKey(name: string): string {
  return normaliseName(name).replace(/[ ·]/gu, '').toLowerCase();
}
