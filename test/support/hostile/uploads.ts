import { gzipSync } from 'node:zlib';
import type { ImageReason } from '../../../src/verification/images.ts';
import { exif, orientation, profilePart, segment, withSegments, withSides } from './jpeg.ts';
import {
  avif,
  begun,
  behind,
  blank,
  cut,
  GB,
  jpeg,
  laughs,
  MB,
  noise,
  pngOf,
  still,
  twoFrames,
  webp,
  withExtent,
  withLosslessSides,
  withoutAnimationBit,
} from './pictures.ts';
import { blankPng, chunk, internationalText, png, profile, zeroes } from './png.ts';

/** An upload that somebody makes to do harm, and how it may end: `taken` (made safe), or refused for a reason. */
export type HostileUpload = {
  readonly name: string;
  readonly make: () => Buffer | Promise<Buffer>;
  readonly ends: 'taken' | ImageReason;
  /** What must not be found in the picture that is made of it. */
  readonly traces?: readonly string[];
};

type Row = readonly [
  name: string,
  make: HostileUpload['make'],
  ends: HostileUpload['ends'],
  traces?: readonly string[],
];

const plain = { width: 420, height: 420 };
const blankRows = zeroes((420 * 3 + 1) * 420);

const bombs: readonly Row[] = [
  [
    'PNG of 100 MP in 12 KB',
    () => blankPng({ width: 10_000, height: 10_000, depth: 1, colour: 0 }),
    'too_many_pixels',
  ],
  ['PNG of 2³¹ × 2³¹', () => png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }, blankRows), 'unreadable'],
  ['PNG with a side of nothing', () => png({ width: 0, height: 420 }, blankRows), 'unreadable'],
  ['PNG of 420 px with 1 GB behind its last row', () => png(plain, zeroes(GB)), 'taken'],
  [
    'PNG with 1 GB of XMP',
    () => png(plain, blankRows, [internationalText('XML:com.adobe.xmp', zeroes(GB))]),
    'taken',
  ],
  ['PNG with a colour profile of 1 GB', () => png(plain, blankRows, [profile(zeroes(GB))]), 'taken'],
  ['JPEG of 100 MP', () => blank(10_000, 10_000).jpeg({ quality: 20 }).toBuffer(), 'too_many_pixels'],
  ['JPEG that says 65,500 × 65,500', async () => withSides(await jpeg(), 65_500, 65_500), 'too_many_pixels'],
  ['JPEG that says 7,000 × 7,000', async () => withSides(await jpeg(), 7000, 7000), 'taken'],
  ['JPEG with a side of nothing', async () => withSides(await jpeg(), 0, 0), 'unreadable'],
  [
    'WebP that says 16,383 × 16,383',
    async () => withLosslessSides(await still().webp({ lossless: true }).toBuffer(), 16_383),
    'too_many_pixels',
  ],
  [
    'WebP of 101 MP',
    () => blank(16_000, 6_300).webp({ quality: 1, effort: 0 }).toBuffer(),
    'too_many_pixels',
  ],
  ['AVIF that says 20,000 × 20,000', async () => withExtent(await avif(), 20_000), 'too_many_pixels'],
  ['AVIF that says 4 G × 4 G', async () => withExtent(await avif(), 2 ** 32 - 1), 'unreadable'],
  [
    'interlaced PNG of 49 MP, 64 bits each',
    () => blankPng({ width: 7000, height: 7000, depth: 16, colour: 6, interlaced: true }),
    'taken',
  ],
  [
    'progressive JPEG of 49 MP lying on its side',
    () =>
      blank(7000, 7000).withMetadata({ orientation: 6 }).jpeg({ progressive: true, quality: 20 }).toBuffer(),
    'taken',
  ],
  ['WebP of 49 MP', () => blank(7000, 7000).webp({ quality: 1, effort: 0 }).toBuffer(), 'taken'],
];

const polyglots: readonly Row[] = [
  [
    'JPEG with a page of HTML in its comment',
    async () => withSegments(await jpeg(), [segment(0xfe, Buffer.from('--><script>alert(1)</script>'))]),
    'taken',
    ['script'],
  ],
  [
    'JPEG and ZIP',
    () => behind(jpeg(), 'PK\x03\x04\x14\0evil.class PK\x05\x06'),
    'taken',
    ['PK\x03\x04', 'evil'],
  ],
  [
    'JPEG and PDF',
    async () => withSegments(await jpeg(), [segment(0xfe, Buffer.from('%PDF-1.7 /JavaScript'))]),
    'taken',
    ['%PDF', 'JavaScript'],
  ],
  [
    'PNG with PHP in its text',
    () => png(plain, blankRows, [chunk('tEXt', Buffer.from('Comment\0<?php system($_GET[0]); ?>'))]),
    'taken',
    ['php'],
  ],
  ['WebP and a script', () => behind(webp(), '*/=1;alert(document.cookie)//'), 'taken', ['alert']],
  ['GIF and JAR', () => behind(still().gif().toBuffer(), 'PK\x03\x04META-INF/MANIFEST.MF'), 'animated'],
  [
    'PDF that holds a JPEG',
    async () => Buffer.concat([Buffer.from('%PDF-1.4\n1 0 obj<</Filter/DCTDecode>>stream\n'), await jpeg()]),
    'pdf',
  ],
  [
    'a page of HTML that holds a JPEG',
    async () => Buffer.concat([Buffer.from('<!doctype html><script>1</script>'), await jpeg()]),
    'unsupported',
  ],
];

const vectors: readonly Row[] = [
  [
    'SVG with a script',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script></svg>'),
    'svg',
  ],
  [
    'SVG with an external entity',
    () => Buffer.from('<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg><text>&e;</text></svg>'),
    'svg',
  ],
  ['SVG that expands a billion times', () => Buffer.from(laughs('svg')), 'svg'],
  ['SVG of 10 MB', () => Buffer.from(`<svg>${'<rect width="9"/>'.repeat(600_000)}</svg>`), 'svg'],
  ['SVG of 10⁹ × 10⁹', () => Buffer.from('<svg width="1000000000" height="1000000000"/>'), 'svg'],
  ['SVG behind 4 KB of spaces', () => Buffer.from(`${' '.repeat(4096)}<svg/>`), 'unsupported'],
  [
    'SVG in UTF-16',
    () => Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg"/>', 'utf16le'),
    'unsupported',
  ],
  ['compressed SVG', () => gzipSync('<svg/>'), 'unsupported'],
  ['PDF', () => Buffer.from('%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>'), 'pdf'],
  ['PostScript', () => Buffer.from('%!PS-Adobe-3.0\n(/etc/passwd) (r) file'), 'unsupported'],
  [
    'ImageMagick script',
    () => Buffer.from("push graphic-context\nfill 'url(https://x.example/\"|ls)'\npop graphic-context"),
    'unsupported',
  ],
];

const animations: readonly Row[] = [
  ['GIF', () => still().gif().toBuffer(), 'animated'],
  ['APNG', () => png(plain, blankRows, [chunk('acTL', Buffer.of(0, 0, 0, 2, 0, 0, 0, 0))]), 'animated'],
  ['WebP of two frames', () => twoFrames(), 'animated'],
  [
    'WebP of two frames that calls itself still',
    async () => withoutAnimationBit(await twoFrames()),
    'unreadable',
  ],
  ['AVIF sequence', () => Buffer.from('\0\0\0\x1cftypavis\0\0\0\0avisavifmif1', 'latin1'), 'animated'],
];

const metadata: readonly Row[] = [
  [
    'EXIF with 65,535 entries of which none is there',
    async () => withSegments(await jpeg(), [exif([], { count: 65_535 })]),
    'taken',
  ],
  [
    'EXIF with 5,000 entries',
    async () =>
      withSegments(await jpeg(), [
        exif(Array.from({ length: 5000 }, (_, tag) => ({ tag, type: 4, count: 1, value: tag }))),
      ]),
    'taken',
  ],
  [
    'EXIF whose directory leads to itself',
    async () =>
      withSegments(await jpeg(), [
        exif(
          [
            orientation(1),
            { tag: 0x8769, type: 4, count: 1, value: 8 },
            { tag: 0x8825, type: 4, count: 1, value: 8 },
          ],
          { next: 8 },
        ),
      ]),
    'taken',
  ],
  [
    'EXIF value of 4 GB',
    async () =>
      withSegments(await jpeg(), [exif([{ tag: 0x010e, type: 2, count: 2 ** 32 - 1, value: 2 ** 32 - 2 }])]),
    'taken',
  ],
  ...[0, 9, 255, 65_535].map((value): Row => [
    `EXIF orientation ${value}`,
    async () => withSegments(await jpeg(), [exif([orientation(value)])]),
    'taken',
  ]),
  [
    'EXIF orientation that is a text',
    async () => withSegments(await jpeg(), [exif([orientation(0x41414141, 2)])]),
    'taken',
  ],
  [
    '200 EXIF segments of 64 KB',
    async () =>
      withSegments(
        await jpeg(),
        Array.from({ length: 200 }, () =>
          segment(
            0xe1,
            Buffer.concat([Buffer.from('Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff', 'latin1'), noise(65_000)]),
          ),
        ),
      ),
    'taken',
  ],
  [
    'XMP that expands a billion times',
    async () =>
      withSegments(await jpeg(), [
        segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${laughs('x:xmpmeta')}`)),
      ]),
    'taken',
  ],
  [
    '200 parts of a colour profile of noise',
    async () =>
      withSegments(
        await jpeg(),
        Array.from({ length: 200 }, (_, n) => profilePart(n + 1, 200, noise(65_000))),
      ),
    'taken',
  ],
  [
    'a colour profile that says it has 4 GB',
    async () =>
      withSegments(await jpeg(), [
        profilePart(1, 1, Buffer.concat([Buffer.of(255, 255, 255, 255), noise(4000)])),
      ]),
    'taken',
  ],
];

const broken: readonly Row[] = [
  ['nothing', () => Buffer.alloc(0), 'empty'],
  ['15 MB of noise', () => noise(15 * MB), 'unsupported'],
  ['more than 15 MB', () => noise(15 * MB + 1), 'too_large'],
  ['noise that begins like a JPEG', () => begun('\xff\xd8\xff\xe0', 15 * MB - 4), 'unreadable'],
  ['noise that begins like a PNG', () => begun('\x89PNG\r\n\x1a\n', 15 * MB - 8), 'unreadable'],
  ['noise that begins like a WebP', () => begun('RIFF\xf0\xff\xef\0WEBPVP8 ', 15 * MB - 16), 'unreadable'],
  [
    'noise that begins like an AVIF',
    () => begun('\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf', 15 * MB - 28),
    'unreadable',
  ],
  ...Object.entries({ JPEG: jpeg, PNG: pngOf, WebP: webp, AVIF: avif }).flatMap(([format, make]) =>
    [0.02, 0.5, 0.9].map((share): Row => [
      `${format} of which ${share * 100} % arrived`,
      () => cut(make(), share),
      'unreadable',
    ]),
  ),
];

export const hostileUploads: readonly HostileUpload[] = [
  ...bombs,
  ...polyglots,
  ...vectors,
  ...animations,
  ...metadata,
  ...broken,
].map(([name, make, ends, traces = []]) => ({ name, make, ends, traces }));
