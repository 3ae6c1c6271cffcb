import { describe, expect, it } from 'vitest';
import { powerSpectrum } from '../../../src/providers/recognition/spectrum.ts';

const side = 64;
/** A pattern with so many waves across and down. */
const waves = (across: number, down: number, amplitude = 10) =>
  Float64Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return 100 + amplitude * Math.cos((2 * Math.PI * (across * x + down * y)) / side);
  });

describe('the power spectrum', () => {
  it.each([
    [5, 0],
    [0, 9],
    [12, 7],
    [30, 31],
  ])('has its peak where the waves are: %i across, %i down', (across, down) => {
    const power = powerSpectrum(waves(across, down), side);
    const peak = power.indexOf(Math.max(...power));
    const [x, y] = [peak % side, Math.floor(peak / side)];
    expect([
      [across, down],
      [(side - across) % side, (side - down) % side],
    ]).toContainEqual([x, y]);
    // Amplitude times half the sum of the window, squared.
    expect(power[peak]).toBeCloseTo(((10 / 2) * (side / 2) ** 2) ** 2, -3);
  });

  it('is nought for an even surface', () => {
    expect(Math.max(...powerSpectrum(waves(3, 3, 0), side))).toBeLessThan(1e-9);
  });
});
