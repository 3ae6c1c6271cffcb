import type { Raster } from './raster.ts';
import { powerSpectrum } from './spectrum.ts';

const SIDE = 256;
/** Patches a side of the picture: a screen's pattern is all over it, print patterns are here and there. */
const GRID = 3;
/** Cycles a pixel within which the pattern of a screen's pixels, or its moiré with the sensor's, is looked for. */
const band = { from: 0.12, to: 0.5 } as const;
/** Power a frequency has under the grain of any camera; drawn pictures have less, and anything would stand out of it. */
const NOISE = 2 * (4 * 1.5 * 0.375 * SIDE) ** 2;
/** Text has less power the finer it is: a frequency is compared with those of its own ring. */
const RINGS = 19;
/** Decades by which a frequency stands out that mean nothing and everything: photographs of things had up to 2.6, of
 * simulated screens from 3.2 on (decision 0072). */
const peak = { none: 2.6, certain: 3.8 } as const;

/** 0–1: how much regular fine structure there is on most of the picture. A hint: woven cloth has it too. */
export function screenLikeness(raster: Raster): number {
  if (Math.min(raster.width, raster.height) < SIDE) return 0;
  const decades: number[] = [];
  let plain = 0;
  for (let patch = 0; patch < GRID ** 2; patch++) {
    const [row, column] = [Math.floor(patch / GRID), patch % GRID];
    const left = Math.round(((raster.width - SIDE) * (column + 0.5)) / GRID);
    const top = Math.round(((raster.height - SIDE) * (row + 0.5)) / GRID);
    const decade = peakOf(powerSpectrum(patchOf(raster, left, top), SIDE));
    decades.push(decade);
    if (decade <= peak.none) plain += 1;
    // The median is settled.
    if (plain > GRID ** 2 / 2) return 0;
  }
  const typical = decades.sort((a, b) => a - b)[Math.floor(decades.length / 2)] as number;
  return Math.min(1, Math.max(0, (typical - peak.none) / (peak.certain - peak.none)));
}

function patchOf({ data, width }: Raster, left: number, top: number): Float64Array {
  const patch = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = 3 * ((top + y) * width + left + x);
      patch[y * SIDE + x] = (data[at] as number) + 2 * (data[at + 1] as number) + (data[at + 2] as number);
    }
  }
  return patch;
}

/** How far the strongest frequency stands out of those near it, in decades; JPEG's 8 × 8 blocks are left out. */
function peakOf(power: Float64Array): number {
  const rings: number[][] = Array.from({ length: RINGS }, () => []);
  for (let y = 0; y < SIDE / 2; y++) {
    for (let x = 0; x < SIDE; x++) {
      const frequency = Math.hypot(x < SIDE / 2 ? x : x - SIDE, y) / SIDE;
      const ring = Math.floor((RINGS * (frequency - band.from)) / (band.to - band.from));
      if (!ofBlocks(x, y)) rings[ring]?.push(power[y * SIDE + x] as number);
    }
  }
  return Math.max(...rings.map(standingOut));
}

function standingOut(powers: readonly number[]): number {
  const sorted = Float64Array.from(powers).sort();
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  return Math.log10((sorted.at(-1) as number) / Math.max(median, NOISE));
}

/** Multiples of an eighth of the sampling frequency on both axes, and their neighbours under the window. */
function ofBlocks(x: number, y: number): boolean {
  const near = (f: number) => Math.min(f % (SIDE / 8), SIDE / 8 - (f % (SIDE / 8))) <= 1;
  return near(x) && near(y);
}
