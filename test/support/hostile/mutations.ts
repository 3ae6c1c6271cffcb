import sharp, { type Sharp } from 'sharp';
import { pick, seededDice, type Dice } from '../specimens/dice.ts';

/** A valid picture that mutations are made of: small, because decoders fail in their headers and tables, not in pixels. */
export type Seedling = { readonly format: string; readonly bytes: Buffer };

export type Mutation = { readonly kind: string; readonly format: string; readonly bytes: Buffer };

/** Sides in pixels; a decoder for mutations has to take pictures that small. */
export const seedlingSide = 48;

const formats: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  jpeg: (picture) => picture.withMetadata({ orientation: 6 }).jpeg(),
  'progressive jpeg': (picture) => picture.jpeg({ progressive: true }),
  png: (picture) => picture.png(),
  'interlaced png': (picture) => picture.png({ progressive: true, palette: true }),
  webp: (picture) => picture.webp(),
  'lossless webp': (picture) => picture.withMetadata().webp({ lossless: true }),
  avif: (picture) => picture.avif({ effort: 0 }),
};

export async function seedlings(): Promise<Seedling[]> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const create = {
    width: seedlingSide,
    height: seedlingSide,
    channels: 3,
    background: '#6b8fb5',
    noise,
  } as const;
  const picture = await sharp({ create }).png().toBuffer();
  return Promise.all(
    Object.entries(formats).map(async ([format, encode]) => ({
      format,
      bytes: await encode(sharp(picture)).toBuffer(),
    })),
  );
}

type Change = (bytes: Buffer, dice: Dice, other: Buffer) => Buffer;

/** Where headers and tables are; twice as often as elsewhere. */
const place = (bytes: Buffer, dice: Dice): number =>
  dice.int(2) === 0 ? dice.int(Math.min(bytes.length, 600)) : dice.int(bytes.length);

const upTo = (dice: Dice, most: number): number => 1 + dice.int(most);
const edgeValues = [0, 1, 0x7f, 0x80, 0xff] as const;

const changes: Readonly<Record<string, Change>> = {
  'flipped bits': (bytes, dice) => {
    const changed = Buffer.from(bytes);
    for (let times = upTo(dice, 16); times > 0; times--) {
      const at = place(bytes, dice);
      changed[at] = (changed[at] ?? 0) ^ (1 << dice.int(8));
    }
    return changed;
  },
  'other bytes': (bytes, dice) => {
    const changed = Buffer.from(bytes);
    for (let times = upTo(dice, 8); times > 0; times--) changed[place(bytes, dice)] = dice.int(256);
    return changed;
  },
  'extreme lengths': (bytes, dice) => {
    const changed = Buffer.from(bytes);
    const at = place(bytes, dice);
    return changed.fill(pick(dice, edgeValues), at, at + pick(dice, [1, 2, 4, 8]));
  },
  'cut off': (bytes, dice) => bytes.subarray(0, dice.int(bytes.length)),
  'a part missing': (bytes, dice) => {
    const at = place(bytes, dice);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + upTo(dice, 64))]);
  },
  'a part twice': (bytes, dice) => {
    const at = place(bytes, dice);
    const part = bytes.subarray(at, at + upTo(dice, 256));
    const copies = Array.from({ length: upTo(dice, 20) }, () => part);
    return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]);
  },
  spliced: (bytes, dice, other) =>
    Buffer.concat([bytes.subarray(0, place(bytes, dice)), other.subarray(place(other, dice))]),
  'a piece of another': (bytes, dice, other) => {
    const changed = Buffer.from(bytes);
    const from = place(other, dice);
    other.copy(changed, place(bytes, dice), from, from + upTo(dice, 128));
    return changed;
  },
};

/** The mutation of that number: the same bytes each time, for the same seedlings. */
export function mutate(from: readonly Seedling[], number: number): Mutation {
  const dice = seededDice(number);
  const { format, bytes } = pick(dice, from);
  const [kind, change] = pick(dice, Object.entries(changes));
  return { kind, format, bytes: change(bytes, dice, pick(dice, from).bytes) };
}
