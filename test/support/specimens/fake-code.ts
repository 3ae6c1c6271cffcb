import sharp from 'sharp';
import { tellingCode } from '../../../src/testkit/picture-code.ts';

/**
 * The picture with a code that tells the fake recogniser its outcome, on a white strip along its right edge, so that no
 * field is covered. Stamp it last: a distorted code may not be read.
 */
export async function withFakeCode(picture: Buffer, outcome: unknown): Promise<Buffer> {
  const { svg, side } = tellingCode(outcome);
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  return sharp(picture)
    .extend({ right: side, bottom: Math.max(0, side - height), background: '#fff' })
    .composite([{ input: await sharp(Buffer.from(svg)).png().toBuffer(), left: width, top: 0 }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Whatever picture a function draws, with the code when an outcome is given. */
export async function stamped(picture: Promise<Buffer>, outcome: unknown): Promise<Buffer> {
  return outcome === undefined ? picture : withFakeCode(await picture, outcome);
}
