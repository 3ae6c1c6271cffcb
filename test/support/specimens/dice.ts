import { systemRandom, type Random } from '../../../src/core/random.ts';

/** Where specimens take their chances from: the system, or a seed where a picture has to come out the same again. */
export type Dice = Pick<Random, 'int'>;

export const systemDice: Dice = systemRandom;

/** The same throws for the same seed (mulberry32). */
export function seededDice(seed: number): Dice {
  let state = seed >>> 0;
  return {
    int(max) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * max);
    },
  };
}

export const pick = <T>(dice: Dice, values: readonly T[]): T => values[dice.int(values.length)] as T;
export const digits = (dice: Dice, count: number): string =>
  Array.from({ length: count }, () => dice.int(10)).join('');
/** A number in `[low, high)`, in steps of a thousandth of the range. */
export const between = (dice: Dice, low: number, high: number): number =>
  low + ((high - low) * dice.int(1000)) / 1000;
