import { toBuffer as qrCode } from 'qrcode';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLog, type Log } from '../../../src/core/log.ts';
import { createLocalRecogniser } from '../../../src/providers/recognition/local-recogniser.ts';
import type { DocumentSeen, Recogniser } from '../../../src/verification/recogniser.ts';
import { portrait } from '../../support/faces.ts';
import {
  distort,
  idCardFront,
  permanentResidentBack,
  seededDice,
  specimenPerson,
} from '../../support/specimens.ts';
import { cardZone } from '../../support/specimens/numbers.ts';
import { drawPage } from './drawing.ts';

// The lowest priority waits for everybody else on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const person = specimenPerson({ name: '样本安' }, seededDice(7));
const events: string[] = [];
const log: Log = { ...silentLog, warn: (message) => void events.push(message) };
let recogniser: Recogniser;
let card: Buffer;

beforeAll(async () => {
  recogniser = createLocalRecogniser({ log, timeoutMs: 100_000 });
  card = await idCardFront(person);
});
afterAll(() => recogniser.close());

async function read(jpeg: Buffer, options = { zone: false, codes: false }): Promise<DocumentSeen> {
  const result = await recogniser.read(jpeg, options);
  if (!result.ok) throw new Error(result.reason);
  return result.seen;
}
const textOf = ({ lines }: DocumentSeen) => lines.map(({ text }) => text).join('\n');
const turn = (jpeg: Buffer, degrees: number) => sharp(jpeg).rotate(degrees).jpeg({ quality: 90 }).toBuffer();

describe('reading a picture', () => {
  it('finds the lines of a card from the top to the bottom, where they are', async () => {
    const seen = await read(card);
    const order = ['样本安', '住址', person.number].map((text) => textOf(seen).indexOf(text));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    const number = seen.lines.find(({ text }) => text.includes(person.number));
    expect(number?.confidence).toBeGreaterThan(0.9);
    // Its base line is at 714, 52 px high, up to 1132.
    const [, topRight, bottomRight] = number?.quad ?? [];
    expect(topRight?.[0]).toBeGreaterThan(1100);
    expect(topRight?.[0]).toBeLessThan(1170);
    expect(topRight?.[1]).toBeGreaterThan(645);
    expect(bottomRight?.[1]).toBeLessThan(745);
    expect(seen).toMatchObject({ rotation: 0, zones: [], codes: [], quality: { width: 1280, height: 808 } });
  });

  it.each([
    [90, 270],
    [180, 180],
    [270, 90],
  ])('reads one turned by %i°, and says to turn it by %i°', async (turned, back) => {
    const picture = await turn(card, turned);
    const seen = await read(picture);
    expect(seen.rotation).toBe(back);
    expect(textOf(seen)).toContain(person.number);
    const quad = seen.lines.find(({ text }) => text.includes(person.number))?.quad ?? [];
    const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const area = { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
    const cut = await recogniser.crop(picture, [area], seen.rotation);
    if (!cut.ok) throw new Error(cut.reason);
    const crop = await sharp(cut.crops[0]).metadata();
    expect(crop.width).toBeGreaterThan(10 * crop.height);
    // The crop is upright: the number can be read from it alone.
    const margin = { top: 60, bottom: 60, left: 60, right: 60, background: '#dfeaf2' };
    const again = await read(await sharp(cut.crops[0]).extend(margin).jpeg().toBuffer());
    expect(again.rotation).toBe(0);
    expect(textOf(again)).toContain(person.number);
  });

  it('sees nothing on an empty page', async () => {
    const seen = await read(await drawPage(1200, 800, []), { zone: true, codes: true });
    expect(seen).toMatchObject({ lines: [], zones: [], codes: [], rotation: 0 });
  });

  it.each([14, 16, 20, 24])('looks again where the text is small: %i px', async (size) => {
    const texts = ['91110105768887817J', '统一社会信用代码', '登记机关'];
    const lines = texts.map((text, at) => ({ text, size, left: 900, top: 700 + at * 60 }));
    const seen = await read(await drawPage(2400, 1700, lines));
    expect(textOf(seen)).toContain('91110105768887817J');
    expect(textOf(seen)).toContain('登记机关');
  });

  it('reads a machine-readable zone', async () => {
    const zone = [
      'POUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
    ];
    const lines = zone.map((text, at) => ({
      text,
      size: 38,
      left: 60,
      top: 860 + at * 70,
      font: 'mono' as const,
    }));
    const page = await drawPage(1500, 1040, [
      { text: '护照 PASSPORT', size: 44, left: 500, top: 80 },
      ...lines,
    ]);
    const { zones } = await read(page, { zone: true, codes: false });
    // Which of O and 0 stands in a country's code is the reader's business.
    const likened = (lines: readonly string[]) => lines.map((line) => line.replaceAll('0', 'O'));
    expect(zones.map(likened)).toContainEqual(likened(zone));
    expect(zones[0]?.map(({ length }) => length)).toEqual([44, 44]);
    expect((await read(page)).zones).toEqual([]);
  });

  it('reads the three lines of a card on a photograph', async () => {
    const { birthdate, sex, expiresOn, latin, permanentNumber } = person;
    const holder = { birthdate, sex, expiresOn, ...latin };
    const zone = cardZone({
      code: 'C',
      issuer: 'CHN',
      nationality: 'CAN',
      number: permanentNumber,
      ...holder,
    });
    const back = await distort(await permanentResidentBack(person), 'L1', 5);
    const { zones } = await read(back, { zone: true, codes: false });
    expect(zones.map((lines) => lines.slice(0, 2))).toContainEqual(zone.slice(0, 2));
    // Names have no check digit and their fillers are miscounted; the reader fits them.
    expect(zones[0]).toHaveLength(3);
  });

  it('reads a QR code', async () => {
    const content = 'http://registry.example.test/?id=91110105768887817J';
    const input = await qrCode(content, { width: 320 });
    const page = await drawPage(1400, 1000, [], [{ input, left: 900, top: 500 }]);
    expect((await read(page, { zone: false, codes: true })).codes).toEqual([content]);
    expect((await read(page)).codes).toEqual([]);
  });
});

describe('finding faces', () => {
  it('answers each with its template and its picture, and none where there is none', async () => {
    const found = await recogniser.findFaces(await portrait({ person: 'a' }), { thorough: false });
    if (!found.ok) throw new Error(found.reason);
    expect(found.seen.quality).toMatchObject({ width: 480, height: 640 });
    expect(found.seen.faces).toHaveLength(1);
    const [face] = found.seen.faces;
    expect(face?.template).toBeInstanceOf(Float32Array);
    expect(Math.hypot(...(face?.template ?? []))).toBeCloseTo(1, 5);
    expect(Buffer.isBuffer(face?.aligned)).toBe(true);
    const page = await drawPage(800, 600, [{ text: '样本', size: 40, left: 100, top: 100 }]);
    expect(await recogniser.findFaces(page, { thorough: true })).toMatchObject({
      ok: true,
      seen: { faces: [] },
    });
  });
});

describe('what is no picture', () => {
  const cases: [string, () => Buffer][] = [
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('not a picture')],
    ['half a JPEG', () => card.subarray(0, card.length / 2)],
    ['noise that begins like a JPEG', () => Buffer.concat([card.subarray(0, 200), Buffer.alloc(9000, 0xa7)])],
    ['an SVG that refers to a file', () => Buffer.from('<svg><image href="/etc/hostname"/></svg>')],
  ];
  it.each(cases)('is answered, and the process lives on: %s', async (_name, make) => {
    events.length = 0;
    expect(await recogniser.read(make(), { zone: true, codes: true })).toEqual({
      ok: false,
      reason: 'crashed',
    });
    expect(await recogniser.findFaces(make(), { thorough: true })).toEqual({ ok: false, reason: 'crashed' });
    expect(await recogniser.crop(make(), [], 90)).toEqual({ ok: false, reason: 'crashed' });
    expect(events).toEqual(Array.from({ length: 3 }, () => 'recogniser failed'));
  });
});

describe('cutting areas out', () => {
  it('keeps to the picture and to 800 pixels', async () => {
    const areas = [
      { left: -50, top: -50, width: 5000, height: 5000 },
      { left: 1200, top: 700, width: 400, height: 400 },
      { left: 9000, top: 9000, width: 10, height: 10 },
    ];
    const cut = await recogniser.crop(card, areas, 0);
    if (!cut.ok) throw new Error(cut.reason);
    const sizes = await Promise.all(cut.crops.map((crop) => sharp(crop).metadata()));
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [800, 505],
      [80, 108],
      [1, 1],
    ]);
  });
});

describe('the process of the recogniser', () => {
  const module = new URL('../../support/processes/broken-recogniser.process.ts', import.meta.url);
  const ask = (from: Recogniser, wish: string) => from.read(Buffer.from(wish), { zone: false, codes: false });

  it.each([
    ['crashed', 'die'],
    ['timeout', 'hang'],
    ['unavailable', 'nothing'],
  ])('says %s, and goes on', async (reason, wish) => {
    const broken = createLocalRecogniser({ log: silentLog, module, timeoutMs: 5000 });
    expect(await ask(broken, wish)).toEqual({ ok: false, reason });
    expect(await ask(broken, 'nothing')).toEqual({ ok: false, reason: 'unavailable' });
    await broken.close();
  });

  it('says busy instead of piling up, and when it is closed', async () => {
    const narrow = createLocalRecogniser({ log: silentLog, module, queueLength: 1 });
    const first = ask(narrow, 'wait');
    const second = ask(narrow, 'wait');
    expect(await ask(narrow, 'wait')).toEqual({ ok: false, reason: 'busy' });
    await narrow.close();
    expect(await Promise.all([first, second])).toEqual([1, 2].map(() => ({ ok: false, reason: 'busy' })));
  });

  it('is replaced when it grew too large', async () => {
    const ends: unknown[] = [];
    const info = (_message: string, fields: unknown) => void ends.push(fields);
    const large = createLocalRecogniser({ log: { ...silentLog, info }, maxMemory: 150 });
    expect(await large.read(card, { zone: false, codes: false })).toMatchObject({ ok: true });
    expect(ends).toEqual([{ reason: 'memory' }]);
    expect(await large.read(card, { zone: false, codes: false })).toMatchObject({ ok: true });
    await large.close();
  });
});
