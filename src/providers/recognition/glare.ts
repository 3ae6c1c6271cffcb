import type { Box, Quad } from '../../verification/recogniser.ts';
import { boxAround } from './geometry.ts';
import type { Raster } from './raster.ts';

/** From this value of its weakest primary on, 0–255, a pixel is blown out. */
const BLOWN = 250;
/** Share of the picture from which on a blown-out area hides something. */
const MIN_SHARE = 0.003;
/** Sides of the picture that a reflection may reach; what runs along more of them is a white table. */
const MOST_SIDES = 1;
/** Share of the text's own boxes that may be blown out; more means white paper, on which glare cannot be told. */
const WHITE_PAPER = 0.2;

/** Blown-out areas that reach into `area` (pixels of the picture) that hold no text; `small` is the picture times `scale`. */
export function findGlare(small: Raster, text: readonly Quad[], area: Box, scale: number): readonly Box[] {
  const blown = blownPixels(small);
  const boxes = text.map((quad) => scaledBox(boxAround(quad), scale));
  if (eraseText(blown, small, boxes) > WHITE_PAPER) return [];
  const found: Box[] = [];
  for (let start = 0; start < blown.length; start++) {
    if (blown[start] === 0) continue;
    const region = takeRegion(blown, small.width, small.height, start);
    if (region.count < MIN_SHARE * blown.length || region.sides > MOST_SIDES) continue;
    const box = scaledBox(region.box, 1 / scale);
    if (overlap(box, area)) found.push(box);
  }
  return found;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

function blownPixels({ data }: Raster): Uint8Array {
  const blown = new Uint8Array(data.length / 3);
  for (let i = 0, at = 0; i < blown.length; i++, at += 3) {
    const weakest = Math.min(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    blown[i] = weakest >= BLOWN ? 1 : 0;
  }
  return blown;
}

/** Takes the pixels of text out and returns which share of them was blown out. */
function eraseText(blown: Uint8Array, { width, height }: Raster, boxes: readonly Box[]): number {
  let [count, all] = [0, 0];
  for (const box of boxes) {
    for (let y = Math.max(0, box.top); y < Math.min(height, box.top + box.height); y++) {
      for (let x = Math.max(0, box.left); x < Math.min(width, box.left + box.width); x++) {
        count += blown[y * width + x] as number;
        all += 1;
        blown[y * width + x] = 0;
      }
    }
  }
  return all === 0 ? 0 : count / all;
}

/** The connected region of `start`, which is emptied. */
function takeRegion(
  blown: Uint8Array,
  width: number,
  height: number,
  start: number,
): { count: number; sides: number; box: Box } {
  const stack = [start];
  blown[start] = 0;
  let [left, right, top, bottom, count] = [width, 0, height, 0, 0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    count += 1;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    const neighbours = [
      x > 0 ? at - 1 : -1,
      x < width - 1 ? at + 1 : -1,
      y > 0 ? at - width : -1,
      y < height - 1 ? at + width : -1,
    ];
    for (const next of neighbours) {
      if (next < 0 || blown[next] === 0) continue;
      blown[next] = 0;
      stack.push(next);
    }
  }
  const sides = [left === 0, top === 0, right === width - 1, bottom === height - 1].filter(Boolean).length;
  return { count, sides, box: { left, top, width: right - left + 1, height: bottom - top + 1 } };
}

function scaledBox({ left, top, width, height }: Box, by: number): Box {
  const [x, y] = [Math.round(left * by), Math.round(top * by)];
  return {
    left: x,
    top: y,
    width: Math.round((left + width) * by) - x,
    height: Math.round((top + height) * by) - y,
  };
}
