import type { Box, PictureQuality, Quad } from '../../verification/recogniser.ts';
import { boxAround } from './geometry.ts';
import { findGlare } from './glare.ts';
import { clip, luminance, resized, type Raster } from './raster.ts';
import { screenLikeness } from './screen.ts';

/** Longer side, in pixels, at which sharpness is measured, so that its value does not depend on the camera. */
const SHARPNESS_SIDE = 960;
/** Longer side, in pixels, at which light and colour are measured. */
const COLOUR_SIDE = 240;

/** Measures a picture; with the rectangles of its text, sharpness and colour are those of the document. */
export async function measureQuality(raster: Raster, text: readonly Quad[]): Promise<PictureQuality> {
  const { width, height } = raster;
  const [sharpWidth, sharpHeight] = fitted(raster, SHARPNESS_SIDE);
  const [smallWidth, smallHeight] = fitted(raster, COLOUR_SIDE);
  const grey = await luminance(raster, sharpWidth, sharpHeight);
  const small = await resized(raster, smallWidth, smallHeight);
  const area = documentArea(raster, text);
  return {
    width,
    height,
    sharpness: laplacianVariance(grey, sharpWidth, scaled(area, sharpWidth / width, sharpWidth, sharpHeight)),
    brightness: meanLuminance(small),
    glare: findGlare(small, text, area, smallWidth / width),
    colour: meanChroma(small, scaled(area, smallWidth / width, smallWidth, smallHeight)),
    screen: screenLikeness(raster),
  };
}

function fitted({ width, height }: Raster, longest: number): [number, number] {
  const scale = longest / Math.max(width, height);
  return [Math.max(3, Math.round(width * scale)), Math.max(3, Math.round(height * scale))];
}

/** The box around all text, a tenth larger; the whole picture where there is hardly any. */
function documentArea({ width, height }: Raster, text: readonly Quad[]): Box {
  const whole = { left: 0, top: 0, width, height };
  if (text.length < 3) return whole;
  const box = boxAround(text.flat());
  const [x, y] = [box.width / 10, box.height / 10];
  const grown = {
    left: box.left - x,
    top: box.top - y,
    width: box.width + 2 * x,
    height: box.height + 2 * y,
  };
  return clip(grown, width, height);
}

function scaled({ left, top, width, height }: Box, by: number, columns: number, rows: number): Box {
  return clip({ left: left * by, top: top * by, width: width * by, height: height * by }, columns, rows);
}

/** Variance of the four-neighbour Laplacian inside a box. */
function laplacianVariance(grey: Uint8Array, columns: number, box: Box): number {
  let [sum, squares, count] = [0, 0, 0];
  const rows = grey.length / columns;
  for (let y = Math.max(1, box.top); y < Math.min(rows - 1, box.top + box.height); y++) {
    for (let x = Math.max(1, box.left); x < Math.min(columns - 1, box.left + box.width); x++) {
      const at = y * columns + x;
      const value =
        (grey[at - 1] as number) +
        (grey[at + 1] as number) +
        (grey[at - columns] as number) +
        (grey[at + columns] as number) -
        4 * (grey[at] as number);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

/** Rec. 601 luma, 0–1. */
function meanLuminance({ data }: Raster): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) {
    sum += 0.299 * (data[i] as number) + 0.587 * (data[i + 1] as number) + 0.114 * (data[i + 2] as number);
  }
  return sum / (data.length / 3) / 255;
}

/** Mean difference between the strongest and the weakest primary inside a box, 0–1. */
function meanChroma({ data, width: columns }: Raster, box: Box): number {
  let sum = 0;
  for (let y = box.top; y < box.top + box.height; y++) {
    for (let x = box.left; x < box.left + box.width; x++) {
      const at = 3 * (y * columns + x);
      const [r, g, b] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
      sum += Math.max(r, g, b) - Math.min(r, g, b);
    }
  }
  return sum / (box.width * box.height) / 255;
}
