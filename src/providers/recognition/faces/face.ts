import type { Box, Point, SeenFace } from '../../../verification/recogniser.ts';
import { clip } from '../raster.ts';
import { aligned, template } from './alignment.ts';
import type { Candidate } from './candidates.ts';
import { centre, findLandmarks, fivePoints } from './landmarks.ts';
import type { Model } from './models.ts';
import { clamp, cut, squareAround, toPlanes, type Pixels } from './pixels.ts';
import { poseOf } from './pose.ts';

export type FaceModels = {
  readonly landmark: Model;
  readonly feature: Model;
  readonly liveness: Model;
  readonly eye: Model;
};

export async function describeFace(
  models: FaceModels,
  picture: Pixels,
  { box, score }: Candidate,
): Promise<SeenFace> {
  const landmarks = await findLandmarks(models.landmark, picture, box);
  const points = fivePoints(landmarks);
  return {
    box: clip(box, picture.width, picture.height),
    score,
    ...poseOf(points),
    eyesOpen: await eyesOpen(models.eye, picture, landmarks),
    liveness: await liveness(models.liveness, picture, box),
    template: await template(models.feature, picture, points),
    aligned: await aligned(picture, points),
  };
}

/** Corners and lids of the eyes, in the scheme of the landmarks. */
const eyes = [
  { corners: [36, 39], lids: [37, 38, 40, 41] },
  { corners: [42, 45], lids: [43, 44, 46, 47] },
] as const;

/** The model sees each eye alone: grey, 24 × 24 px, 1.6 times the width of the eye. */
async function eyesOpen(model: Model, picture: Pixels, landmarks: readonly Point[]): Promise<number> {
  let least = 1;
  for (const { corners, lids } of eyes) {
    const [[x1], [x2]] = [centre(landmarks, [corners[0]]), centre(landmarks, [corners[1]])];
    const [x, y] = centre(landmarks, lids);
    const eye = squareAround({ left: x, top: y, width: 0, height: 0 }, Math.abs(x2 - x1) * 1.6);
    const image = await cut(picture, eye, 24, 24, 'grey');
    const { output = new Float32Array() } = await model(toPlanes(image, { deviation: [255] }));
    least = Math.min(least, softmax(output)[1] ?? 0);
  }
  return least;
}

/** The model sees 2.7 times the face, moved and reduced to lie within the picture: BGR, 0–255. */
async function liveness(model: Model, picture: Pixels, box: Box): Promise<number> {
  const side = Math.min(box.height * 2.7, picture.width - 1, picture.height - 1);
  const square = squareAround(box, side);
  const left = clamp(square.left, 0, picture.width - side);
  const top = clamp(square.top, 0, picture.height - side);
  const image = await cut(picture, { left, top, width: side, height: side }, 128, 128);
  const { output = new Float32Array() } = await model(toPlanes(image, { order: 'bgr' }));
  return softmax(output)[0] ?? 0;
}

function softmax(values: Float32Array): number[] {
  const most = Math.max(...values);
  const powers = Array.from(values, (value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
