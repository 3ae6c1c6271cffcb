import type { Raster } from '../faces/warp.ts';
import { seededDice, type Dice } from './dice.ts';

/** A blown-out spot: centre and radius in shares of width and height, brightness added in its middle, 0–255. */
export type Spot = {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly strength: number;
};

export type Light = {
  /** Factor of all brightness. */
  readonly exposure: number;
  /** How much darker the far corner is, 0–1, and from where the light comes, in radians. */
  readonly fall: number;
  readonly from: number;
  readonly spots: readonly Spot[];
  /** Factors of red, green and blue. */
  readonly tint: readonly [number, number, number];
  /** Standard deviation of the sensor's noise, in levels of 256. */
  readonly noise: number;
};

/** Changes the picture in place: uneven light, spots, tint, noise. */
export function lit({ data, width, height }: Raster, light: Light, dice: Dice): void {
  const noise = noiseTable(light.noise, dice);
  const [cos, sin] = [Math.cos(light.from), Math.sin(light.from)];
  let random = dice.int(2 ** 31);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const down = y / height;
    for (let x = 0; x < width; x++) {
      const across = x / width;
      const shade = light.exposure * (1 - light.fall * (0.5 + (across - 0.5) * cos + (down - 0.5) * sin));
      const added = light.spots.length > 0 ? shine(light.spots, across, down, height / width) : 0;
      for (let channel = 0; channel < 3; channel++, at++) {
        random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
        const value = data[at]! * shade * light.tint[channel]! + added + noise[random >>> 20]!;
        data[at] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
}

function shine(spots: readonly Spot[], across: number, down: number, ratio: number): number {
  let sum = 0;
  for (const { x, y, radius, strength } of spots) {
    const distance = ((across - x) ** 2 + ((down - y) * ratio) ** 2) / radius ** 2;
    // Flat in the middle with a soft edge, as a lamp reflected by lamination.
    if (distance < 25) sum += strength / (1 + distance ** 3);
  }
  return sum;
}

/** 4096 throws of a normal distribution (sum of twelve), to be picked from by twelve random bits. */
function noiseTable(sigma: number, dice: Dice): Float32Array {
  const throws = seededDice(dice.int(2 ** 31));
  return Float32Array.from({ length: 4096 }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += throws.int(1024) / 1024;
    return sum * sigma;
  });
}

/** The document as a screen shows it: coloured stripes and rows whose pitch is near that of the camera's pixels. */
export function onScreen({ data, width, height }: Raster, pitch: number): void {
  const stripe = (2 * Math.PI) / pitch;
  const row = (2 * Math.PI) / (pitch * 0.47);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const rows = 0.88 + 0.12 * Math.cos(y * row);
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++, at++) {
        data[at] = data[at]! * rows * (0.8 + 0.2 * Math.cos(x * stripe + (channel * 2 * Math.PI) / 3));
      }
    }
  }
}
