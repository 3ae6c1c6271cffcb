import type { Point, Quad, TextLine } from '../../verification/recogniser.ts';
import { boxAround, centre, grown, height, width } from './geometry.ts';
import type { Raster } from './raster.ts';
import type { TextEngine } from './text-engine.ts';

/** Widths at which a zone is read again: OCR-B stands closer than the network is used to (measured). */
const stretches = [1.3, 1.15, 1.6] as const;
/** Shares of its height by which a line is made longer and lower: the boxes of its letters are too high (measured). */
const margin = { along: 1 / 3, across: -0.15 } as const;
/** Lines and characters a line (ICAO 9303 parts 4 to 6). */
const formats = [
  { lines: 2, length: 44 },
  { lines: 3, length: 30 },
  { lines: 2, length: 36 },
] as const;
/** Signs that the network reads where a filler stands. */
const fillers: Readonly<Record<string, string>> = {
  '〈': '<',
  '＜': '<',
  '《': '<<',
  '«': '<<',
  '≪': '<<',
  '∠': '<',
  '⟨': '<',
};
/** A line of a zone has at least so many characters even when it was cut. */
const MIN_LENGTH = 18;

/**
 * Reads a machine-readable zone several times from the full picture. Each candidate has the lines of one pass, each pass
 * is a vote; the best come first: those whose lines have a length of the standard, then by confidence.
 */
export async function readZones(
  engine: Pick<TextEngine, 'readStrips'>,
  upright: Raster,
  lines: readonly TextLine[],
): Promise<readonly (readonly string[])[]> {
  const strips = zoneLines(lines);
  if (strips.length < 2) return [];
  const plain = lines.map(({ text }) => toZoneCharacters(text)).filter(isZoneText);
  const candidates: { texts: string[]; score: number }[] = [];
  const seen = new Set([plain.join()]);
  for (const stretch of stretches) {
    const own = await engine.readStrips(
      upright,
      strips.map((quad) => ({ quad, stretch })),
    );
    const texts = own.map(({ text }) => toZoneCharacters(text));
    const confidence = own.reduce((sum, one) => sum + one.confidence, 0) / own.length;
    candidates.push({ texts, score: confidence - misfit(texts) });
    // Two passes that say the same, in the lengths of the standard, would not be outvoted by a third.
    if (seen.has(texts.join()) && misfit(texts) === 0) break;
    seen.add(texts.join());
  }
  const all = [...candidates, { texts: plain, score: -misfit(plain) }].sort((a, b) => b.score - a.score);
  return all.map(({ texts }) => texts).filter(({ length }) => length === 2 || length === 3);
}

/** The characters of a zone; everything else in the line is dropped. */
function toZoneCharacters(text: string): string {
  return [...text.normalize('NFKC')]
    .map((character) => fillers[character] ?? character.toUpperCase())
    .join('')
    .replace(/[^A-Z0-9<]/g, '');
}

/** Long, and either full of fillers or one piece of capitals and digits. */
function isZoneText(text: string): boolean {
  if (text.length < MIN_LENGTH) return false;
  const fill = text.split('<').length - 1;
  return fill >= 3 || (text.length >= 28 && /\d/.test(text) && /[A-Z]/.test(text));
}

/** Mean number of characters by which the lines differ from the nearest format. */
function misfit(texts: readonly string[]): number {
  const distances = formats
    .filter(({ lines }) => lines === texts.length)
    .map(({ length }) => texts.reduce((sum, text) => sum + Math.abs(text.length - length), 0) / texts.length);
  return Math.min(44, ...distances);
}

/** Rectangles of the zone's lines from the top; pieces of one line are joined. */
function zoneLines(lines: readonly TextLine[]): Quad[] {
  const latin = lines.filter(({ text }) => {
    const mapped = toZoneCharacters(text);
    return isZoneText(mapped) || (mapped.includes('<<') && mapped.length >= 3);
  });
  const rows: TextLine[][] = [];
  for (const line of latin) {
    const row = rows.find(([first]) => first && onOneLine(first.quad, line.quad));
    if (row) row.push(line);
    else rows.push([line]);
  }
  const whole = rows.filter((row) => row.reduce((sum, { text }) => sum + text.length, 0) >= MIN_LENGTH);
  const joined = whole.map((row) => spanning(row.map(({ quad }) => quad))).slice(-3);
  return evenlyLong(joined).map((quad) =>
    grown(quad, margin.along * height(quad), margin.across * height(quad)),
  );
}

/** The lines of a zone are equally long: where the detector lost the end of one, another shows where it is. */
function evenlyLong(quads: readonly Quad[]): Quad[] {
  const spans = quads.map(([[ax, ay], [bx, by]], i) => {
    const length = width(quads[i] as Quad);
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    const along = quads.flat().map(([x, y]) => (x - ax) * ux + (y - ay) * uy);
    return { ux, uy, before: Math.min(0, ...along), after: Math.max(length, ...along) - length };
  });
  return quads.map(([a, b, c, d], i) => {
    const { ux, uy, before, after } = spans[i] as (typeof spans)[number];
    const moved = ([x, y]: Point, by: number): Point => [x + ux * by, y + uy * by];
    return [moved(a, before), moved(b, after), moved(c, after), moved(d, before)];
  });
}

/** Whether the second lies on the line through the first. */
function onOneLine(first: Quad, second: Quad): boolean {
  const [a, b] = first;
  const [x, y] = centre(second);
  const [cx, cy] = centre(first);
  const slope = (b[1] - a[1]) / Math.max(1, b[0] - a[0]);
  return Math.abs(y - cy - slope * (x - cx)) < height(first) / 2;
}

/** One rectangle around pieces of a line, in the direction of the longest. */
function spanning(quads: readonly Quad[]): Quad {
  const [longest] = [...quads].sort((a, b) => width(b) - width(a)) as [Quad];
  if (quads.length === 1) return longest;
  const [a, b] = longest;
  const [ux, uy] = [(b[0] - a[0]) / width(longest), (b[1] - a[1]) / width(longest)];
  const turnedPoints = quads.flat().map(([x, y]) => [x * ux + y * uy, y * ux - x * uy] as const);
  const box = boxAround(turnedPoints);
  const back = (x: number, y: number) => [x * ux - y * uy, x * uy + y * ux] as const;
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  return [back(box.left, box.top), back(right, box.top), back(right, bottom), back(box.left, bottom)];
}
