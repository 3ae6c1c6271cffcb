import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, mostlyInside, suppress } from '../../../src/providers/recognition/faces/candidates.ts';
import { loadModel } from '../../../src/providers/recognition/faces/models.ts';
import { openModel } from '../../../src/providers/recognition/models.ts';
import { poseOf } from '../../../src/providers/recognition/faces/pose.ts';
import type { FivePoints } from '../../../src/providers/recognition/faces/landmarks.ts';

const box = (left: number, top: number, width: number, height = width) => ({ left, top, width, height });

describe('candidates of faces', () => {
  it('come out once each, the likeliest box, likeliest first', () => {
    const shifted = { box: box(105, 100, 100), score: 0.8 };
    const best = { box: box(100, 100, 100), score: 0.99 };
    const apart = { box: box(300, 100, 30), score: 0.9 };
    expect(suppress([shifted, apart, best])).toEqual([best, apart]);
  });

  it('do not include a part of a face beside the face', () => {
    const face = { box: box(100, 100, 200), score: 0.9 };
    const mouth = { box: box(180, 230, 40), score: 0.7 };
    expect(suppress([mouth, face])).toEqual([face]);
    expect(mostlyInside(mouth.box, face.box)).toBe(true);
    expect(mostlyInside(face.box, mouth.box)).toBe(false);
  });

  it('never overlap much, and lose nothing that stands alone', () => {
    const places = fc.array(fc.record({ x: fc.nat(400), side: fc.integer({ min: 10, max: 120 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(places, (all) => {
        const candidates = all.map(({ x, side }, at) => ({ box: box(x, 0, side), score: 1 - at / 100 }));
        const kept = suppress([{ box: box(1000, 0, 50), score: 0.1 }, ...candidates]);
        expect(kept.at(-1)?.box.left).toBe(1000);
        for (const one of kept) {
          for (const other of kept) expect(one !== other && mostlyInside(one.box, other.box)).toBe(false);
        }
      }),
    );
  });

  it('are placed in the picture that the window was taken from', () => {
    const corners = Float32Array.of(0.25, 0.5, 0.5, 0.75);
    const placed = boxOf(corners, { width: 320, height: 240 }, { left: 100, top: 10, scale: 2 });
    expect(placed).toEqual({ left: 260, top: 250, width: 160, height: 120 });
  });
});

describe('the pose of a face', () => {
  const face: FivePoints = [
    [-1, 0],
    [1, 0],
    [0.02, 1.05],
    [-0.8, 1.9],
    [0.8, 1.9],
  ];
  /** The face as a flat picture, moved and squeezed by any affine map that does not mirror it. */
  const held = (a: number, b: number, c: number, d: number, e: number, f: number): FivePoints => {
    const move = ([x, y]: FivePoints[number]) => [a * x + b * y + e, c * x + d * y + f] as const;
    return [move(face[0]), move(face[1]), move(face[2]), move(face[3]), move(face[4])];
  };

  it('does not change with how a flat picture is held', () => {
    const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const maps = fc.tuple(
      within(20, 90),
      within(-15, 15),
      within(-15, 15),
      within(20, 90),
      within(-500, 500),
      within(-500, 500),
    );
    const { yaw, pitch } = poseOf(face);
    fc.assert(
      fc.property(maps, (map) => {
        expect(poseOf(held(...map)).yaw).toBeCloseTo(yaw, 6);
        expect(poseOf(held(...map)).pitch).toBeCloseTo(pitch, 6);
      }),
    );
  });

  it('follows a nose that stands out, with the sign of its side', () => {
    const [leftEye, rightEye, , leftMouth, rightMouth] = face;
    const withNose = (x: number, y: number) => poseOf([leftEye, rightEye, [x, y], leftMouth, rightMouth]);
    expect(withNose(0.4, 1.05).yaw).toBeGreaterThan(20);
    expect(withNose(-0.4, 1.05).yaw).toBeLessThan(-20);
    expect(withNose(0, 0.8).pitch).toBeGreaterThan(withNose(0, 1.05).pitch);
  });

  it('of points that fall together is none, and no error', () => {
    const point = [3, 3] as const;
    expect(poseOf([point, point, point, point, point])).toEqual({ yaw: 0, pitch: 0 });
  });
});

describe('the models', () => {
  it('are refused when the file is another one', async () => {
    const path = fileURLToPath(import.meta.url);
    await expect(openModel({ path, sha256: 'f'.repeat(64) })).rejects.toThrow(`${path} is not the expected`);
  });

  it('answer with the shapes that the engine counts on', async () => {
    const eye = await loadModel('eye');
    expect((await eye(new Float32Array(24 * 24)))['output']).toHaveLength(2);
  });
});
