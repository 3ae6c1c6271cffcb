import sharp, { type Sharp } from 'sharp';
import { seededDice } from '../specimens.ts';

export const MB = 2 ** 20;
export const GB = 1000 * MB;

/** A picture with something to see, of the least side that is taken. */
export const still = (side = 420): Sharp =>
  sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: '#6b8fb5',
      noise: { type: 'gaussian', mean: 128, sigma: 20 },
    },
  });
export const blank = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#7fa0c0' }, limitInputPixels: false });
export const jpeg = (): Promise<Buffer> => still().jpeg({ quality: 60 }).toBuffer();
export const pngOf = (): Promise<Buffer> => still().png().toBuffer();
export const webp = (): Promise<Buffer> => still().webp().toBuffer();
export const avif = (): Promise<Buffer> => still().avif({ effort: 0 }).toBuffer();
export const noise = (bytes: number): Buffer => {
  const dice = seededDice(7);
  const block = Buffer.from(Array.from({ length: 65_536 }, () => dice.int(256)));
  return Buffer.alloc(bytes, block);
};
export const behind = async (picture: Promise<Buffer>, tail: string | Buffer): Promise<Buffer> =>
  Buffer.concat([await picture, Buffer.from(tail as string)]);
export const begun = (start: string, length: number): Buffer =>
  Buffer.concat([Buffer.from(start, 'latin1'), noise(length)]);
export const cut = async (picture: Promise<Buffer>, share: number): Promise<Buffer> => {
  const whole = await picture;
  return whole.subarray(0, Math.floor(whole.length * share));
};
export const laughs = (name: string): string =>
  `<!DOCTYPE x [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n};&a${n};">`).join('')}]><${name}>&a30;</${name}>`;

/** Sides of a lossless WebP, less one, 14 bits each behind its signature (RFC 9649, section 3.4). */
export function withLosslessSides(picture: Buffer, side: number): Buffer {
  const at = picture.indexOf('VP8L') + 9;
  const changed = Buffer.from(picture);
  const rest = changed.readUInt32LE(at) & ~0xfffffff;
  changed.writeUInt32LE((rest | ((side - 1) << 14) | (side - 1)) >>> 0, at);
  return changed;
}

/** Sides of an AVIF in its `ispe` box (ISO/IEC 23008-12, 6.5.3). */
export function withExtent(picture: Buffer, side: number): Buffer {
  const at = picture.indexOf('ispe') + 8;
  const changed = Buffer.from(picture);
  changed.writeUInt32BE(side, at);
  changed.writeUInt32BE(side, at + 4);
  return changed;
}

export async function twoFrames(): Promise<Buffer> {
  const frames = await Promise.all([blank(420, 420).png().toBuffer(), still().png().toBuffer()]);
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
}

export function withoutAnimationBit(picture: Buffer): Buffer {
  const changed = Buffer.from(picture);
  changed[20] = (changed[20] ?? 0) & ~0x02;
  return changed;
}
