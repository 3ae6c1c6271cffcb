import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Point, Quad } from '../../verification/recogniser.ts';
import { grown, height, mapped, smallestRectangle, width } from './geometry.ts';
import { infer } from './models.ts';
import { resized, type Raster } from './raster.ts';

/** Post-processing of the differentiable binarisation network, as its authors set it for PP-OCRv4. */
const binarise = { pixel: 0.3, box: 0.6, unclip: 1.5, minSide: 3 } as const;
const mean = [0.485, 0.456, 0.406] as const;
const deviation = [0.229, 0.224, 0.225] as const;
const STRIDE = 32;

/** Rectangles around runs of text, in pixels of the raster; the picture is looked at `longest` pixels large. */
export async function detectText(
  model: InferenceSession,
  raster: Raster,
  longest: number,
): Promise<readonly Quad[]> {
  const scale = Math.min(1, longest / Math.max(raster.width, raster.height));
  const [columns, rows] = [raster.width, raster.height].map((side) =>
    Math.max(STRIDE, Math.round((side * scale) / STRIDE) * STRIDE),
  ) as [number, number];
  const small = await resized(raster, columns, rows);
  const input = new Tensor('float32', normalised(small), [1, 3, rows, columns]);
  const map = (await infer(model, input)).data as Float32Array;
  const back = ([x, y]: Point): Point => [(x * raster.width) / columns, (y * raster.height) / rows];
  return regions(map, columns, rows).map((quad) => mapped(quad, back));
}

/** Blue, green, red planes with the mean and deviation of ImageNet: the order the network was trained with. */
function normalised({ data, width: columns, height: rows }: Raster): Float32Array {
  const plane = columns * rows;
  const out = new Float32Array(plane * 3);
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * (deviation[channel] as number));
    const shift = (mean[channel] as number) / (deviation[channel] as number);
    for (let i = 0, from = 2 - channel, to = channel * plane; i < plane; i++, from += 3, to++) {
      out[to] = (data[from] as number) * scale - shift;
    }
  }
  return out;
}

/** Groups of neighbouring pixels that are probably text, each as the smallest rectangle around it, a little larger. */
function regions(map: Float32Array, columns: number, rows: number): Quad[] {
  const seen = new Uint8Array(map.length);
  const stack = new Int32Array(map.length);
  const found: Quad[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || (map[start] as number) <= binarise.pixel) continue;
    const quad = smallestRectangle(outline(map, columns, rows, start, seen, stack));
    const [w, h] = [width(quad), height(quad)];
    if (Math.min(w, h) < binarise.minSide || probability(map, columns, rows, quad) < binarise.box) continue;
    const distance = (w * h * binarise.unclip) / (2 * (w + h));
    found.push(grown(quad, distance, distance));
  }
  return found;
}

/** Marks the region of `start` as seen and returns the ends of each of its rows, which have the same hull. */
function outline(
  map: Float32Array,
  columns: number,
  rows: number,
  start: number,
  seen: Uint8Array,
  stack: Int32Array,
): Point[] {
  const ends = new Map<number, [left: number, right: number]>();
  let depth = 0;
  stack[depth++] = start;
  seen[start] = 1;
  while (depth > 0) {
    const at = stack[--depth] as number;
    const y = Math.floor(at / columns);
    const x = at - y * columns;
    const end = ends.get(y);
    if (!end) ends.set(y, [x, x]);
    else if (x < end[0]) end[0] = x;
    else if (x > end[1]) end[1] = x;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
        const next = ny * columns + nx;
        if (seen[next] || (map[next] as number) <= binarise.pixel) continue;
        seen[next] = 1;
        stack[depth++] = next;
      }
    }
  }
  return [...ends].flatMap(([y, [left, right]]): Point[] => [
    [left, y],
    [right + 1, y],
    [left, y + 1],
    [right + 1, y + 1],
  ]);
}

/** Mean over a rectangle of the map. */
function probability(map: Float32Array, columns: number, rows: number, quad: Quad): number {
  const [a, b, , d] = quad;
  const [m, n] = [Math.max(1, Math.round(width(quad))), Math.max(1, Math.round(height(quad)))];
  let sum = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < m; i++) {
      const [s, t] = [(i + 0.5) / m, (j + 0.5) / n];
      const x = Math.floor(a[0] + (b[0] - a[0]) * s + (d[0] - a[0]) * t);
      const y = Math.floor(a[1] + (b[1] - a[1]) * s + (d[1] - a[1]) * t);
      if (x >= 0 && y >= 0 && x < columns && y < rows) sum += map[y * columns + x] as number;
    }
  }
  return sum / (m * n);
}
