import type { Box, Point } from '../../../verification/recogniser.ts';
import type { Model } from './models.ts';
import { cut, squareAround, toPlanes, type Pixels } from './pixels.ts';

/** Pixels on a side of what the model takes: grey, value / 256. */
const side = 64;

/**
 * The 68 points of the usual scheme, in pixels of the picture: 36–41 and 42–47 go round the eyes (the one on the left of
 * the picture first), 30 is the tip of the nose, 48–67 go round the mouth, 8 is the chin.
 */
export async function findLandmarks(model: Model, picture: Pixels, box: Box): Promise<Point[]> {
  // The model was made for squares of the height of the box.
  const area = squareAround(box, box.height);
  const image = await cut(picture, area, side, side, 'grey');
  const { output = new Float32Array() } = await model(toPlanes(image, { deviation: [256] }));
  return Array.from({ length: output.length / 2 }, (_, at): Point => [
    area.left + (output[at * 2] ?? 0) * area.width,
    area.top + (output[at * 2 + 1] ?? 0) * area.height,
  ]);
}

export type FivePoints = readonly [
  leftEye: Point,
  rightEye: Point,
  nose: Point,
  leftMouth: Point,
  rightMouth: Point,
];

/** Left and right as they are in the picture. */
export function fivePoints(landmarks: readonly Point[]): FivePoints {
  return [
    centre(landmarks, [37, 38, 40, 41]),
    centre(landmarks, [43, 44, 46, 47]),
    centre(landmarks, [30]),
    centre(landmarks, [48, 60]),
    centre(landmarks, [54, 64]),
  ];
}

export function centre(landmarks: readonly Point[], indices: readonly number[]): Point {
  const points = indices.map((index) => landmarks[index] ?? [0, 0]);
  const sum = points.reduce<Point>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
