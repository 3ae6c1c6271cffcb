import type { Point } from '../../../verification/recogniser.ts';
import type { FivePoints } from './landmarks.ts';

/**
 * A head, in units of the distance between the eyes: the tip of the nose stands this far before the plane through eyes
 * and mouth, over the point that lies this share of the way from the eyes to the mouth, which are this far apart.
 */
const nose = { depth: 0.42, foot: 0.56 } as const;
const eyesToMouth = 0.95;

/**
 * Yaw and pitch in degrees; positive when the nose points to the right of the picture, and up.
 *
 * Measured is how far the tip of the nose has left its place on the plane of the face, in that plane's own directions.
 * Moving, scaling, tilting or squeezing a flat picture moves plane and nose alike and changes neither angle; only a nose
 * that really stands out does (decision 0074). Pitch is rough, because the foot of the nose differs between people.
 */
export function poseOf([leftEye, rightEye, tip, leftMouth, rightMouth]: FivePoints): {
  readonly yaw: number;
  readonly pitch: number;
} {
  const eyes = middle(leftEye, rightEye);
  const mouth = middle(leftMouth, rightMouth);
  const across: Point = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]];
  const down: Point = [mouth[0] - eyes[0], mouth[1] - eyes[1]];
  const offset: Point = [tip[0] - eyes[0] - down[0] * nose.foot, tip[1] - eyes[1] - down[1] * nose.foot];
  const determinant = cross(across, down);
  if (determinant === 0) return { yaw: 0, pitch: 0 };
  // `offset` written as a multiple of each of the two directions.
  const sideways = cross(offset, down) / determinant;
  const downwards = cross(across, offset) / determinant;
  return {
    yaw: degrees(Math.atan(sideways / nose.depth)),
    pitch: degrees(Math.atan((-downwards * eyesToMouth) / nose.depth)),
  };
}

function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function cross(a: Point, b: Point): number {
  return a[0] * b[1] - a[1] * b[0];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
