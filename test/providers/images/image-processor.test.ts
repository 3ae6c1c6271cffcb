import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import { createImageProcessor } from '../../../src/providers/images/image-processor.ts';
import { imageLimits, sniffImage, type ImageProcessor } from '../../../src/verification/images.ts';
import { enlarge, idCardFront, specimenPerson, turnedByExif, withGps } from '../../support/specimens.ts';

const person = specimenPerson();
let images: ImageProcessor;
let card: Buffer;

beforeAll(async () => {
  images = createImageProcessor({ limits: imageLimits, log: silentLog });
  card = await idCardFront(person);
});
afterAll(() => images.close());

/** The whole intake: what the content is, then what decoding says. */
async function intake(bytes: Buffer) {
  const sniffed = sniffImage(bytes);
  return sniffed.ok ? images.normalise(bytes) : sniffed;
}

describe('a picture that is taken', () => {
  it('becomes a plain JPEG of at most 2400 pixels', async () => {
    const large = await enlarge(card);
    const result = await intake(large);
    if (!result.ok || !('jpeg' in result)) throw new Error('refused');
    const metadata = await sharp(result.jpeg).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', width: 2400, height: 1515 });
    expect(result).toMatchObject({ width: 2400, height: 1515 });
    expect((await sharp(result.thumbnail).metadata()).width).toBe(480);
  });

  it.each(['png', 'webp', 'avif'] as const)('may be %s', async (format) => {
    const result = await intake(await sharp(card).toFormat(format).toBuffer());
    expect(result).toMatchObject({ ok: true, width: 1280 });
  });

  it('is turned upright by its EXIF orientation', async () => {
    const result = await intake(await turnedByExif(card));
    if (!result.ok || !('jpeg' in result)) throw new Error('refused');
    expect(result).toMatchObject({ width: 1280, height: 808 });
    const [turned, straight] = await Promise.all(
      [result.jpeg, card].map((picture) =>
        sharp(picture).resize(16, 10, { fit: 'fill' }).greyscale().raw().toBuffer(),
      ),
    );
    const difference = [...(turned as Buffer)].reduce(
      (sum, v, i) => sum + Math.abs(v - (straight as Buffer)[i]!),
      0,
    );
    expect(difference / 160).toBeLessThan(6);
  });

  it('loses place, camera, owner, profile and every other metadata', async () => {
    const tagged = await withGps(card);
    expect(tagged.includes('gps-specimen-owner')).toBe(true);
    const result = await intake(tagged);
    if (!result.ok || !('jpeg' in result)) throw new Error('refused');
    const metadata = await sharp(result.jpeg).metadata();
    for (const key of ['exif', 'xmp', 'iptc', 'icc', 'orientation', 'comments'] as const) {
      expect(metadata[key]).toBeUndefined();
    }
    for (const trace of ['gps-specimen-owner', 'SpecimenPhone', 'Exif', 'GPS']) {
      expect(result.jpeg.includes(trace)).toBe(false);
      expect(result.thumbnail.includes(trace)).toBe(false);
    }
  });

  it('loses what was hidden behind its end', async () => {
    const polyglot = Buffer.concat([
      card,
      Buffer.from('PK\x03\x04<script>alert(1)</script><?php evil(); ?>'),
    ]);
    const result = await intake(polyglot);
    if (!result.ok || !('jpeg' in result)) throw new Error('refused');
    for (const trace of ['script', 'php', 'PK\x03\x04']) expect(result.jpeg.includes(trace)).toBe(false);
  });

  it('shows white where it was transparent', async () => {
    const clear = await sharp({ create: { width: 500, height: 500, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    const result = await intake(clear);
    if (!result.ok || !('jpeg' in result)) throw new Error('refused');
    expect((await sharp(result.jpeg).stats()).channels[0]?.min).toBeGreaterThan(250);
  });
});

describe('a picture that is refused', () => {
  const heif = (brand: string) =>
    Buffer.concat([Buffer.of(0, 0, 0, 24), Buffer.from(`ftyp${brand}\0\0\0\0mif1heic`)]);
  const cases: [string, () => Buffer | Promise<Buffer>, string][] = [
    ['nothing', () => Buffer.alloc(0), 'empty'],
    ['too many bytes', () => Buffer.concat([card, Buffer.alloc(imageLimits.maxBytes)]), 'too_large'],
    ['HEIC', () => heif('heic'), 'heic'],
    ['HEIC of the brand mif1', () => heif('mif1'), 'heic'],
    ['an AVIF sequence', () => heif('avis'), 'animated'],
    ['PDF', () => Buffer.from('%PDF-1.7\n1 0 obj'), 'pdf'],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800"/>'), 'svg'],
    ['SVG behind an XML declaration', () => Buffer.from('<?xml version="1.0"?><svg/>'), 'svg'],
    ['GIF', () => sharp(card).gif().toBuffer(), 'animated'],
    ['TIFF', () => sharp(card).tiff().toBuffer(), 'unsupported'],
    ['a page of HTML', () => Buffer.from('<!doctype html><p>hello'), 'unsupported'],
    ['an executable', () => Buffer.from('\x7fELF\x02\x01\x01'), 'unsupported'],
    ['a tiny picture', () => sharp(card).resize(300).toBuffer(), 'too_small'],
    ['a truncated JPEG', () => card.subarray(0, card.length / 2), 'unreadable'],
    ['a JPEG of three bytes', () => Buffer.of(0xff, 0xd8, 0xff), 'unreadable'],
    [
      'noise that begins like a JPEG',
      () => Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(5000, 7)]),
      'unreadable',
    ],
    [
      'an SVG that begins like a JPEG',
      () => Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.from('<svg/>')]),
      'unreadable',
    ],
    ['an HEVC still under the brand avif', () => heif('avif'), 'unreadable'],
    ['an animated WebP', () => animatedWebp(), 'animated'],
    ['an animated PNG', () => animatedPng(), 'animated'],
    ['a bomb: 40,000 × 40,000 pixels in a few bytes', () => bomb(40_000), 'too_many_pixels'],
    ['a bomb just above the limit', () => bomb(7_100), 'too_many_pixels'],
  ];
  it.each(cases)('%s', async (_name, make, reason) => {
    expect(await intake(await make())).toMatchObject({ ok: false, reason });
  });
});

describe('the decoder', () => {
  it('goes on after a picture that ended its process', async () => {
    const strict = createImageProcessor({ limits: imageLimits, log: silentLog, timeoutMs: 1 });
    expect(await strict.normalise(card)).toMatchObject({ ok: false, reason: 'unreadable' });
    await strict.close();
    expect(await images.normalise(card)).toMatchObject({ ok: true });
  });

  it('answers busy instead of piling up', async () => {
    const narrow = createImageProcessor({ limits: imageLimits, log: silentLog, queueLength: 2 });
    const results = await Promise.all(Array.from({ length: 6 }, () => narrow.normalise(card)));
    const reasons = results.map((result) => (result.ok ? 'ok' : result.reason)).sort();
    expect(reasons).toEqual(['busy', 'busy', 'busy', 'ok', 'ok', 'ok']);
    await narrow.close();
  });

  it('answers those who wait when it is closed', async () => {
    const closing = createImageProcessor({ limits: imageLimits, log: silentLog });
    const waiting = [closing.normalise(card), closing.normalise(card)];
    await closing.close();
    for (const result of await Promise.all(waiting))
      expect(result).toMatchObject({ ok: false, reason: 'busy' });
  });
});

async function animatedWebp(): Promise<Buffer> {
  const frame = (colour: string) => ({
    create: { width: 500, height: 500, channels: 3 as const, background: colour },
  });
  const frames = await Promise.all(['#f00', '#00f'].map((colour) => sharp(frame(colour)).png().toBuffer()));
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
}

async function animatedPng(): Promise<Buffer> {
  const still = await sharp(card).png().toBuffer();
  const control = chunk('acTL', Buffer.of(0, 0, 0, 2, 0, 0, 0, 0));
  return Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]);
}

/** A PNG whose pixels are all zero: enormous when decoded, tiny on the wire. */
function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(Math.min(side, 8000) * (1 + Math.ceil(side / 8))));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
