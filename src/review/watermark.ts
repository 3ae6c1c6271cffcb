import sharp from 'sharp';
import type { Instant } from '../core/clock.ts';
import { glyphs } from './watermark-glyphs.ts';

const columns = 6;
const rows = 7;
const lineGap = 30;
/** Pixels; less is enlarged to it. */
const narrowest = 480;

/**
 * Marks a picture all over with who looked at it and when (login and UTC minute), so that a photograph of the screen
 * names its source. libvips works on its own threads; the result is a new JPEG without metadata.
 */
export async function watermark(jpeg: Buffer, login: string, at: Instant): Promise<Buffer> {
  const text = watermarkText(login, at);
  const { width: given, height: givenHeight } = await sharp(jpeg, { failOn: 'error' }).metadata();
  // A crop of a few lines is enlarged, so that the mark on it can be read.
  const width = Math.max(given, narrowest);
  const height = Math.round((givenHeight * width) / given);
  const image = sharp(jpeg, { failOn: 'error' }).resize({ width, height, fit: 'fill' });
  const cell = Math.max(2, Math.round(Math.min(width, height) / 240));
  const tile = Buffer.from(tileSvg(text, cell));
  const overlay = await sharp(tile).png().toBuffer();
  const { width: tileWidth = 1, height: tileHeight = 1 } = await sharp(overlay).metadata();
  const fitted =
    tileWidth > width || tileHeight > height
      ? await sharp(overlay)
          .extract({
            left: 0,
            top: 0,
            width: Math.min(tileWidth, width),
            height: Math.min(tileHeight, height),
          })
          .toBuffer()
      : overlay;
  return image
    .composite([{ input: fitted, tile: true, gravity: 'northwest' }])
    .jpeg({ quality: 85, mozjpeg: false })
    .toBuffer();
}

/** `li.hua 2026-03-04 09:30 utc` */
export function watermarkText(login: string, at: Instant): string {
  return `${login} ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} utc`.toLowerCase();
}

/**
 * One tile of the pattern: the text twice, shifted, with room between so that what is printed stays readable; light
 * with a dark edge so that it is seen on any ground.
 */
function tileSvg(text: string, cell: number): string {
  const width = (text.length * columns + 14) * cell;
  const height = (rows + lineGap) * 2 * cell;
  const line = (left: number, top: number) =>
    [...text].map((character, i) => glyphPath(character, left + i * columns * cell, top, cell)).join('');
  const shifted = (width / 2 - 14 * cell) | 0;
  const second = (rows + lineGap + 8) * cell;
  // The second line runs over the right edge and comes in again at the left: the tiles join without a seam.
  const path = line(7 * cell, 8 * cell) + line(shifted, second) + line(shifted - width, second);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<path d="${path}" fill="#000" fill-opacity=".34" transform="translate(${cell / 2} ${cell / 2})"/>` +
    `<path d="${path}" fill="#fff" fill-opacity=".5"/></svg>`
  );
}

function glyphPath(character: string, left: number, top: number, cell: number): string {
  const bitmap = glyphs[character] ?? glyphs['_'] ?? [];
  let path = '';
  bitmap.forEach((bits, row) => {
    for (let column = 0; column < 5; column++) {
      if (bits & (16 >> column)) {
        path += `M${left + column * cell} ${top + row * cell}h${cell}v${cell}h-${cell}z`;
      }
    }
  });
  return path;
}
