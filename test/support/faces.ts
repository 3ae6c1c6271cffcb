import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import {
  closedEyes,
  fromRaster,
  pulled,
  raster,
  remapped,
  turnedHead,
  type Eye,
  type Head,
  type Pull,
  type Raster,
} from './faces/warp.ts';

/**
 * Faces for tests, all made from one portrait in the public domain (faces/LICENCE.md), the same bytes each time: head
 * and shoulders, JPEG of 480 × 640 px. They show that the parts work together and say nothing about accuracy.
 */

/** `a` is the portrait; `b` has its features pulled apart until a recogniser takes it for somebody else. */
export type Person = 'a' | 'b';

/** How many different photos of a person {@link portrait} makes; further variations repeat them. */
export const variations = 8;

const size = { width: 480, height: 640 };
/** The part of the source that shows head and shoulders. */
const frame = { left: 82, top: 0, width: 285, height: 380 };
const eyes: readonly Eye[] = [
  { x: 205, y: 171, halfWidth: 17, halfHeight: 8 },
  { x: 279, y: 175, halfWidth: 17, halfHeight: 8 },
];
const head: Head = {
  x: 242,
  y: 190,
  halfWidth: 140,
  halfHeight: 185,
  depth: 75,
  nose: { x: 241, y: 212, height: 30, reach: 20 },
};

/** Found by search: the likeness of the result with the portrait is far below any threshold. */
const otherPerson: readonly Pull[] = [
  // x, y, dx, dy, reach on the left half of the face; the right half mirrors it.
  [205, 171, -7, 6, 26],
  [205, 148, -4, 2, 16],
  [222, 190, 2, 7, 14],
  [241, 214, 0, 4, 20],
  [205, 237, 1, -7, 20],
  [241, 245, 0, -5, 16],
  [180, 220, 6, -3, 28],
  [241, 275, 0, -1, 26],
  [195, 260, 0, -3, 24],
  [241, 125, 0, 1, 34],
  [185, 130, -4, -3, 26],
].flatMap(mirrored);

const slightSmile: readonly Pull[] = [
  [205, 237, 3, -2, 20],
  [222, 150, 0, 2, 24],
].flatMap(mirrored);

type Variation = {
  readonly degrees?: number;
  readonly pulls?: readonly Pull[];
  readonly finish?: (image: Sharp) => Sharp;
  readonly quality?: number;
};

const photos: readonly Variation[] = [
  {},
  { finish: (image) => image.modulate({ brightness: 0.7 }), degrees: 5 },
  { finish: (image) => image.modulate({ brightness: 1.2, saturation: 0.8 }), pulls: slightSmile },
  { finish: (image) => image.blur(1.6) },
  { finish: (image) => image.rotate(6, { background: '#c9c3bd' }).resize({ ...size, fit: 'cover' }) },
  { finish: (image) => image.extract({ left: 60, top: 20, width: 360, height: 480 }), degrees: -6 },
  { quality: 35, finish: (image) => image.gamma(1.6) },
  { finish: (image) => image.modulate({ saturation: 0 }), pulls: slightSmile, degrees: 4 },
];

/** A photo of the person, facing the camera; each variation differs in light, pose, sharpness or crop. */
export async function portrait({
  person,
  variation = 0,
}: {
  person: Person;
  variation?: number;
}): Promise<Buffer> {
  const { degrees = 0, pulls = [], finish, quality } = photos[variation % photos.length] ?? {};
  const posed = remapped(remapped(await faceOf(person), pulled(pulls)), turnedHead(head, degrees));
  return jpeg(posed, finish, quality);
}

/**
 * The person has turned the head by 25° (or `degrees`) to THEIR left or right. The camera picture is not mirrored: who
 * turns to their left has the nose to the right of the picture.
 */
export async function turned(person: Person, side: 'left' | 'right', degrees = 25): Promise<Buffer> {
  return jpeg(remapped(await faceOf(person), turnedHead(head, side === 'left' ? degrees : -degrees)));
}

/** The person has closed both eyes. */
export async function blinking(person: Person): Promise<Buffer> {
  return jpeg(await faceOf(person, (face) => closedEyes(face, eyes)));
}

async function faceOf(person: Person, change: (face: Raster) => Raster = (face) => face): Promise<Raster> {
  const source = await readFile(new URL('./faces/astronaut.jpg', import.meta.url));
  const image = sharp(source)
    .extract(frame)
    .resize({ ...size, kernel: 'cubic' });
  const face = change(await raster(image));
  return person === 'a' ? face : remapped(face, pulled(otherPerson));
}

async function jpeg(
  face: Raster,
  finish: (image: Sharp) => Sharp = (image) => image,
  quality = 90,
): Promise<Buffer> {
  // Each step of `finish` sees what the step before made, in the order in which they stand.
  const finished = await raster(finish(fromRaster(face)));
  return fromRaster(finished)
    .resize({ ...size, fit: 'cover' })
    .jpeg({ quality })
    .toBuffer();
}

/** On both halves of the face; the right eye lies 4 px lower than the left. */
function mirrored([x = 0, y = 0, dx = 0, dy = 0, reach = 1]: readonly number[]): Pull[] {
  if (x === 241) return [{ x, y, dx: 0, dy, reach }];
  return [
    { x, y, dx, dy, reach },
    { x: 484 - x, y: y + 4, dx: -dx, dy, reach },
  ];
}
