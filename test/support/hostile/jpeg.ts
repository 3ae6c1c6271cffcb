/** The longest payload of a segment: its length field counts itself. */
const LONGEST = 65_533;

/** A segment such as APP1 (0xe1) or a comment (0xfe). */
export function segment(marker: number, payload: Buffer): Buffer {
  if (payload.length > LONGEST) throw new Error('a segment holds 65,533 bytes');
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

/** The picture with segments right after its beginning. */
export function withSegments(jpeg: Buffer, segments: readonly Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** The picture with other sides in its frame header (SOF, ITU-T T.81 B.2.2); the data stay. */
export function withSides(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  for (let at = 2; at < changed.length - 9; at += 2 + changed.readUInt16BE(at + 2)) {
    const marker = changed[at + 1] ?? 0;
    if (marker < 0xc0 || marker > 0xc2) continue;
    changed.writeUInt16BE(height, at + 5);
    changed.writeUInt16BE(width, at + 7);
    return changed;
  }
  throw new Error('no frame header');
}

export type Entry = {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
};

const ORIENTATION = 0x0112;
export const orientation = (value: number, type = 3): Entry => ({ tag: ORIENTATION, type, count: 1, value });

/** An EXIF segment with one directory; `next` is where the following directory is said to be (TIFF 6.0, section 2). */
export function exif(entries: readonly Entry[], { next = 0, count = entries.length } = {}): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16BE(count, 0);
  for (const [at, { tag, type, count: values, value }] of entries.entries()) {
    const start = 2 + at * 12;
    directory.writeUInt16BE(tag, start);
    directory.writeUInt16BE(type, start + 2);
    directory.writeUInt32BE(values, start + 4);
    // A short stands at the left of its four bytes.
    directory.writeUInt32BE(type === 3 ? value * 0x10000 : value, start + 8);
  }
  directory.writeUInt32BE(next, directory.length - 4);
  const tiff = Buffer.from('MM\0\x2a\0\0\0\x08', 'latin1');
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, directory]));
}

/** A part of a colour profile; `parts` of them are said to exist. */
export function profilePart(part: number, parts: number, data: Buffer): Buffer {
  return segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.of(part, parts), data]));
}
