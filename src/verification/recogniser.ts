import type { Result } from '../core/result.ts';

/** Pixels of the picture as it was handed in (plain upright JPEG), origin at the top left. */
export type Point = readonly [x: number, y: number];
/** Corners of a run of text, clockwise, starting at the top left of the text as it is read. */
export type Quad = readonly [Point, Point, Point, Point];
/** An upright rectangle in pixels. */
export type Box = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

export type TextLine = {
  readonly text: string;
  /** Mean probability of its characters, 0–1. */
  readonly confidence: number;
  /** Probability of the least sure of its characters, 0–1; the mean where nobody says. */
  readonly weakest?: number;
  readonly quad: Quad;
};

/** What can be measured of a picture whatever it shows; judged by the policy, never here. */
export type PictureQuality = {
  readonly width: number;
  readonly height: number;
  /** Variance of the Laplacian of the luminance, measured at 960 px on the longer side; low means blurred. */
  readonly sharpness: number;
  /** Mean luminance, 0–1. */
  readonly brightness: number;
  /** Areas blown out to white that hold no text. */
  readonly glare: readonly Box[];
  /** Mean chroma, 0–1: near nought on a black-and-white copy. */
  readonly colour: number;
  /** 0–1: how much the fine pattern looks like the pixels of a screen. A hint, never a proof. */
  readonly screen: number;
};

/** The text of a picture of a document. */
export type DocumentSeen = {
  readonly quality: PictureQuality;
  /** Clockwise degrees by which the picture has to be turned for its text to be upright. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** In reading order. */
  readonly lines: readonly TextLine[];
  /**
   * Candidate readings of a machine-readable zone, best first, each two or three lines of `A–Z 0–9 <` as seen by
   * several passes; empty when there is none. Check digits are the reader's business.
   */
  readonly zones: readonly (readonly string[])[];
  /** Contents of QR codes. */
  readonly codes: readonly string[];
};

/** One face of a picture. */
export type SeenFace = {
  readonly box: Box;
  /** Probability that it is a face, 0–1. */
  readonly score: number;
  /** Degrees; positive when the nose points to the right of the picture. */
  readonly yaw: number;
  /** Degrees; positive when the nose points up. */
  readonly pitch: number;
  /** 0 closed – 1 open; the lesser of both eyes. */
  readonly eyesOpen: number;
  /** 0–1: how much it looks like a living face rather than a picture of one. A risk hint (recognition.md), never a claim. */
  readonly liveness: number;
  /** Unit vector; the cosine of two is their likeness. Biometric data: seal it and destroy it. */
  readonly template: Float32Array;
  /** The face turned upright and cropped, JPEG of 160 × 160 px, for a reviewer. */
  readonly aligned: Buffer;
};

export type FacesSeen = {
  readonly quality: PictureQuality;
  /** Largest first. */
  readonly faces: readonly SeenFace[];
};

/**
 * `busy`: too many pictures wait. `crashed`, `timeout`: this picture ended the recogniser twice; a person looks at it.
 * `unavailable`: recognition does not run in this installation. None of them is about the person.
 */
export type RecogniserFailure = 'busy' | 'crashed' | 'timeout' | 'unavailable';

/** Names and versions of the models, for the findings: `pp-ocrv4-mobile`, … */
export type RecogniserModels = { readonly text: string; readonly face: string };

/** Port: reads text and finds faces, apart from the rest of the program and at the lowest priority. */
export type Recogniser = {
  readonly models: RecogniserModels;
  /** `zone`: look for a machine-readable zone as well. `codes`: look for QR codes as well. */
  read(
    jpeg: Buffer,
    options: { readonly zone: boolean; readonly codes: boolean },
  ): Promise<Result<{ readonly seen: DocumentSeen }, RecogniserFailure>>;
  /** `thorough`: also small faces (the portrait on a card that somebody holds up), by tiles. */
  findFaces(
    jpeg: Buffer,
    options: { readonly thorough: boolean },
  ): Promise<Result<{ readonly seen: FacesSeen }, RecogniserFailure>>;
  /** Cuts areas out, turned upright by `rotation` (as in {@link DocumentSeen}); JPEG, at most 800 px wide. */
  crop(
    jpeg: Buffer,
    areas: readonly Box[],
    rotation: DocumentSeen['rotation'],
  ): Promise<Result<{ readonly crops: readonly Buffer[] }, RecogniserFailure>>;
  close(): Promise<void>;
};
