import sharp, { type Sharp } from 'sharp';
import type { Box } from '../../../verification/recogniser.ts';

/** Eight bits a channel, row by row, without padding. */
export type Pixels = {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
};

/** The whole picture, reduced to fit into `width` × `height`. */
export function shrink(picture: Pixels, width: number, height: number): Promise<Pixels> {
  return pixels(open(picture).resize(width, height, { fit: 'inside', kernel: 'linear' }));
}

/** Cuts `area` out, which may reach over the edge (black there), and brings it to `width` × `height`. */
export async function cut(
  picture: Pixels,
  area: Box,
  width: number,
  height: number,
  colour: 'rgb' | 'grey' = 'rgb',
): Promise<Pixels> {
  const left = Math.round(area.left);
  const top = Math.round(area.top);
  const right = left + Math.max(1, Math.round(area.width));
  const bottom = top + Math.max(1, Math.round(area.height));
  const inner = {
    left: clamp(left, 0, picture.width - 1),
    top: clamp(top, 0, picture.height - 1),
    right: clamp(right, 1, picture.width),
    bottom: clamp(bottom, 1, picture.height),
  };
  const image = open(picture).extract({
    left: inner.left,
    top: inner.top,
    width: Math.max(1, inner.right - inner.left),
    height: Math.max(1, inner.bottom - inner.top),
  });
  const missing = {
    left: Math.max(0, inner.left - left),
    top: Math.max(0, inner.top - top),
    right: Math.max(0, right - inner.right),
    bottom: Math.max(0, bottom - inner.bottom),
  };
  const complete = Object.values(missing).every((side) => side === 0);
  // sharp resizes before it extends, so that a border needs a run of its own.
  const source = complete ? image : open(await pixels(image.extend({ ...missing, background: '#000000' })));
  const resized = source.resize(width, height, { fit: 'fill', kernel: 'linear' });
  return pixels(colour === 'grey' ? resized.greyscale() : resized);
}

/** A window of exactly `width` × `height`, copied without resampling; black where the picture ends. */
export function window(picture: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  const columns = Math.min(width, picture.width - left);
  for (let y = 0; y < Math.min(height, picture.height - top); y += 1) {
    const from = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + columns * channels), y * width * channels);
  }
  return { data, width, height, channels };
}

export type Planes = {
  readonly order?: 'rgb' | 'bgr';
  /** Subtracted from a value of 0–255, by channel in the order of the planes. */
  readonly mean?: readonly number[];
  /** What the difference is divided by. */
  readonly deviation?: readonly number[];
};

/** Channel after channel, as the models take their input. */
export function toPlanes(image: Pixels, { order = 'rgb', mean = [], deviation = [] }: Planes): Float32Array {
  const { data, channels } = image;
  const size = image.width * image.height;
  const planes = new Float32Array(size * channels);
  for (let plane = 0; plane < channels; plane += 1) {
    const channel = order === 'bgr' ? channels - 1 - plane : plane;
    const shift = mean[plane] ?? 0;
    const scale = 1 / (deviation[plane] ?? 1);
    for (let at = 0; at < size; at += 1) {
      planes[plane * size + at] = ((data[at * channels + channel] ?? 0) - shift) * scale;
    }
  }
  return planes;
}

/** A square with sides of `side` pixels on the centre of the box. */
export function squareAround(box: Box, side: number): Box {
  return {
    left: box.left + (box.width - side) / 2,
    top: box.top + (box.height - side) / 2,
    width: side,
    height: side,
  };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function open({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

async function pixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels === 1 ? 1 : 3 };
}
