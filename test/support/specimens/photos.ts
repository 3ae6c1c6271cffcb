import sharp from 'sharp';
import { idCardFront, type DocumentOptions } from './cards.ts';
import { jpeg, mark } from './drawing.ts';
import { portrait } from './face.ts';
import { stamped } from './fake-code.ts';
import type { SpecimenPerson } from './people.ts';

/** A person before a plain wall. */
export function selfie(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const picture = jpeg(960, 1280, [
    wall,
    portrait({ left: 0, top: 40, width: 960, height: 1240 }, person.number, options.portrait),
    mark(960),
  ]);
  return stamped(picture, options.qr);
}

const wall = '<rect width="960" height="1280" fill="#c9d3cf"/>';

export type HandHeldOptions = DocumentOptions & {
  /** The card that is held up; the front of the person's identity card without it. */
  card?: Buffer;
};

/** The person holding a card; the portrait of the card is the same person unless `card` is another's. */
export async function handHeld(person: SpecimenPerson, options: HandHeldOptions = {}): Promise<Buffer> {
  const { portrait: picture, qr } = options;
  const front = options.card ?? (await idCardFront(person, picture ? { portrait: picture } : {}));
  const card = await sharp(front).resize(520).toBuffer();
  const standing = await jpeg(960, 1280, [
    wall,
    '<rect x="160" y="870" width="640" height="410" fill="#42566b"/>',
    portrait({ left: 160, top: 80, width: 640, height: 800 }, person.number, picture),
    mark(960),
  ]);
  const held = sharp(standing).composite([
    { input: card, left: 220, top: 880 },
    { input: fingers, left: 190, top: 860 },
  ]);
  return stamped(held.jpeg({ quality: 88 }).toBuffer(), qr);
}

/** Thumbs over the edges of a card of 520 px, where it has no field. */
const fingers = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="580" height="400"><g fill="#dfb594" stroke="#b98a68" stroke-width="2">
    <ellipse cx="22" cy="262" rx="42" ry="20" transform="rotate(-14 22 262)"/>
    <ellipse cx="558" cy="262" rx="42" ry="20" transform="rotate(14 558 262)"/></g></svg>`,
);

/** The same picture with the given longest side and noise, as large as a phone makes it (12 MP: 4032). */
export async function enlarge(picture: Buffer, longest = 4032): Promise<Buffer> {
  const resized = sharp(picture).resize(longest, longest, { fit: 'inside', kernel: 'cubic' });
  const { data, info } = await resized.toBuffer({ resolveWithObject: true });
  const grain = await sharp({
    create: {
      width: info.width,
      height: info.height,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 12 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(data)
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** The picture stored lying on its side, with the EXIF orientation that turns it upright again. */
export function turnedByExif(picture: Buffer): Promise<Buffer> {
  return sharp(picture).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 88 }).toBuffer();
}

/** The picture with camera and GPS metadata: 39°54′ N, 116°23′ E. */
export function withGps(picture: Buffer): Promise<Buffer> {
  return sharp(picture)
    .withExif({
      IFD0: { Make: 'SpecimenPhone', Model: 'S1', Copyright: 'gps-specimen-owner' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '39/1 54/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '116/1 23/1 0/1',
      },
    })
    .jpeg({ quality: 88 })
    .toBuffer();
}
