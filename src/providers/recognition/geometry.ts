import type { Box, Point, Quad } from '../../verification/recogniser.ts';
import type { Turn } from './raster.ts';

/** The corners of the convex hull, in order (Andrew's monotone chain). */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  return [...halfHull(sorted), ...halfHull(sorted.reverse())];
}

function halfHull(sorted: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of sorted) {
    while (hull.length >= 2 && cross(hull.at(-2) as Point, hull.at(-1) as Point, point) <= 0) hull.pop();
    hull.push(point);
  }
  return hull.slice(0, -1);
}

const cross = ([ox, oy]: Point, [ax, ay]: Point, [bx, by]: Point): number =>
  (ax - ox) * (by - oy) - (ay - oy) * (bx - ox);

/** The rectangle of least area around the points, its corners clockwise from the top left one. */
export function smallestRectangle(points: readonly Point[]): Quad {
  const hull = convexHull(points);
  let best: { area: number; quad: Quad } | undefined;
  for (const [i, from] of hull.entries()) {
    const quad = rectangleAlong(hull, from, hull[(i + 1) % hull.length] as Point);
    const area = width(quad) * height(quad);
    if (!best || area < best.area) best = { area, quad };
  }
  return upright(best?.quad ?? rectangleAlong(points, [0, 0], [1, 0]));
}

function rectangleAlong(points: readonly Point[], [ax, ay]: Point, [bx, by]: Point): Quad {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of points) {
    const along = x * ux + y * uy;
    const across = y * ux - x * uy;
    if (along < left) left = along;
    if (along > right) right = along;
    if (across < top) top = across;
    if (across > bottom) bottom = across;
  }
  const corner = (along: number, across: number): Point => [
    along * ux - across * uy,
    along * uy + across * ux,
  ];
  return [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)];
}

/** The same corners, starting with the one from which the first side points most to the right. */
function upright(quad: Quad): Quad {
  const sides = quad.map(([x], i) => (quad[(i + 1) % 4] as Point)[0] - x);
  return startingAt(quad, sides.indexOf(Math.max(...sides)));
}

/** The same corners, starting with another one. */
export function startingAt(quad: Quad, first: number): Quad {
  const at = (i: number): Point => quad[(first + i) % 4] as Point;
  return [at(0), at(1), at(2), at(3)];
}

export const width = ([a, b]: Quad): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
export const height = ([a, , , d]: Quad): number => Math.hypot(d[0] - a[0], d[1] - a[1]);

/** Moves every side of a rectangle outwards. */
export function grown(quad: Quad, along: number, across: number): Quad {
  const [a, b, , d] = quad;
  const [w, h] = [width(quad) || 1, height(quad) || 1];
  const [ux, uy] = [((b[0] - a[0]) / w) * along, ((b[1] - a[1]) / w) * along];
  const [vx, vy] = [((d[0] - a[0]) / h) * across, ((d[1] - a[1]) / h) * across];
  const moved = ([x, y]: Point, s: number, t: number): Point => [x + s * ux + t * vx, y + s * uy + t * vy];
  return [moved(quad[0], -1, -1), moved(quad[1], 1, -1), moved(quad[2], 1, 1), moved(quad[3], -1, 1)];
}

export function mapped(quad: Quad, change: (point: Point) => Point): Quad {
  return [change(quad[0]), change(quad[1]), change(quad[2]), change(quad[3])];
}

/** Where a point of a picture that was turned lies on the picture before; `size` is that of the picture before. */
export function turnedBack([x, y]: Point, turn: Turn, size: { width: number; height: number }): Point {
  if (turn === 90) return [y, size.height - x];
  if (turn === 180) return [size.width - x, size.height - y];
  return turn === 270 ? [size.width - y, x] : [x, y];
}

export const centre = (quad: Quad): Point => [(quad[0][0] + quad[2][0]) / 2, (quad[0][1] + quad[2][1]) / 2];

/** The upright box around points. */
export function boxAround(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}
