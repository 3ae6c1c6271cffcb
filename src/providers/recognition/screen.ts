import type { Raster } from './raster.ts';
import { powerSpectrum } from './spectrum.ts';

const SIDE = 256;
/** Patches a side of the picture: a screen's pattern is all over it, print patterns are here and there. */
const GRID = 3;
/** Cycles a pixel within which the pattern of a screen's pixels, or its moiré with the sensor's, is looked for. */
const band = { from: 0.12, to: 0.5 } as const;
/** Peak over the median of the band, in decades, that means nothing and everything. Calibrated in the tests. */
const peak = { none: 2, certain: 3.5 } as const;

/** 0–1: how much regular fine structure there is on most of the picture. A hint: woven cloth has it too. */
export async function screenLikeness(raster: Raster): Promise<number> {
  if (Math.min(raster.width, raster.height) < SIDE) return 0;
  const decades: number[] = [];
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const left = Math.round(((raster.width - SIDE) * (column + 0.5)) / GRID);
      const top = Math.round(((raster.height - SIDE) * (row + 0.5)) / GRID);
      decades.push(peakOf(powerSpectrum(patchOf(raster, left, top), SIDE)));
    }
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

/** The strongest frequency of the band over its median, in decades; the grid of JPEG's 8 × 8 blocks is left out. */
function peakOf(power: Float64Array): number {
  const values: number[] = [];
  for (let y = 0; y < SIDE / 2; y++) {
    for (let x = 0; x < SIDE; x++) {
      const [fx, fy] = [(x < SIDE / 2 ? x : x - SIDE) / SIDE, y / SIDE];
      const frequency = Math.hypot(fx, fy);
      if (frequency < band.from || frequency > band.to || ofBlocks(x, y)) continue;
      values.push(power[y * SIDE + x] as number);
    }
  }
  values.sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)] as number;
  const strongest = values.at(-1) as number;
  return Math.log10((strongest + 1) / (median + 1));
}

/** Multiples of an eighth of the sampling frequency on both axes, and their neighbours under the window. */
function ofBlocks(x: number, y: number): boolean {
  const near = (f: number) => Math.min(f % (SIDE / 8), SIDE / 8 - (f % (SIDE / 8))) <= 1;
  return near(x) && near(y);
}
