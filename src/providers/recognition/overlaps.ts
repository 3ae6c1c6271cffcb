import type { Point, Quad } from '../../verification/recogniser.ts';
import { centre, height, width } from './geometry.ts';

/** Share of the lower one's height within which the middles of two boxes have to be level to stand on one line. */
const LEVEL = 0.4;
/** Share of the shorter one's length up to which boxes overlap at their ends; more is one text found twice. */
const MOST = 0.5;
/** A box less long than this many times its height is a label; its value begins at least so many heights behind it. */
const LABEL = 3;
const GAP = 0.2;

/**
 * Boxes of neighbours on one line come out too long: the last stroke of a label would be read into the value behind it.
 * The longer of two that overlap ends where the shorter one begins.
 */
export function keptApart(quads: readonly Quad[]): readonly Quad[] {
  return quads.map((quad) =>
    quads.reduce((rest, other) => (width(other) < width(quad) ? shortened(rest, other) : rest), quad),
  );
}

/** The rectangle without the end that lies in the other. */
function shortened(quad: Quad, other: Quad): Quad {
  const [a, b, c, d] = quad;
  const length = width(quad);
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const along = ([x, y]: Point): number => (x - a[0]) * ux + (y - a[1]) * uy;
  const [cx, cy] = centre(quad);
  const [ox, oy] = centre(other);
  const apart = Math.abs((oy - cy) * ux - (ox - cx) * uy);
  if (apart > LEVEL * Math.min(height(quad), height(other))) return quad;
  const [from, to] = [(along(other[0]) + along(other[3])) / 2, (along(other[1]) + along(other[2])) / 2];
  const most = MOST * (to - from);
  const moved = ([x, y]: Point, by: number): Point => [x + ux * by, y + uy * by];
  if (from <= 0 && to > 0 && to <= most) {
    const start = to + (width(other) < LABEL * height(other) ? GAP * height(quad) : 0);
    return [moved(a, start), b, c, moved(d, start)];
  }
  if (to >= length && from < length && length - from <= most) {
    return [a, moved(b, from - length), moved(c, from - length), d];
  }
  return quad;
}
