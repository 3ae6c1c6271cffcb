import type { TextLine } from '../../verification/recogniser.ts';
import { centre, height } from './geometry.ts';

/** Lines of an upright picture from the top to the bottom; those beside each other from the left to the right. */
export function inReadingOrder(lines: readonly TextLine[]): TextLine[] {
  const slope = commonSlope(lines);
  const placed = lines
    .map((line) => {
      const [x, y] = centre(line.quad);
      return { line, x, level: y - slope * x, height: height(line.quad) };
    })
    .sort((a, b) => a.level - b.level);
  const rows: (typeof placed)[] = [];
  for (const one of placed) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row && last && one.level - last.level < Math.min(one.height, last.height) / 2) row.push(one);
    else rows.push([one]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.x - b.x).map(({ line }) => line));
}

/** How much the text falls to the right: the median of its lines, of which some are stamps and watermarks. */
function commonSlope(lines: readonly TextLine[]): number {
  const slopes = lines
    .filter(({ text }) => text.length >= 4)
    .map(({ quad: [a, b] }) => (b[1] - a[1]) / Math.max(1, b[0] - a[0]))
    .sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}
