import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Quad } from '../../verification/recogniser.ts';
import { height, width } from './geometry.ts';
import { infer } from './models.ts';
import type { Raster } from './raster.ts';
import { writeStrip } from './strip.ts';

/** Height of a line for the recognition network, and bounds of its width, in pixels. */
const line = { height: 48, minWidth: 192, step: 64, maxWidth: 3200, batch: 6 } as const;

export type ReadText = {
  readonly text: string;
  /** Mean and least probability of its characters, 0–1. */
  readonly confidence: number;
  readonly weakest: number;
};

/** A line to read; `stretch` widens its picture, which helps with characters that stand close. */
export type Strip = { readonly quad: Quad; readonly stretch: number };

/** Reads lines of text; answers in the order of `strips`. */
export async function recogniseText(
  model: InferenceSession,
  alphabet: readonly string[],
  raster: Raster,
  strips: readonly Strip[],
): Promise<readonly ReadText[]> {
  const read: ReadText[] = [];
  const sized = strips
    .map((strip, at) => ({ strip, at, ...widths(strip) }))
    .sort((a, b) => a.padded - b.padded);
  for (let from = 0; from < sized.length;) {
    const padded = sized[from]?.padded as number;
    const batch = sized.slice(from, from + line.batch).filter((one) => one.padded === padded);
    const input = new Float32Array(batch.length * 3 * line.height * padded);
    for (const [i, { strip, columns }] of batch.entries()) {
      const offset = i * 3 * line.height * padded;
      writeStrip(raster, strip.quad, columns, line.height, input, offset, padded);
    }
    const output = await infer(model, new Tensor('float32', input, [batch.length, 3, line.height, padded]));
    const [, steps = 0, symbols = 0] = output.dims;
    for (const [i, { at }] of batch.entries()) {
      const scores = (output.data as Float32Array).subarray(i * steps * symbols, (i + 1) * steps * symbols);
      read[at] = decode(scores, steps, symbols, alphabet);
    }
    from += batch.length;
  }
  return read;
}

function widths({ quad, stretch }: Strip): { columns: number; padded: number } {
  const natural = Math.round((line.height * stretch * width(quad)) / Math.max(1, height(quad)));
  const columns = Math.min(Math.max(natural, 8), line.maxWidth);
  return { columns, padded: Math.max(line.minWidth, Math.ceil(columns / line.step) * line.step) };
}

/** Connectionist temporal classification, greedy: the best symbol of each step, without repetitions and blanks (0). */
function decode(scores: Float32Array, steps: number, symbols: number, alphabet: readonly string[]): ReadText {
  let [text, sum, count, previous, weakest] = ['', 0, 0, 0, 1];
  for (let step = 0; step < steps; step++) {
    const start = step * symbols;
    let best = 0;
    let top = scores[start] as number;
    for (let symbol = 1; symbol < symbols; symbol++) {
      const score = scores[start + symbol] as number;
      if (score > top) [best, top] = [symbol, score];
    }
    if (best !== 0 && best !== previous) {
      text += alphabet[best] ?? '';
      sum += top;
      count += 1;
      weakest = Math.min(weakest, top);
    }
    previous = best;
  }
  return count === 0 ? { text, confidence: 0, weakest: 0 } : { text, confidence: sum / count, weakest };
}
