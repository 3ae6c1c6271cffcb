import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Quad } from '../../verification/recogniser.ts';
import { height, startingAt, width } from './geometry.ts';
import { infer } from './models.ts';
import type { Raster, Turn } from './raster.ts';
import { writeStrip } from './strip.ts';

const input = { width: 192, height: 48 } as const;
/** A line this many times higher than wide stands on its end. */
const STANDING = 1.5;
/** Lines that vote; the longest know best. */
const VOTERS = 8;

/** By how many degrees clockwise the picture has to be turned for its text to be upright: the vote of its lines. */
export async function findTurn(
  classifier: InferenceSession,
  raster: Raster,
  quads: readonly Quad[],
): Promise<Turn> {
  const standing = quads.filter((quad) => height(quad) >= STANDING * width(quad));
  const lying = quads.filter((quad) => width(quad) >= STANDING * height(quad));
  const sideways = totalLength(standing) > totalLength(lying);
  // Read from the bottom up, as if the picture were turned clockwise.
  const lines = sideways ? standing.map((quad) => startingAt(quad, 3)) : lying;
  const voters = lines.sort((a, b) => width(b) - width(a)).slice(0, VOTERS);
  const overturned = voters.length > 0 && (await vote(classifier, raster, voters)) > 0.5;
  if (sideways) return overturned ? 270 : 90;
  return overturned ? 180 : 0;
}

const totalLength = (quads: readonly Quad[]): number =>
  quads.reduce((sum, quad) => sum + Math.max(width(quad), height(quad)), 0);

/** Mean probability that the lines are upside down; a long line is cut to what the classifier was trained with. */
async function vote(classifier: InferenceSession, raster: Raster, quads: readonly Quad[]): Promise<number> {
  const size = 3 * input.height * input.width;
  const pixels = new Float32Array(quads.length * size);
  for (const [i, quad] of quads.entries()) {
    const columns = Math.min(input.width, Math.round((input.height * width(quad)) / height(quad)));
    writeStrip(raster, quad, columns, input.height, pixels, i * size, input.width);
  }
  const tensor = new Tensor('float32', pixels, [quads.length, 3, input.height, input.width]);
  const answer = (await infer(classifier, tensor)).data as Float32Array;
  return quads.reduce((sum, _, i) => sum + (answer[2 * i + 1] as number), 0) / quads.length;
}
