import { fetchPixel, type Raster } from '../faces/warp.ts';

type Point = readonly [x: number, y: number];
/** Corners of the document in the scene: top left, top right, bottom right, bottom left. */
export type Corners = readonly [Point, Point, Point, Point];
/** What lies under the document: a colour and how strong its grain is, in levels of 256. */
export type Table = { readonly colour: readonly [number, number, number]; readonly grain: number };

/** The document seen in perspective on a table, `width` × `height` px, each pixel from its four neighbours. */
export function photograph(
  document: Raster,
  corners: Corners,
  table: Table,
  { width, height }: { width: number; height: number },
): Raster {
  const [a, b, c, d, e, f, g, h] = homography(corners, document.width - 1, document.height - 1);
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const grainOfRow = Math.sin(y * 0.045) * 2;
    for (let x = 0; x < width; x++, at += 3) {
      const scale = g * x + h * y + 1;
      const u = (a * x + b * y + c) / scale;
      const v = (d * x + e * y + f) / scale;
      if (u >= 0 && v >= 0 && u < document.width - 1 && v < document.height - 1) {
        fetchPixel(document, u, v, data, at);
      } else {
        const grain = table.grain * Math.sin(x * 0.013 + grainOfRow);
        for (let channel = 0; channel < 3; channel++) data[at + channel] = table.colour[channel]! + grain;
      }
    }
  }
  return { data, width, height };
}

type Homography = readonly [number, number, number, number, number, number, number, number];

/** The eight coefficients that lead from the scene to the document: two equations for each corner. */
function homography(corners: Corners, width: number, height: number): Homography {
  const targets: readonly Point[] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  const rows = corners.flatMap(([x, y], at) => {
    const [u, v] = targets[at]!;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return solved(rows) as unknown as Homography;
}

/** Gauss–Jordan elimination with pivots; each row holds its coefficients and then its value. */
function solved(rows: number[][]): number[] {
  for (let column = 0; column < rows.length; column++) {
    const rest = rows.slice(column);
    const pivot = rest.reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    rows[rows.indexOf(pivot)] = rows[column]!;
    rows[column] = pivot.map((value) => value / pivot[column]!);
    for (const [at, row] of rows.entries()) {
      const factor = row[column]!;
      if (at !== column) rows[at] = row.map((value, i) => value - factor * rows[column]![i]!);
    }
  }
  return rows.map((row) => row.at(-1)!);
}
