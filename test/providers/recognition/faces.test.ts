import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadFaceEngine, type FaceEngine } from '../../../src/providers/recognition/faces/face-engine.ts';
import { decodeRaster } from '../../../src/providers/recognition/raster.ts';
import { judgePrompts, likeness, type Prompt } from '../../../src/verification/faces.ts';
import type { SeenFace } from '../../../src/verification/recogniser.ts';
import { fromRaster, raster, remapped } from '../../support/faces/warp.ts';
import { blinking, portrait, turned, variations, type Person } from '../../support/faces.ts';

let engine: FaceEngine;
beforeAll(async () => {
  engine = await loadFaceEngine();
});

const find = async (jpeg: Buffer, thorough = false) => engine.find(await decodeRaster(jpeg), { thorough });
async function onlyFace(jpeg: Buffer): Promise<SeenFace> {
  const faces = await find(jpeg);
  expect(faces).toHaveLength(1);
  return faces[0]!;
}
async function album(person: Person): Promise<SeenFace[]> {
  const faces: SeenFace[] = [];
  for (let variation = 0; variation < variations; variation++) {
    faces.push(await onlyFace(await portrait({ person, variation })));
  }
  return faces;
}

describe('the face engine', () => {
  it('finds the face of every photo, knows a person again and tells two people apart', async () => {
    const [a, b] = [await album('a'), await album('b')];
    for (const one of a) {
      for (const other of a) expect(likeness(one.template, other.template)).toBeGreaterThanOrEqual(0.45);
      for (const other of b) expect(likeness(one.template, other.template)).toBeLessThan(0.3);
    }
  });

  it('says where the face is, and cuts it out upright', async () => {
    const { box, score, template, aligned } = await onlyFace(await portrait({ person: 'a', variation: 4 }));
    expect(score).toBeGreaterThan(0.99);
    expect(box.left).toBeGreaterThan(150);
    expect(box.left + box.width).toBeLessThan(350);
    expect(Math.hypot(...template)).toBeCloseTo(1, 5);
    const { format, width, height } = await sharp(aligned).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 160, height: 160 });
    const again = await onlyFace(await sharp(aligned).resize(320).jpeg().toBuffer());
    expect(likeness(again.template, template)).toBeGreaterThan(0.8);
  });

  it('measures a turn of the head by its sign and size, and not the tilt of a flat picture', async () => {
    const front = await onlyFace(await portrait({ person: 'a' }));
    const left = await onlyFace(await turned('a', 'left'));
    const right = await onlyFace(await turned('a', 'right'));
    expect(left.yaw - front.yaw).toBeGreaterThan(15);
    expect(right.yaw - front.yaw).toBeLessThan(-15);
    for (const jpeg of await flatTricks()) {
      const { yaw } = await onlyFace(jpeg);
      expect(Math.abs(yaw - front.yaw)).toBeLessThan(7);
    }
  });

  it('lets a person pass who follows the prompts, and nobody with a still picture, however it is held', async () => {
    const seen = async (picture: Buffer | Promise<Buffer>) => find(await picture);
    const judged = (shown: Partial<Record<'front' | Prompt, readonly SeenFace[]>>) => {
      const frames = Object.entries(shown).map(([prompt, faces]) => ({ prompt: prompt as Prompt, faces }));
      const asked = frames.map(({ prompt }) => prompt).filter((prompt) => prompt !== ('front' as string));
      return judgePrompts(asked, frames, { turn: 12, samePerson: 0.35 }).outcome;
    };
    const front = await seen(portrait({ person: 'b' }));
    const left = await seen(turned('b', 'left'));
    const right = await seen(turned('b', 'right'));
    const blink = await seen(blinking('b'));
    expect(judged({ front, left, right, blink })).toBe('passed');
    expect(judged({ front, left: right, right: left, blink })).toBe('failed');
    expect(judged({ front, left: await seen(turned('a', 'left')), right, blink })).toBe('failed');

    const still = await seen(portrait({ person: 'a' }));
    for (const picture of await flatTricks()) {
      const held = await seen(picture);
      expect(judged({ front: still, left: held })).toBe('failed');
      expect(judged({ front: still, right: held })).toBe('failed');
      expect(judged({ front: still, blink: held })).toBe('failed');
    }
  });

  it('sees closed eyes', async () => {
    for (const person of ['a', 'b'] as const) {
      expect((await onlyFace(await portrait({ person }))).eyesOpen).toBeGreaterThan(0.8);
      expect((await onlyFace(await blinking(person))).eyesOpen).toBeLessThan(0.2);
    }
  });

  it('finds the person and the small face on the card only when it looks thoroughly', async () => {
    const portraitOfCard = await onlyFace(await portrait({ person: 'a', variation: 3 }));
    const picture = await handHeld('a', 'a');
    expect(await find(picture)).toHaveLength(1);
    const [person, card, ...others] = await find(picture, true);
    expect(others).toEqual([]);
    expect(card!.box.width).toBeLessThan(62);
    expect(person!.box.width).toBeGreaterThan(5 * card!.box.width);
    expect(likeness(person!.template, card!.template)).toBeGreaterThanOrEqual(0.45);
    expect(likeness(portraitOfCard.template, card!.template)).toBeGreaterThanOrEqual(0.45);
  });

  it('sees that the card shows somebody else', async () => {
    const [person, card] = await find(await handHeld('a', 'b'), true);
    expect(likeness(person!.template, card!.template)).toBeLessThan(0.3);
  });

  it('finds nothing on a blank, in noise, and in a picture that is smaller than a face', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const create = { width: 900, height: 700, channels: 3, background: '#b0b0b0' } as const;
    for (const image of [sharp({ create }), sharp({ create: { ...create, noise } })]) {
      expect(await find(await image.jpeg().toBuffer(), true)).toEqual([]);
    }
    const tiny = await sharp(await portrait({ person: 'a' }))
      .resize(4, 4)
      .jpeg()
      .toBuffer();
    expect(await find(tiny, true)).toEqual([]);
  });

  it('takes black-and-white pictures, and faces at the edge', async () => {
    const picture = await portrait({ person: 'a' });
    const colour = await onlyFace(picture);
    const grey = await onlyFace(await sharp(picture).greyscale().jpeg().toBuffer());
    expect(likeness(colour.template, grey.template)).toBeGreaterThan(0.6);
    const cropped = await sharp(picture)
      .extract({ left: 175, top: 90, width: 305, height: 300 })
      .jpeg()
      .toBuffer();
    const { box } = await onlyFace(cropped);
    expect(box.left).toBeGreaterThanOrEqual(0);
  });

  it('does not know a face that stands on its head: whoever calls turns the picture first', async () => {
    const template = (await onlyFace(await portrait({ person: 'a' }))).template;
    const turnedOver = await sharp(await portrait({ person: 'a' }))
      .rotate(180)
      .jpeg()
      .toBuffer();
    const faces = await find(turnedOver);
    for (const face of faces) expect(likeness(face.template, template)).toBeLessThan(0.45);
    const back = await onlyFace(await sharp(turnedOver).rotate(180).jpeg().toBuffer());
    expect(likeness(back.template, template)).toBeGreaterThan(0.9);
  });

  it('throws at what is no picture', async () => {
    await expect(find(Buffer.from('not a picture'))).rejects.toThrow();
  });
});

/** The frontal portrait as a print held to the camera: moved, turned in its plane, scaled, squeezed and sheared. */
async function flatTricks(): Promise<Buffer[]> {
  const print = await portrait({ person: 'a' });
  const on = { background: '#777777' };
  const images = [
    sharp(print).extend({ left: 200, top: 60, ...on }),
    sharp(print).rotate(12, on),
    sharp(print).rotate(-15, on),
    sharp(print).resize(300),
    sharp(print).resize(340, 640, { fit: 'fill' }),
    sharp(print).resize(480, 460, { fit: 'fill' }),
    sharp(print).affine([0.8, 0.15, 0, 1], on),
    sharp(print).affine([0.8, 0, -0.15, 1], on),
  ];
  const flat = await Promise.all(images.map((image) => image.jpeg().toBuffer()));
  return [...flat, await tilted(print, 35), await tilted(print, -35)];
}

/** The print turned about its upright middle line by `degrees`, seen from two of its heights away. */
async function tilted(print: Buffer, degrees: number): Promise<Buffer> {
  const source = await raster(sharp(print));
  const angle = (degrees * Math.PI) / 180;
  const [x0, y0, far] = [source.width / 2, source.height / 2, 2 * source.height];
  const image = remapped(source, (x, y) => {
    const across = ((x - x0) * far) / (far * Math.cos(angle) - (x - x0) * Math.sin(angle));
    return [x0 + across, y0 + (y - y0) * (1 + (across * Math.sin(angle)) / far)];
  });
  return fromRaster(image).jpeg().toBuffer();
}

/** Somebody in a picture of 1200 × 1600 px, holding a card with a face of about 50 px. */
async function handHeld(person: Person, onCard: Person): Promise<Buffer> {
  const face = await sharp(await portrait({ person: onCard, variation: 3 }))
    .extract({ left: 70, top: 10, width: 340, height: 420 })
    .resize(110)
    .toBuffer();
  const create = { width: 540, height: 340, channels: 3, background: '#dfe6ee' } as const;
  const card = await sharp({ create })
    .composite([{ input: face, left: 390, top: 90 }])
    .png()
    .toBuffer();
  return sharp(await portrait({ person, variation: 0 }))
    .resize(1200, 1600)
    .composite([{ input: card, left: 150, top: 1100 }])
    .jpeg({ quality: 80 })
    .toBuffer();
}
