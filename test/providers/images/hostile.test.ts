import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImageProcessor } from '../../../src/providers/images/image-processor.ts';
import { createRecogniser } from '../../../src/providers/recognition/index.ts';
import { imageLimits, sniffImage, type ImageProcessor } from '../../../src/verification/images.ts';
import { besiege, complaints } from '../../support/hostile/siege.ts';
import { hostileUploads } from '../../support/hostile/uploads.ts';
import { watchMemory, type MemoryWatch } from '../../support/memory.ts';
import { idCardFront, specimenPerson } from '../../support/specimens.ts';

/** Uploads made to do harm end in a reason or in a picture made safe, and never end a process or fill the memory. */

const MB = 2 ** 20;
const lost: string[] = [];
const safe: Buffer[] = [];
let images: ImageProcessor;
let memory: MemoryWatch;

beforeAll(() => {
  images = createImageProcessor({ limits: imageLimits, log: complaints((message) => lost.push(message)) });
  memory = watchMemory(process.pid);
});
afterAll(async () => {
  memory.stop();
  await images.close();
});

describe('a hostile upload', () => {
  it.each(hostileUploads)('$name: $ends', async ({ make, ends, traces = [] }) => {
    const bytes = await make();
    const sniffed = sniffImage(bytes);
    const result = sniffed.ok ? await images.normalise(bytes) : sniffed;
    if (ends !== 'taken') return expect(result).toEqual({ ok: false, reason: ends });
    if (!('jpeg' in result)) throw new Error(`refused: ${JSON.stringify(result)}`);
    const { format, width, height, exif, icc, xmp, pages } = await sharp(result.jpeg).metadata();
    expect({ format, exif, icc, xmp, pages }).toEqual({ format: 'jpeg' });
    expect(Math.max(width, height)).toBeLessThanOrEqual(imageLimits.longestSide);
    expect(result.jpeg.length + result.thumbnail.length).toBeLessThan(8 * MB);
    for (const trace of traces) {
      expect(bytes.includes(trace), 'the trace is in the upload').toBe(true);
      expect(result.jpeg.includes(trace)).toBe(false);
    }
    safe.push(result.jpeg);
  });

  it('ends no decoder, and the decoder stays within its memory', () => {
    expect(lost).toEqual([]);
    // The largest picture that is taken at all, 50 megapixels of 64 bits in seven passes, is what it needs most for.
    expect(memory.peak().children).toBeGreaterThan(50);
    expect(memory.peak().children).toBeLessThan(1000);
  });
});

describe('ten thousand mutated pictures', () => {
  it('each end in a reason or a picture, end no decoder, and take a bounded time and memory', async () => {
    const { ends, lost, slowest, memory, samples } = await besiege(10_000);
    expect(lost).toEqual([]);
    expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(10_000);
    expect(ends.busy).toBeUndefined();
    // Both happen often, or the mutations would be too strong or too weak to find anything.
    expect(ends.taken).toBeGreaterThan(1000);
    expect(ends.unreadable).toBeGreaterThan(1000);
    expect(slowest).toBeLessThan(30_000);
    expect(memory.children).toBeLessThan(1000);
    safe.push(...samples);
  }, 180_000);
});

describe('the recogniser', () => {
  it('looks at what is left of hostile pictures and still reads a card', async () => {
    const crashes: string[] = [];
    const recogniser = createRecogniser(
      'local',
      complaints((message) => crashes.push(message)),
    );
    const step = Math.ceil(safe.length / 12);
    const sample = safe.filter((_, at) => at % step === 0);
    expect(sample.length).toBeGreaterThan(8);
    for (const jpeg of sample) {
      expect(await recogniser.read(jpeg, { zone: true, codes: true })).toMatchObject({ ok: true });
      expect(await recogniser.findFaces(jpeg, { thorough: true })).toMatchObject({ ok: true });
    }
    const person = specimenPerson();
    const result = await recogniser.read(await idCardFront(person), { zone: false, codes: false });
    if (!result.ok) throw new Error(result.reason);
    expect(result.seen.lines.map(({ text }) => text).join(' ')).toContain(person.number);
    expect(crashes).toEqual([]);
    await recogniser.close();
  }, 180_000);
});
