import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  distort,
  idCardFront,
  seededDice,
  selfie,
  snapshot,
  specimenPerson,
  type Distortion,
} from '../specimens.ts';

const person = specimenPerson({}, seededDice(11));

describe('photographs of specimens', () => {
  let card: Buffer;
  beforeAll(async () => {
    card = await idCardFront(person);
  });

  /** Luminance of a small version, row by row. */
  const small = (picture: Buffer) =>
    sharp(picture).resize(64, 48, { fit: 'fill' }).greyscale().raw().toBuffer();
  const brightness = async (picture: Buffer) => (await sharp(picture).greyscale().stats()).channels[0]!.mean;
  /** Variance of the Laplacian: how much fine detail there is. */
  const detail = async (picture: Buffer) => {
    const laplacian = { width: 3, height: 3, kernel: [0, -1, 0, -1, 4, -1, 0, -1, 0] };
    return (await sharp(picture).greyscale().convolve(laplacian).stats()).channels[0]!.stdev;
  };

  it.each(['L1', 'L3', 'turned90', 'screen', 'photocopy'] as const)(
    '%s is the same again for the same seed',
    async (distortion) => {
      const [first, again] = await Promise.all([1, 1].map((seed) => distort(card, distortion, seed)));
      expect(first!.equals(again!)).toBe(true);
    },
  );

  it('differ from seed to seed', async () => {
    const taken = await Promise.all([1, 2, 3].map((seed) => distort(card, 'L2', seed)));
    expect(new Set(taken.map((one) => one.toString('base64'))).size).toBe(3);
  });

  it('show the document in the middle and, taken by hand, a table around it', async () => {
    const [scan, hard] = [
      await small(await distort(card, 'L1', 3)),
      await small(await distort(card, 'L3', 3)),
    ];
    const middle = 20 * 64 + 30;
    expect(scan[middle]).toBeGreaterThan(150);
    expect(hard[middle]).toBeGreaterThan(150);
    expect(scan[0]).toBeGreaterThan(220);
    expect(hard[0]).toBeLessThan(200);
  });

  it('are dark, blurred, turned, large, colourless when asked to be', async () => {
    const taken = (distortion: Distortion) => distort(card, distortion, 4);
    const phone = await taken('L2');
    expect(await brightness(await taken('dark'))).toBeLessThan((await brightness(phone)) / 5);
    expect(await detail(await taken('blurred'))).toBeLessThan(await detail(phone));
    const [turned, large] = await Promise.all(
      [taken('turned90'), taken('large')].map(async (one) => sharp(await one).metadata()),
    );
    expect([turned!.width, turned!.height]).toEqual([1200, 1600]);
    expect(large!.width * large!.height).toBeGreaterThan(12_000_000);
    const { channels } = await sharp(await taken('photocopy')).stats();
    expect(Math.abs(channels[0]!.mean - channels[2]!.mean)).toBeLessThan(1);
  });

  it('leave the geometry of a face alone', async () => {
    const face = await selfie(person);
    const taken = await snapshot(face, 'L3', 1);
    expect(taken.equals(await snapshot(face, 'L3', 1))).toBe(true);
    const [before, after] = [await small(face), await small(taken)];
    const difference =
      before.reduce((sum, value, at) => sum + Math.abs(value - after[at]!), 0) / before.length;
    expect(difference).toBeGreaterThan(2);
    expect(difference).toBeLessThan(60);
  });
});
