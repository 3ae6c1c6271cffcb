import type { Box } from '../../../verification/recogniser.ts';

/** A place where the detector sees a face. */
export type Candidate = { readonly box: Box; readonly score: number };

/** Two boxes that share this much of their union are one face. */
const sameFace = 0.4;
/** A box of which this much lies in another is a part of that face: a tile cut it off, or it is its mouth. */
const contained = 0.7;

/** From corners in shares of the window (0–1) to a box in pixels of the picture. */
export function boxOf(
  corners: Float32Array,
  window: { readonly width: number; readonly height: number },
  origin: { readonly left: number; readonly top: number; readonly scale: number },
): Box {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = corners;
  return {
    left: origin.left + x1 * window.width * origin.scale,
    top: origin.top + y1 * window.height * origin.scale,
    width: (x2 - x1) * window.width * origin.scale,
    height: (y2 - y1) * window.height * origin.scale,
  };
}

/** Each face once, the likeliest box of it, likeliest first. */
export function suppress(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some(({ box }) => isSame(box, candidate.box))) kept.push(candidate);
  }
  return kept;
}

export function mostlyInside(inner: Box, outer: Box): boolean {
  return intersection(inner, outer) >= contained * area(inner);
}

function isSame(a: Box, b: Box): boolean {
  const common = intersection(a, b);
  return (
    common / (area(a) + area(b) - common) >= sameFace || common >= contained * Math.min(area(a), area(b))
  );
}

function intersection(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

export function area({ width, height }: Box): number {
  return width * height;
}
