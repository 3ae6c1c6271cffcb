import type { ReadField } from './picture-reading.ts';
import { joinSlices, pieceStarts, slicesOf, type Row, type Slice } from './rows.ts';

/** A printed label and where its value stands. */
export type Label<Field extends string = ReadField> = {
  /** `other`: not read, but what stands behind it belongs to no other label. */
  readonly field: Field | 'other';
  readonly pattern: RegExp;
  /** It may follow a value without a gap, as in 性别男民族汉. */
  readonly within?: true;
  /** How many lines its value may take; 1 unless given. */
  readonly lines?: number;
  /** Its value takes another line only behind one of so many characters. */
  readonly full?: number;
  /** What stands on the next line and is no part of it. */
  readonly not?: RegExp;
  /** Its value may stand under it. */
  readonly below?: true;
};

type AnyLabel = Label<string>;
type Labelled = { readonly label: AnyLabel; readonly head: Slice; readonly row: number; value: Slice[] };

/** Pieces further apart than this many times their height belong to different columns. */
const columnGap = 2.5;

/** The values behind, and where allowed below, the labels; the first label of a field that has a value wins. */
export function readLabelled<Field extends string = ReadField>(
  rows: readonly Row[],
  labels: readonly Label<Field>[],
): { readonly [field in Field]?: Slice } {
  const found: Labelled[] = [];
  for (const [index, row] of rows.entries()) {
    const { labelled, free } = splitRow(row, index, labels);
    const above = [...found];
    found.push(...labelled);
    for (const slice of free) continueValue(above, slice, index);
  }
  const values: Record<string, Slice> = {};
  for (const { label, value } of found) {
    const joined = joinSlices(value);
    if (label.field !== 'other' && joined && joined.text !== '') values[label.field] ??= joined;
  }
  return values as { readonly [field in Field]?: Slice };
}

function splitRow(
  row: Row,
  index: number,
  labels: readonly AnyLabel[],
): { labelled: Labelled[]; free: Slice[] } {
  const matches = matchesIn(row, labels);
  const free = slicesOf(row, 0, matches[0]?.from ?? row.text.length);
  const labelled = matches.map(({ label, from, to }, i) => {
    const head = joinSlices(slicesOf(row, from, to)) as Slice;
    const behind = slicesOf(row, to, matches[i + 1]?.from ?? row.text.length);
    const end = behind.findIndex((slice, at) => isApart(behind[at - 1], slice, label, head));
    const value = end < 0 ? behind : behind.slice(0, end);
    free.push(...behind.slice(value.length));
    return { label, head, row: index, value: value.map(withoutColon).filter(({ text }) => text !== '') };
  });
  return { labelled, free };
}

/** Whether a run of text belongs to the next column rather than to what stands before it. */
function isApart(before: Slice | undefined, slice: Slice, label: AnyLabel, head: Slice): boolean {
  // A value may stand far behind its label, but not where it could stand below.
  if (!before && label.below !== true) return false;
  const { right, top, bottom } = before ?? head;
  return slice.left - right > columnGap * (bottom - top);
}

type Match = { readonly label: AnyLabel; readonly from: number; readonly to: number };

function matchesIn(row: Row, labels: readonly AnyLabel[]): Match[] {
  const starts = pieceStarts(row);
  const all = labels.flatMap((label) =>
    [...row.text.matchAll(new RegExp(label.pattern.source, 'giu'))]
      .filter(({ index }) => label.within === true || starts.has(index))
      .map((match) => ({ label, from: match.index, to: match.index + match[0].length })),
  );
  const ordered = all.sort((a, b) => a.from - b.from || b.to - a.to);
  return ordered.filter(
    ({ from, to }, i) => to > from && ordered.slice(0, i).every((earlier) => earlier.to <= from),
  );
}

/** Gives a run of text without a label to the value above it, or to the label above it that has none. */
function continueValue(above: readonly Labelled[], slice: Slice, row: number): void {
  const height = slice.bottom - slice.top;
  const owner = above.findLast(({ label, head, value, row: own }) => {
    const lines = value.length === 0 ? 0 : row - own;
    if (value.length === 0) {
      return label.below === true && slice.top - head.bottom < height && overlaps(head, slice);
    }
    const left = Math.min(...value.map((part) => part.left));
    return (
      lines < (label.lines ?? 1) &&
      (value.at(-1)?.text.length ?? 0) >= (label.full ?? 0) &&
      label.not?.test(slice.text) !== true &&
      slice.left > head.left - 0.5 * height &&
      slice.left < left + 2.5 * height &&
      slice.top - Math.max(...value.map((part) => part.bottom)) < 1.5 * height
    );
  });
  owner?.value.push(slice);
}

function overlaps(head: Slice, below: Slice): boolean {
  return below.left < head.right + (head.bottom - head.top) && below.right > head.left;
}

function withoutColon(slice: Slice): Slice {
  return { ...slice, text: slice.text.replace(/^[\s:：;；.·|/]+/u, '') };
}
