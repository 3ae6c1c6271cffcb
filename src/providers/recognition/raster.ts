import sharp, { type Sharp } from 'sharp';
import type { Box } from '../../verification/recogniser.ts';

/** Pixels in memory: rows from the top, red green blue interleaved. */
export type Raster = { readonly data: Uint8Array; readonly width: number; readonly height: number };

/** Quarter turns, clockwise degrees. */
export type Turn = 0 | 90 | 180 | 270;

const raw = ({ data, width, height }: Raster) => sharp(data, { raw: { width, height, channels: 3 } });

async function pixels(image: Sharp): Promise<Raster> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Decodes a picture as it is, without looking at its EXIF orientation; throws when it is none. */
export function decodeRaster(jpeg: Uint8Array): Promise<Raster> {
  return pixels(sharp(jpeg, { limitInputPixels: 50_000_000, failOn: 'error' }));
}

/** The raster stretched to exactly this size. */
export function resized(raster: Raster, width: number, height: number): Promise<Raster> {
  if (raster.width === width && raster.height === height) return Promise.resolve(raster);
  return pixels(raw(raster).resize(width, height, { fit: 'fill', kernel: 'cubic' }));
}

export function turned(raster: Raster, turn: Turn): Promise<Raster> {
  return turn === 0 ? Promise.resolve(raster) : pixels(raw(raster).rotate(turn));
}

/** The part of the raster inside a box that lies on it, in whole pixels. */
export function cut(raster: Raster, box: Box): Promise<Raster> {
  return pixels(raw(raster).extract(box));
}

/** JPEG, at most so many pixels wide. */
export function toJpeg(raster: Raster, maxWidth: number): Promise<Buffer> {
  return raw(raster)
    .resize({ width: maxWidth, withoutEnlargement: true })
    .jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** Luminance, 0–255, of the whole raster at the given size (bytes, rows from the top). */
export async function luminance(raster: Raster, width: number, height: number): Promise<Uint8Array> {
  const image = raw(raster).resize(width, height, { fit: 'fill', kernel: 'cubic' });
  return image.greyscale().raw().toBuffer();
}

/** The part of a box that lies on the picture, in whole pixels; at least one pixel. */
export function clip(box: Box, width: number, height: number): Box {
  const left = Math.min(Math.max(Math.round(box.left), 0), width - 1);
  const top = Math.min(Math.max(Math.round(box.top), 0), height - 1);
  return {
    left,
    top,
    width: Math.min(Math.max(Math.round(box.left + box.width) - left, 1), width - left),
    height: Math.min(Math.max(Math.round(box.top + box.height) - top, 1), height - top),
  };
}
