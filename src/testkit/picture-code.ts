import { create, type QRCode } from 'qrcode';
import sharp from 'sharp';
import { FAKE_PREFIX, type FakeOutcome } from '../providers/recognition/fake-recogniser.ts';

/** Pixels of a module; three survive a resize by half and a phone's JPEG. */
const moduleSize = 5;

/** Modules without ink on each side (ISO/IEC 18004). */
const quietZone = 4;

/** A QR code of any text as black squares on white, quiet zone included, to stand within an SVG; `size` in pixels. */
export function qrPath(content: string, left: number, top: number, size: number): string {
  return drawn(modulesOf(content), left, top, size);
}

/** The code that tells the fake recogniser what it sees, as an SVG of `side` × `side` pixels. */
export function tellingCode(outcome: unknown): { readonly svg: string; readonly side: number } {
  const modules = modulesOf(FAKE_PREFIX + JSON.stringify(outcome));
  const side = (modules.size + 2 * quietZone) * moduleSize;
  return { svg: drawn(modules, 0, 0, side), side };
}

type Modules = QRCode['modules'];

const modulesOf = (content: string): Modules => create(content, { errorCorrectionLevel: 'M' }).modules;

function drawn(modules: Modules, left: number, top: number, size: number): string {
  const side = modules.size + 2 * quietZone;
  const squares: string[] = [];
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) squares.push(`M${column + quietZone} ${row + quietZone}h1v1h-1z`);
    }
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" x="${left}" y="${top}" width="${size}" height="${size}" viewBox="0 0 ${side} ${side}" ` +
    `shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path d="${squares.join('')}"/></svg>`
  );
}

/** Least width and height in pixels; the program takes no picture whose shorter side has less than 400. */
const least = 480;

let taken = 0;

/**
 * A plain picture (JPEG) that says itself what a machine would see on it. No two are alike, as no two photographs are.
 */
export async function testPicture(seen: FakeOutcome): Promise<Buffer> {
  taken += 1;
  const { svg, side } = tellingCode(seen);
  const [width, height] = [Math.max(side + 160, least), Math.max(side, least)];
  const colour = `hsl(${(taken * 47) % 360} 60% ${40 + (taken % 30)}%)`;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="${colour}"/>${svg}</svg>`;
  return sharp(Buffer.from(picture)).jpeg({ quality: 85 }).toBuffer();
}
