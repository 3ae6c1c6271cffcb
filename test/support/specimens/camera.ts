import sharp, { type Sharp } from 'sharp';

/** Films for `--use-file-for-fake-video-capture`: Motion JPEG, which Chromium plays at 30 frames a second, again and again. */

export type Shot = {
  /** JPEG, shown whole on grey where its shape differs from the film's. */
  readonly picture: Buffer;
  readonly seconds: number;
};

const framesPerSecond = 30;

/** One shot after the other; 640 × 480 px without `size`. A film starts when the page first asks for the camera. */
export async function film(
  shots: readonly Shot[],
  size: { width: number; height: number } = { width: 640, height: 480 },
): Promise<Buffer> {
  const frames = await Promise.all(
    shots.map(async ({ picture, seconds }) => {
      const shown = sharp(picture).resize({ ...size, fit: 'contain', background: '#8f9699' });
      return Array<Buffer>(Math.round(seconds * framesPerSecond)).fill(await frame(shown));
    }),
  );
  return Buffer.concat(frames.flat());
}

/** A film of one picture in its own shape, at most 1280 px. */
export async function still(picture: Buffer): Promise<Buffer> {
  const only = await frame(sharp(picture).resize(1280, 1280, { fit: 'inside' }));
  return Buffer.concat([only, only, only]);
}

function frame(picture: Sharp): Promise<Buffer> {
  return picture.jpeg({ quality: 90, chromaSubsampling: '4:2:0' }).toBuffer();
}
