import sharp, { type Sharp } from 'sharp';
import { fromRaster, raster, type Raster } from '../faces/warp.ts';
import { between, pick, seededDice, type Dice } from './dice.ts';
import { lit, onScreen, type Light, type Spot } from './light.ts';
import { photograph, type Corners, type Table } from './scene.ts';

/** How a photograph of a document is taken; figures are limits or strengths, the seed decides within them. */
type Recipe = {
  /** Share of the picture that the document takes. */
  readonly fill: number;
  /** Limits: degrees of rotation; shift of each corner as a share of the document. */
  readonly rotation: number;
  readonly perspective: number;
  /** Sigma of the blur in pixels of a picture of 1600 px. */
  readonly blur: number;
  readonly noise: number;
  /** How uneven the light is, 0–1. */
  readonly fall: number;
  readonly quality: number;
  readonly exposure?: number;
  readonly tint?: Light['tint'];
  /** A reflection somewhere, of this strength; or one over the lower fields. */
  readonly spot?: number;
  readonly glare?: Spot;
  /** Moves the document over the edge by this share of the picture. */
  readonly over?: number;
  readonly surface?: 'screen' | 'copy' | 'scanner';
  readonly turn?: 90 | 180 | 270;
  /** Longest side of the result in pixels; 1600 without it. */
  readonly longest?: number;
};

const scan: Recipe = {
  fill: 0.94,
  rotation: 0.6,
  perspective: 0.002,
  blur: 0.4,
  noise: 2,
  fall: 0.03,
  quality: 90,
  surface: 'scanner',
};
const phone: Recipe = {
  fill: 0.82,
  rotation: 4,
  perspective: 0.025,
  blur: 0.7,
  noise: 4,
  fall: 0.22,
  quality: 80,
};
const hard: Recipe = {
  fill: 0.72,
  rotation: 12,
  perspective: 0.06,
  blur: 1.1,
  noise: 8,
  fall: 0.35,
  quality: 60,
  spot: 90,
};

/** What may happen to a photograph. `L1` to `L3` have to be read; most others have to be asked for again. */
export const distortions = {
  L1: scan,
  L2: phone,
  L3: hard,
  turned90: { ...phone, turn: 90 },
  turned180: { ...phone, turn: 180 },
  turned270: { ...phone, turn: 270 },
  large: { ...phone, longest: 4032 },
  dark: { ...phone, exposure: 0.12, noise: 7 },
  blurred: { ...phone, blur: 6 },
  cut_off: { ...phone, fill: 0.9, rotation: 2, over: 0.24 },
  too_far: { ...phone, fill: 0.2 },
  glare: { ...phone, glare: { x: 0.5, y: 0.78, radius: 0.16, strength: 400 } },
  screen: { ...phone, fill: 0.94, rotation: 3, surface: 'screen', exposure: 1.3, tint: [0.88, 0.98, 1.1] },
  photocopy: { ...scan, noise: 5, fall: 0.1, surface: 'copy' },
} as const satisfies Record<string, Recipe>;

export type Distortion = keyof typeof distortions;
export const distortionNames = Object.keys(distortions) as Distortion[];

/** A photograph of the document, the same bytes for the same picture, distortion and seed; JPEG, metadata free. */
export async function distort(picture: Buffer, distortion: Distortion, seed: number): Promise<Buffer> {
  const recipe: Recipe = distortions[distortion];
  const dice = seededDice(seed);
  const { width = 1, height = 1 } = await sharp(picture).metadata();
  const scene = width >= height ? { width: 1600, height: 1200 } : { width: 1200, height: 1600 };
  const scale = recipe.fill * Math.min(scene.width / width, scene.height / height);
  const document = await surfaceOf(sharp(picture).resize({ width: Math.round(width * scale) }), recipe, dice);
  const corners = cornersOf(document, scene, recipe, dice);
  const sharpScene = photograph(document, corners, tableOf(recipe, dice), scene);
  return finished(await exposed(sharpScene, recipe, dice), recipe);
}

/** Light, blur and noise alone, for pictures that are photographs already: a face, somebody holding a card. */
export async function snapshot(
  picture: Buffer,
  distortion: 'L1' | 'L2' | 'L3',
  seed: number,
): Promise<Buffer> {
  const recipe = distortions[distortion];
  return finished(await exposed(await raster(sharp(picture)), recipe, seededDice(seed)), recipe);
}

/** The flat thing that is photographed: the document itself, a copy of it, or a screen that shows it. */
async function surfaceOf(document: Sharp, { surface }: Recipe, dice: Dice): Promise<Raster> {
  if (surface === 'copy') return raster(document.modulate({ saturation: 0 }).linear(1.35, -30));
  if (surface !== 'screen') return raster(document);
  const shown = await raster(document);
  const pitch = between(dice, 2.2, 2.7);
  onScreen(shown, pitch);
  const viewer = { top: 60, bottom: 60, left: 40, right: 40, background: '#1c1d20' };
  const bezel = { top: 22, bottom: 22, left: 22, right: 22, background: '#050505' };
  // Two extensions of one pipeline would replace each other.
  const panel = await raster(fromRaster(shown).extend(viewer));
  return raster(fromRaster(panel).extend(bezel));
}

function cornersOf(
  { width, height }: Raster,
  scene: { width: number; height: number },
  { rotation, perspective, over = 0 }: Recipe,
  dice: Dice,
): Corners {
  const angle = (between(dice, -rotation, rotation) * Math.PI) / 180;
  const [aside, below] = pick(dice, [
    [over, 0],
    [-over, 0],
    [0, over],
  ] as const);
  const shift = () => between(dice, -perspective, perspective) * width;
  const corner = (x: number, y: number) =>
    [
      scene.width * (0.5 + aside) + x * Math.cos(angle) - y * Math.sin(angle) + shift(),
      scene.height * (0.5 + below) + x * Math.sin(angle) + y * Math.cos(angle) + shift(),
    ] as const;
  const [right, bottom] = [width / 2, height / 2];
  return [corner(-right, -bottom), corner(right, -bottom), corner(right, bottom), corner(-right, bottom)];
}

function tableOf({ surface }: Recipe, dice: Dice): Table {
  if (surface === 'scanner' || surface === 'copy') return { colour: [250, 250, 250], grain: 0 };
  return pick(dice, [
    { colour: [142, 104, 72], grain: 9 },
    { colour: [88, 92, 98], grain: 4 },
    { colour: [58, 70, 92], grain: 5 },
    { colour: [186, 178, 166], grain: 5 },
  ] as const);
}

/** Blur first, then light and noise, as in a camera. */
async function exposed(scene: Raster, recipe: Recipe, dice: Dice): Promise<Raster> {
  const { exposure = 1, fall, noise, tint = [1, 1, 1], spot, glare } = recipe;
  const blurred = await raster(fromRaster(scene).blur(recipe.blur));
  const somewhere = spot && {
    x: between(dice, 0.25, 0.75),
    y: between(dice, 0.25, 0.75),
    radius: 0.09,
    strength: spot,
  };
  const spots = [somewhere, glare].filter((one) => one !== undefined && one !== 0);
  lit(blurred, { exposure, fall, from: between(dice, 0, 6.28), spots, tint, noise }, dice);
  return blurred;
}

function finished(picture: Raster, { turn, longest, quality }: Recipe): Promise<Buffer> {
  const turned = turn ? fromRaster(picture).rotate(turn) : fromRaster(picture);
  const sized = longest ? turned.resize({ width: longest, kernel: 'cubic' }) : turned;
  return sized.jpeg({ quality }).toBuffer();
}
