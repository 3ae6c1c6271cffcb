import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapped, width } from '../../../src/providers/recognition/geometry.ts';
import { keptApart } from '../../../src/providers/recognition/overlaps.ts';
import type { Point, Quad } from '../../../src/verification/recogniser.ts';

const rectangle = (left: number, top: number, right: number, bottom: number): Quad => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
const turnedBy = (degrees: number) => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return ([x, y]: Point): Point => [x * cos - y * sin, x * sin + y * cos];
};
const label = rectangle(100, 100, 180, 140);
const value = rectangle(165, 98, 700, 142);

describe('boxes of text on one line', () => {
  it('end where a shorter one begins, at any angle', () => {
    fc.assert(
      fc.property(fc.integer({ min: -180, max: 180 }), (degrees) => {
        const [first, second] = keptApart([label, value].map((quad) => mapped(quad, turnedBy(degrees))));
        expect(width(first as Quad)).toBeCloseTo(80, 6);
        // From the end of the label on, and a little of the gap behind it.
        expect(width(second as Quad)).toBeCloseTo(700 - 180 - 0.2 * 44, 6);
      }),
    );
  });

  it('lose nothing but the overlap where neither is a label', () => {
    const ending = rectangle(690, 100, 900, 140);
    expect(keptApart([value, ending])).toEqual([rectangle(165, 98, 690, 142), ending]);
  });

  it.each([
    ['beside each other', rectangle(180, 98, 700, 142)],
    ['on the next line', rectangle(165, 135, 700, 178)],
    ['one text found twice', rectangle(100, 100, 700, 140)],
  ])('stay as they are: %s', (_, other) => {
    expect(keptApart([label, other])).toEqual([label, other]);
  });
});
