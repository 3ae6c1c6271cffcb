import { create } from 'qrcode';
import sharp from 'sharp';

/** What the fake recogniser of the tests looks for in a picture: this, followed by JSON. */
export const fakePrefix = 'shiming-test:';

/** Pixels of a module; three survive a resize by half and a phone's JPEG. */
const moduleSize = 5;

/** A QR code of any text as black squares on white, four modules of quiet zone included; `size` in pixels. */
export function qrPath(content: string, left: number, top: number, size: number): string {
  const { modules } = create(content, { errorCorrectionLevel: 'M' });
  const side = modules.size + 8;
  const squares: string[] = [];
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) squares.push(`M${column + 4} ${row + 4}h1v1h-1z`);
    }
  }
  return (
    `<svg x="${left}" y="${top}" width="${size}" height="${size}" viewBox="0 0 ${side} ${side}" ` +
    `shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path d="${squares.join('')}"/></svg>`
  );
}

/** The code that tells the fake recogniser its outcome, as a PNG. */
async function fakeCode(outcome: unknown): Promise<Buffer> {
  const content = fakePrefix + JSON.stringify(outcome);
  const size = (create(content, { errorCorrectionLevel: 'M' }).modules.size + 8) * moduleSize;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${qrPath(content, 0, 0, size)}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/**
 * The picture with such a code on a white strip along its right edge, so that no field is covered. Stamp it last:
 * a distorted code may not be read.
 */
export async function withFakeCode(picture: Buffer, outcome: unknown): Promise<Buffer> {
  const code = await fakeCode(outcome);
  const { width: side = 0 } = await sharp(code).metadata();
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  return sharp(picture)
    .extend({ right: side, bottom: Math.max(0, side - height), background: '#fff' })
    .composite([{ input: code, left: width, top: 0 }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Whatever picture a function draws, with the code when an outcome is given. */
export async function stamped(picture: Promise<Buffer>, outcome: unknown): Promise<Buffer> {
  return outcome === undefined ? picture : withFakeCode(await picture, outcome);
}
