import { describe, expect, it } from 'vitest';
import { ratesAt, readPairs } from '../../bench/face-rates.ts';

describe('the calibration of faces', () => {
  const pairs = [
    { same: true, likeness: 0.7 },
    { same: true, likeness: 0.4 },
    { same: true, likeness: undefined },
    { same: false, likeness: 0.45 },
    { same: false, likeness: 0.1 },
    { same: false, likeness: undefined },
    { same: false, likeness: -0.2 },
  ];

  it('counts a face that was not found as one that does not pass', () => {
    expect(ratesAt(pairs, 0.45)).toMatchObject({ trueAccepts: 1 / 3, falseAccepts: 1 / 4 });
    expect(ratesAt(pairs, 0.5)).toMatchObject({ trueAccepts: 1 / 3, falseAccepts: 0 });
    expect(ratesAt(pairs, -1)).toMatchObject({ trueAccepts: 2 / 3, falseAccepts: 3 / 4 });
  });

  it('says how little no false match among few pairs means', () => {
    const strangers = (count: number) => Array.from({ length: count }, () => ({ same: false, likeness: 0 }));
    expect(ratesAt(strangers(10), 0.45).atMost).toBeGreaterThan(0.2);
    expect(ratesAt(strangers(1000), 0.45).atMost).toBeCloseTo(0.0027, 4);
    expect(ratesAt([], 0.45).atMost).toBe(1);
  });

  it('reads pairs, and names the line that is none', () => {
    const read = readPairs('# portraits\n a.jpg , b.jpg,1\r\n\nc.jpg,d.jpg,0\n');
    expect(read).toEqual([
      { paths: ['a.jpg', 'b.jpg'], same: true },
      { paths: ['c.jpg', 'd.jpg'], same: false },
    ]);
    expect(() => readPairs('a.jpg,b.jpg,1\na.jpg,b.jpg,yes')).toThrow('line 2');
    expect(() => readPairs('a.jpg,1')).toThrow('line 1');
  });
});
