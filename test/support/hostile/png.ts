import { crc32, deflateSync } from 'node:zlib';

export type PngHeader = {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth?: 1 | 8 | 16;
  /** Colour type: 0 grey, 2 RGB, 6 RGB with transparency (PNG third edition, 11.2.1). */
  readonly colour?: 0 | 2 | 6;
  readonly interlaced?: boolean;
};

/** One chunk with its length and check sum. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A PNG of what `header` says around compressed samples; `before` are chunks that stand before them. */
export function png(header: PngHeader, samples: Buffer, before: readonly Buffer[] = []): Buffer {
  const { width, height, depth = 8, colour = 2, interlaced = false } = header;
  const fields = Buffer.alloc(13);
  fields.writeUInt32BE(width, 0);
  fields.writeUInt32BE(height, 4);
  fields.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', fields),
    ...before,
    chunk('IDAT', samples),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG of zeroes: enormous when decoded, tiny on the wire. */
export function blankPng(header: PngHeader, before: readonly Buffer[] = []): Buffer {
  const channels = { 0: 1, 2: 3, 6: 4 }[header.colour ?? 2];
  const row = Math.ceil((header.width * channels * (header.depth ?? 8)) / 8) + 1;
  // Seven passes have up to seven filter bytes for each row, and sides that are rounded up.
  const passes = header.interlaced ? 16 * (header.height + header.width) : 0;
  return png(header, zeroes(row * header.height + passes), before);
}

/** So many zero bytes, compressed; a gigabyte quickly rather than well. */
export function zeroes(count: number): Buffer {
  return deflateSync(Buffer.alloc(count), { level: count <= 2 ** 24 ? 6 : 1 });
}

/** A compressed text chunk (`iTXt`), such as one for XMP. */
export function internationalText(keyword: string, compressed: Buffer): Buffer {
  return chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\x01\0\0\0`, 'latin1'), compressed]));
}

/** An embedded colour profile, compressed. */
export function profile(compressed: Buffer): Buffer {
  return chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), compressed]));
}
