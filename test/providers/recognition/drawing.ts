import { createRequire } from 'node:module';
import sharp, { type OverlayOptions } from 'sharp';

const require = createRequire(import.meta.url);
/** Fonts from packages: what a test reads must not depend on the machine. */
const fonts = {
  chinese: ['Noto Sans SC', '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'],
  mono: ['B612 Mono', '@expo-google-fonts/b612-mono/400Regular/B612Mono_400Regular.ttf'],
} as const;

export type DrawnLine = {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  /** Pixels from the top of the ascenders to the foot of the descenders, roughly. */
  readonly size: number;
  readonly font?: keyof typeof fonts;
};

/** A page of the given colour with lines of text on it. */
export async function drawPage(
  width: number,
  height: number,
  lines: readonly DrawnLine[],
  more: readonly OverlayOptions[] = [],
  background = '#dce3e0',
): Promise<Buffer> {
  const overlays = await Promise.all(lines.map(overlay));
  return sharp({ create: { width, height, channels: 3, background } })
    .composite([...overlays, ...more])
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function overlay({ text, left, top, size, font = 'chinese' }: DrawnLine): Promise<OverlayOptions> {
  const [family, file] = fonts[font];
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const input = await sharp({
    text: {
      text: `<span foreground="#1c1c1c">${escaped}</span>`,
      font: family,
      fontfile: require.resolve(file),
      dpi: size * 4,
      rgba: true,
    },
  })
    .png()
    .toBuffer();
  return { input, left, top };
}
