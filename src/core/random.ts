import { randomBytes, randomInt } from 'node:crypto';

export type Random = {
  bytes(length: number): Buffer;
  /** A uniformly distributed integer in `[0, max)`. */
  int(max: number): number;
};

export const systemRandom: Random = { bytes: randomBytes, int: (max) => randomInt(max) };

/** `length` decimal digits, leading zeros kept; for one-time codes. */
export function randomDigits(random: Random, length: number): string {
  return String(random.int(10 ** length)).padStart(length, '0');
}

/** An unguessable base64url token of `bytes` bytes of entropy. */
export function randomToken(random: Random, bytes = 32): string {
  return random.bytes(bytes).toString('base64url');
}
