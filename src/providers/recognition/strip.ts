import type { Quad } from '../../verification/recogniser.ts';
import { height, width } from './geometry.ts';
import type { Raster } from './raster.ts';

/**
 * Writes the pixels inside a rectangle, straightened and scaled to `columns` × `rows`, as blue, green and red planes
 * from −1 to 1, into `out`, whose rows are `stride` wide; what lies beside the picture is its nearest pixel.
 */
export function writeStrip(
  raster: Raster,
  quad: Quad,
  columns: number,
  rows: number,
  out: Float32Array,
  offset: number,
  stride: number,
): void {
  const [[ax, ay], [bx, by], , [dx, dy]] = quad;
  const plane = stride * rows;
  // Where the strip is smaller than its source, several samples a pixel keep thin strokes.
  const samplesX = Math.min(4, Math.max(1, Math.round(width(quad) / columns)));
  const samplesY = Math.min(4, Math.max(1, Math.round(height(quad) / rows)));
  const share = 1 / (samplesX * samplesY * 127.5);
  const colour = new Float64Array(3);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      colour.fill(0);
      for (let j = 0; j < samplesY; j++) {
        const t = (row + (j + 0.5) / samplesY) / rows;
        for (let i = 0; i < samplesX; i++) {
          const s = (column + (i + 0.5) / samplesX) / columns;
          addSample(raster, ax + (bx - ax) * s + (dx - ax) * t, ay + (by - ay) * s + (dy - ay) * t, colour);
        }
      }
      const at = offset + row * stride + column;
      out[at] = (colour[2] as number) * share - 1;
      out[at + plane] = (colour[1] as number) * share - 1;
      out[at + 2 * plane] = (colour[0] as number) * share - 1;
    }
  }
}

/** Bilinear; the centre of the first pixel is at 0.5. */
function addSample(
  { data, width: columns, height: rows }: Raster,
  x: number,
  y: number,
  colour: Float64Array,
) {
  const cx = Math.min(Math.max(x - 0.5, 0), columns - 1);
  const cy = Math.min(Math.max(y - 0.5, 0), rows - 1);
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [fx, fy] = [cx - x0, cy - y0];
  const right = x0 + 1 < columns ? 3 : 0;
  const below = y0 + 1 < rows ? 3 * columns : 0;
  const at = 3 * (y0 * columns + x0);
  for (let channel = 0; channel < 3; channel++) {
    const i = at + channel;
    const upper = (data[i] as number) * (1 - fx) + (data[i + right] as number) * fx;
    const lower = (data[i + below] as number) * (1 - fx) + (data[i + below + right] as number) * fx;
    colour[channel] = (colour[channel] as number) + upper * (1 - fy) + lower * fy;
  }
}
