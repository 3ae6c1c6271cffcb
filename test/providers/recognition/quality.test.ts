import sharp from 'sharp';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { measureQuality } from '../../../src/providers/recognition/quality.ts';
import { decodeRaster } from '../../../src/providers/recognition/raster.ts';
import type { PictureQuality, Quad } from '../../../src/verification/recogniser.ts';
import { portrait } from '../../support/faces.ts';
import { businessLicence, idCardFront, specimenCompany, specimenPerson } from '../../support/specimens.ts';
import { photograph, recaptured } from './recapture.ts';

vi.setConfig({ testTimeout: 120_000 });

let card: Buffer;
beforeAll(async () => {
  card = await idCardFront(specimenPerson());
});

const measure = async (jpeg: Buffer, text: readonly Quad[] = []): Promise<PictureQuality> =>
  measureQuality(await decodeRaster(jpeg), text);
const rectangle = (left: number, top: number, width: number, height: number): Quad => [
  [left, top],
  [left + width, top],
  [left + width, top + height],
  [left, top + height],
];
/** Where the front of a card has its text. */
const fields = [rectangle(90, 85, 400, 60), rectangle(90, 280, 500, 60), rectangle(90, 660, 1040, 70)];

describe('sharpness', () => {
  it('falls with blur, step by step', async () => {
    const values: number[] = [];
    for (const sigma of [0, 1, 2, 4]) {
      const blurred = sigma === 0 ? card : await sharp(card).blur(sigma).jpeg({ quality: 95 }).toBuffer();
      values.push((await measure(blurred, fields)).sharpness);
    }
    for (const [i, value] of values.slice(1).entries()) expect(value).toBeLessThan((values[i] as number) / 2);
  });

  it('hardly depends on the size of the picture', async () => {
    const larger = await sharp(card).resize(2400).jpeg({ quality: 95 }).toBuffer();
    const ratio = (await measure(larger)).sharpness / (await measure(card)).sharpness;
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });
});

describe('light and colour', () => {
  it('are measured from nought to one', async () => {
    const plain = (background: string) =>
      sharp({ create: { width: 800, height: 600, channels: 3, background } })
        .jpeg()
        .toBuffer();
    expect((await measure(await plain('#000'))).brightness).toBeCloseTo(0, 2);
    expect((await measure(await plain('#fff'))).brightness).toBeCloseTo(1, 2);
    expect((await measure(await plain('#808080'))).colour).toBeLessThan(0.01);
    expect((await measure(await plain('#ff0000'))).colour).toBeGreaterThan(0.9);
  });

  it('show a black-and-white copy', async () => {
    const copy = await sharp(card).greyscale().toColourspace('srgb').jpeg().toBuffer();
    expect((await measure(copy, fields)).colour).toBeLessThan(0.005);
    expect((await measure(card, fields)).colour).toBeGreaterThan(0.02);
  });
});

describe('glare', () => {
  const glare = (x: number, y: number, radius: number) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="808">
        <circle cx="${x}" cy="${y}" r="${radius}" fill="#fff"/></svg>`,
    );
  const withGlare = async (x: number, y: number, radius: number) =>
    (
      await measure(
        await sharp(card)
          .composite([{ input: glare(x, y, radius) }])
          .jpeg()
          .toBuffer(),
        fields,
      )
    ).glare;

  it('is found where it lies over the document', async () => {
    const [box, ...others] = await withGlare(400, 520, 70);
    expect(others).toEqual([]);
    expect(Math.abs((box?.left ?? 0) - 330)).toBeLessThan(15);
    expect(Math.abs((box?.top ?? 0) - 450)).toBeLessThan(15);
    expect(Math.abs((box?.width ?? 0) - 140)).toBeLessThan(25);
  });

  it('is not seen where nothing is blown out, beside the document, or in a dot', async () => {
    expect((await measure(card, fields)).glare).toEqual([]);
    expect(await withGlare(1280, 0, 90)).toEqual([]);
    expect(await withGlare(400, 520, 12)).toEqual([]);
  });

  it('is not told on white paper', async () => {
    const page = sharp({ create: { width: 1280, height: 808, channels: 3, background: '#fff' } });
    const frame = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="808"><rect x="40" y="40" width="1200" height="728" fill="none" stroke="#222" stroke-width="20"/></svg>',
    );
    expect(
      (
        await measure(
          await page
            .composite([{ input: frame }])
            .jpeg()
            .toBuffer(),
          fields,
        )
      ).glare,
    ).toEqual([]);
  });
});

describe('the hint of a screen', () => {
  it('tells simulated screens from photographs of the thing itself', async () => {
    const licence = await businessLicence(specimenCompany());
    const face = await sharp(await portrait({ person: 'a' }))
      .resize(1200)
      .jpeg()
      .toBuffer();
    for (const picture of [card, licence, face]) {
      expect((await measure(picture)).screen).toBeLessThan(0.2);
      expect((await measure(await photograph(picture))).screen).toBeLessThan(0.2);
      for (const screen of [
        { pitch: 3, angle: 0, depth: 0.3 },
        { pitch: 2.2, angle: 3, depth: 0.3 },
        { pitch: 6.1, angle: 2, depth: 0.4 },
      ]) {
        expect((await measure(await recaptured(picture, screen))).screen).toBeGreaterThan(0.6);
      }
    }
  });

  it('is nought on a picture too small to tell', async () => {
    expect((await measure(await sharp(card).resize(250).jpeg().toBuffer())).screen).toBe(0);
  });
});
