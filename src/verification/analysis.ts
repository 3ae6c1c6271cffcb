import type { CaseId } from '../core/ids.ts';
import type { CaseImage, ImageKind } from './case.ts';
import type { PromptsOutcome } from './prompts.ts';
import type { PictureReading, ReadField, Readings } from './reading/index.ts';
import type { PictureQuality, RecogniserFailure, RecogniserModels, SeenFace } from './recogniser.ts';

/** A face on file. Its template is never stored: it is measured again where the verdict needs it. */
export type FaceOnFile = Omit<SeenFace, 'template'>;

/** What the machine saw on one picture. Personal: sealed, and destroyed with the picture. */
export type ImageAnalysis = {
  readonly models: RecogniserModels;
  /** Absent when the recogniser could not look. */
  readonly quality?: PictureQuality;
  readonly reading?: PictureReading;
  /** JPEGs of the areas that the fields were read from. */
  readonly crops: { readonly [field in ReadField]?: Buffer };
  /** Largest first. */
  readonly faces: readonly FaceOnFile[];
  /** How the prompts of a face check were answered; absent for a picture from a file. */
  readonly prompts?: PromptsOutcome;
  /** Whether a business card or badge names the person and the company, and whom it was looked through for. */
  readonly supports?: {
    readonly name: boolean;
    readonly company: boolean;
    readonly sought: { readonly name: string; readonly company: string };
  };
  /** Why there is nothing to say; never about the person. */
  readonly failure?: RecogniserFailure;
};

/** Analyses of a case by what the pictures show. */
export type Analyses = { readonly [kind in ImageKind]?: ImageAnalysis };

/** What was read, by what the pictures show. */
export function readingsOf(analyses: Analyses): Readings {
  const pairs = Object.entries(analyses).flatMap(([kind, { reading }]) => (reading ? [[kind, reading]] : []));
  return Object.fromEntries(pairs) as Readings;
}

export type AnalysisStore = {
  /** Keeps what was seen on a picture, in place of what was seen before; nothing when the picture is gone. */
  save(image: CaseImage, analysis: ImageAnalysis): Promise<void>;
  /** What was seen on the current pictures of a case. */
  ofCase(caseId: CaseId): Promise<Analyses>;
};
