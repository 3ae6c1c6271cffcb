import sharp from 'sharp';
import type { Point } from '../../../verification/recogniser.ts';
import type { FivePoints } from './landmarks.ts';
import type { Model } from './models.ts';
import { clamp, cut, squareAround, toPlanes, type Pixels } from './pixels.ts';

/** Where the five points lie in the 112 × 112 pixels that the feature model was trained on. */
const reference: FivePoints = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];
const referenceSide = 112;
/** What a reviewer sees has this margin around it on each side, in the same scale: forehead, ears and chin. */
const margin = 24;

/** The face as a unit vector of 512 numbers. */
export async function template(model: Model, picture: Pixels, points: FivePoints): Promise<Float32Array> {
  const face = await upright(picture, points, 0);
  const input = toPlanes(face, { mean: [127, 127, 127], deviation: [128, 128, 128] });
  const { output = new Float32Array() } = await model(input);
  const length = Math.hypot(...output);
  return output.map((value) => value / length);
}

/** The face upright, JPEG of 160 × 160 px. */
export async function aligned(picture: Pixels, points: FivePoints): Promise<Buffer> {
  const { data, width, height, channels } = await upright(picture, points, margin);
  return sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 88 }).toBuffer();
}

/** The face turned and scaled so that its points come to lie on the reference, with a border of `border` pixels. */
async function upright(picture: Pixels, points: FivePoints, border: number): Promise<Pixels> {
  const { a, b, tx, ty } = fromReference(points);
  const scale = Math.hypot(a, b);
  const side = referenceSide + 2 * border;
  const middle = referenceSide / 2;
  const x = a * middle - b * middle + tx;
  const y = b * middle + a * middle + ty;
  // Cut out in the scale of the result first, because four neighbours are too few to shrink a large face well.
  const reach = Math.ceil(side * Math.SQRT2);
  const area = squareAround({ left: x, top: y, width: 0, height: 0 }, reach * scale);
  const patch = await cut(picture, area, reach, reach);
  const rotation = {
    a: a / scale,
    b: b / scale,
    tx: reach / 2,
    ty: reach / 2,
  };
  return warp(patch, rotation, side);
}

/** (x, y) → (a·x − b·y + tx, b·x + a·y + ty): turns, scales and moves, nothing else. */
type Similarity = { readonly a: number; readonly b: number; readonly tx: number; readonly ty: number };

/** Brings the reference points closest to the face's, in the sense of least squares. */
function fromReference(face: FivePoints): Similarity {
  const from = mean(reference);
  const to = mean(face);
  let dot = 0;
  let cross = 0;
  let norm = 0;
  reference.forEach((point, at) => {
    const [x, y] = [point[0] - from[0], point[1] - from[1]];
    const target = face[at] ?? to;
    const [u, v] = [target[0] - to[0], target[1] - to[1]];
    dot += x * u + y * v;
    cross += x * v - y * u;
    norm += x * x + y * y;
  });
  const a = dot / norm;
  const b = cross / norm;
  return { a, b, tx: to[0] - a * from[0] + b * from[1], ty: to[1] - b * from[0] - a * from[1] };
}

/** `side` × `side` pixels around the origin; each is fetched by `transform`, between four neighbours. */
function warp(picture: Pixels, transform: Similarity, side: number): Pixels {
  const { channels } = picture;
  const data = new Uint8Array(side * side * channels);
  const { a, b, tx, ty } = transform;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [u, v] = [x - side / 2, y - side / 2];
      sample(picture, a * u - b * v + tx, b * u + a * v + ty, data, (y * side + x) * channels);
    }
  }
  return { data, width: side, height: side, channels };
}

function sample(
  { data, width, height, channels }: Pixels,
  x: number,
  y: number,
  into: Uint8Array,
  at: number,
): void {
  const left = clamp(Math.floor(x), 0, width - 2);
  const top = clamp(Math.floor(y), 0, height - 2);
  const right = clamp(x - left, 0, 1);
  const below = clamp(y - top, 0, 1);
  for (let channel = 0; channel < channels; channel += 1) {
    const offset = (top * width + left) * channels + channel;
    const row = width * channels;
    const upper = (data[offset] ?? 0) * (1 - right) + (data[offset + channels] ?? 0) * right;
    const lower = (data[offset + row] ?? 0) * (1 - right) + (data[offset + row + channels] ?? 0) * right;
    into[at + channel] = Math.round(upper * (1 - below) + lower * below);
  }
}

function mean(points: FivePoints): Point {
  return [
    points.reduce((sum, [x]) => sum + x, 0) / points.length,
    points.reduce((sum, [, y]) => sum + y, 0) / points.length,
  ];
}
