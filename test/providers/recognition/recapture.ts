import sharp from 'sharp';

export type Screen = {
  /** Pixels of the photograph from one pixel of the screen to the next. */
  readonly pitch: number;
  /** Degrees between the rows of the screen and those of the photograph. */
  readonly angle: number;
  /** 0–1: how far the gaps between the screen's pixels darken. */
  readonly depth: number;
};

/** The picture as a camera sees it on a screen: red, green and blue stripes, dark gaps, a little blur and grain. */
export async function recaptured(picture: Buffer, { pitch, angle, depth }: Screen): Promise<Buffer> {
  const image = sharp(picture).removeAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const across = ((x * cos + y * sin) * 2 * Math.PI) / pitch;
      const down = ((y * cos - x * sin) * 2 * Math.PI) / pitch;
      const row = 1 - (depth / 2) * (1 + Math.cos(down));
      for (let channel = 0; channel < 3; channel++) {
        const stripe = 1 - (depth / 2) * (1 + Math.cos(across + (channel * 2 * Math.PI) / 3));
        const at = 3 * (y * info.width + x) + channel;
        data[at] = Math.round((data[at] as number) * stripe * row);
      }
    }
  }
  return photographed(data, info.width, info.height);
}

/** A plain photograph of the same thing: a little blur and grain. */
export async function photograph(picture: Buffer): Promise<Buffer> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return photographed(data, info.width, info.height);
}

async function photographed(data: Buffer, width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 10 } as const;
  const grain = sharp({ create: { width, height, channels: 3, background: '#808080', noise } }).png();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .blur(0.6)
    .composite([{ input: await grain.toBuffer(), blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
}
