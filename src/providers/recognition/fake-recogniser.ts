import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { failed, ok } from '../../core/result.ts';
import type {
  FacesSeen,
  PictureQuality,
  Recogniser,
  RecogniserFailure,
  SeenFace,
  TextLine,
} from '../../verification/index.ts';
import { readCodes } from './codes.ts';

/** What a test picture says of itself, in a QR code whose text is this prefix and JSON. */
export const FAKE_PREFIX = 'shiming-test:';

/** One face of a test picture. Faces of the same seed are the same person. */
type FakeFace = {
  readonly seed: string;
  /** Cosine to other faces of the seed; where absent 1, and 0.9 for a face that turns or closes its eyes. */
  readonly like?: number;
  readonly yaw?: number;
  readonly eyesOpen?: number;
  readonly liveness?: number;
};

/** The outcome that a test picture carries. */
export type FakeOutcome = {
  /** Lines of text, from the top down. */
  readonly lines?: readonly string[];
  /** Lines of a machine-readable zone. */
  readonly zone?: readonly string[];
  readonly codes?: readonly string[];
  readonly faces?: readonly FakeFace[];
  readonly quality?: Partial<PictureQuality>;
  readonly fails?: RecogniserFailure;
  /** Milliseconds that looking takes. */
  readonly slow?: number;
};

const models = { text: 'fake-text', face: 'fake-face' } as const;

/**
 * Sees what a QR code in the picture says, so that any outcome can be made by hand in a browser. A picture without such
 * a code is one that nobody could look at. For development and test suites; refused in production.
 */
export function createFakeRecogniser(): Recogniser {
  // One picture is asked about several times in a row.
  const read = new WeakMap<Buffer, Promise<FakeOutcome>>();
  const outcomeOf = async (jpeg: Buffer): Promise<FakeOutcome> => {
    const reading = read.get(jpeg) ?? readOutcome(jpeg);
    read.set(jpeg, reading);
    const outcome = await reading;
    if (outcome.slow) await pause(outcome.slow);
    return outcome;
  };

  return {
    models,
    async read(jpeg) {
      const { fails, lines = [], zone, codes = [], quality } = await outcomeOf(jpeg);
      if (fails) return failed(fails);
      const seen = {
        quality: qualityOf(quality),
        rotation: 0,
        lines: lines.map(toLine),
        zones: zone ? [zone] : [],
        codes,
      } as const;
      return ok({ seen });
    },
    async findFaces(jpeg) {
      const { fails, faces = [], quality } = await outcomeOf(jpeg);
      if (fails) return failed(fails);
      const seen: FacesSeen = {
        quality: qualityOf(quality),
        faces: faces.map((face, at) => toFace(face, at, jpeg)),
      };
      return ok({ seen });
    },
    async crop(jpeg, areas) {
      const { fails } = await outcomeOf(jpeg);
      // Any picture will do where nobody looks at it.
      return fails ? failed(fails) : ok({ crops: areas.map(() => jpeg) });
    },
    close: async () => {},
  };
}

async function readOutcome(jpeg: Buffer): Promise<FakeOutcome> {
  const text = (await readCodes(jpeg)).find((one) => one.startsWith(FAKE_PREFIX));
  return text === undefined ? { fails: 'unavailable' } : parse(text.slice(FAKE_PREFIX.length));
}

/** A code that is not JSON tells nothing. */
function parse(json: string): FakeOutcome {
  try {
    return JSON.parse(json) as FakeOutcome;
  } catch {
    return { fails: 'unavailable' };
  }
}

const fine: PictureQuality = {
  width: 1280,
  height: 808,
  sharpness: 500,
  brightness: 0.6,
  glare: [],
  colour: 0.2,
  screen: 0,
};

const qualityOf = (over: Partial<PictureQuality> = {}): PictureQuality => ({ ...fine, ...over });

/** Pixels of a character of text 40 px high. */
const advance = (character: string): number => (character === ' ' ? 0 : /[!-~]/.test(character) ? 22 : 40);

/** Lines stand below one another, 40 px high with 40 px between. */
function toLine(text: string, at: number): TextLine {
  const width = [...text].reduce((sum, character) => sum + advance(character), 0);
  const [left, top] = [100, 80 + at * 80];
  const quad = [
    [left, top],
    [left + width, top],
    [left + width, top + 40],
    [left, top + 40],
  ] as const;
  return { text, confidence: 0.98, quad };
}

function toFace(
  { seed, yaw = 0, eyesOpen = 1, liveness = 0.9, ...face }: FakeFace,
  at: number,
  jpeg: Buffer,
): SeenFace {
  const side = at === 0 ? 300 : 60;
  // A face that moved is never the very same picture.
  const like = face.like ?? (yaw === 0 && eyesOpen === 1 ? 1 : 0.9);
  return {
    box: { left: 100, top: 100 + at * 320, width: side, height: side },
    score: 0.99,
    yaw,
    pitch: 0,
    eyesOpen,
    liveness,
    template: templateOf(seed, like),
    aligned: jpeg,
  };
}

/** A unit vector of 512 for a seed; with `like` below 1, one at that cosine to it. */
function templateOf(seed: string, like: number): Float32Array {
  const [base, other] = [direction(seed), direction(`${seed}/other`)];
  const along = base.reduce((sum, value, at) => sum + value * (other[at] as number), 0);
  const across = unit(other.map((value, at) => value - along * (base[at] as number)));
  const rest = Math.sqrt(Math.max(0, 1 - like * like));
  return base.map((value, at) => like * value + rest * (across[at] as number));
}

function direction(seed: string): Float32Array {
  const bytes = Buffer.concat(
    Array.from({ length: 16 }, (_, part) => createHash('sha256').update(`${seed}:${part}`).digest()),
  );
  return unit(Float32Array.from(bytes, (byte) => byte - 127.5));
}

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
