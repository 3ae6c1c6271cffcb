import type { Clock } from '../core/clock.ts';
import { ok } from '../core/result.ts';
import type { ImageAnalysis } from './analysis.ts';
import type { CaseAnswers, ImageKind } from './case.ts';
import { chinaDay } from './documents/calendar.ts';
import { judgePrompts, type Prompt, type PromptFaces } from './faces.ts';
import type { VerificationPolicy } from './policy.ts';
import type { PromptsOutcome } from './prompts.ts';
import {
  complaintAbout,
  confirmSupporting,
  faceComplaint,
  readPicture,
  type FacePicture,
  type PictureComplaint,
  type PictureReading,
  type ReadField,
} from './reading/index.ts';
import type { Box, DocumentSeen, FacesSeen, Recogniser, RecogniserFailure, SeenFace } from './recogniser.ts';

/** What was seen on a picture, and why it should be taken again. */
export type Examined = {
  readonly analysis: ImageAnalysis;
  readonly complaint: PictureComplaint | undefined;
};

/** A picture made safe, taken while a prompt was answered. */
export type PromptPicture = { readonly prompt: Prompt; readonly jpeg: Buffer };

/** What the answers say to look for; `actor` is the name of who acts for the company. */
export type Sought = Pick<CaseAnswers, 'documentType' | 'company'> & { readonly actor: string | undefined };

export type Examiner = {
  /**
   * Looks at a picture (plain JPEG) for what its kind promises and `answers` say. Never fails: what the recogniser could
   * not do is in the analysis. `frames` are the pictures of the prompts, for a selfie from the camera.
   */
  examine(
    kind: ImageKind,
    jpeg: Buffer,
    answers: Sought,
    frames?: readonly PromptPicture[],
  ): Promise<Examined>;
};

type Look = {
  /** Read text; `zone` and `codes` as of the port. */
  readonly read?: { readonly zone: boolean; readonly codes: boolean };
  /** Find faces; `thorough` as of the port. */
  readonly faces?: { readonly thorough: boolean };
};

/** What is looked for on each kind of picture. */
const looks: { readonly [kind in ImageKind]: Look } = {
  licence: { read: { zone: false, codes: true } },
  document_front: { read: { zone: false, codes: false }, faces: { thorough: false } },
  document_back: { read: { zone: true, codes: false } },
  document_page: { read: { zone: true, codes: false }, faces: { thorough: false } },
  selfie: { faces: { thorough: false } },
  hand_held: { faces: { thorough: true } },
  supporting: { read: { zone: false, codes: false } },
};

export type ExaminerDeps = {
  readonly recogniser: Recogniser;
  readonly clock: Clock;
  readonly policy: VerificationPolicy;
};

export function createExaminer({ recogniser, clock, policy }: ExaminerDeps): Examiner {
  const { models } = recogniser;
  const nothing = (failure: RecogniserFailure): Examined => ({
    analysis: { models, crops: {}, faces: [], failure },
    complaint: undefined,
  });

  async function read(kind: ImageKind, jpeg: Buffer, options: NonNullable<Look['read']>) {
    const result = await recogniser.read(jpeg, options);
    if (!result.ok) return result;
    const reading = readPicture(kind, result.seen, chinaDay(clock.now()));
    const crops = await cropsOf(jpeg, reading, result.seen.rotation);
    return ok({ seen: result.seen, reading, crops });
  }

  async function cropsOf(
    jpeg: Buffer,
    reading: PictureReading,
    rotation: 0 | 90 | 180 | 270,
  ): Promise<ImageAnalysis['crops']> {
    const placed = Object.entries(reading.fields).flatMap(([field, { box }]) =>
      box ? [[field as ReadField, box] as const] : [],
    );
    if (placed.length === 0) return {};
    const areas = placed.map(([, box]) => widened(box));
    const result = await recogniser.crop(jpeg, areas, rotation);
    if (!result.ok) return {};
    return Object.fromEntries(placed.map(([field], at) => [field, result.crops[at]]));
  }

  async function answerPrompts(
    front: FacesSeen,
    frames: readonly PromptPicture[],
  ): Promise<PromptsOutcome | undefined> {
    if (frames.length === 0) return undefined;
    const seen: PromptFaces[] = [{ prompt: 'front', faces: front.faces }];
    for (const { prompt, jpeg } of frames) {
      const result = await recogniser.findFaces(jpeg, { thorough: false });
      // Nothing is wrong with the person when the recogniser is.
      if (!result.ok) return undefined;
      seen.push({ prompt, faces: result.seen.faces });
    }
    const asked = frames.map(({ prompt }) => prompt);
    const judged = judgePrompts(asked, seen, policy.prompts);
    const aligned = seen.slice(1).flatMap(({ faces }) => faces[0]?.aligned ?? []);
    return { ...judged, frames: aligned };
  }

  return {
    async examine(kind, jpeg, { documentType, actor, company }, frames = []) {
      const look = looks[kind];
      const text = look.read && (await read(kind, jpeg, look.read));
      if (text && !text.ok) return nothing(text.reason);
      const found = look.faces && (await recogniser.findFaces(jpeg, look.faces));
      if (found && !found.ok) return nothing(found.reason);
      const faces = found?.seen.faces ?? [];
      const prompts = found && (await answerPrompts(found.seen, frames));
      const quality = text?.seen.quality ?? found?.seen.quality;
      return {
        analysis: {
          models,
          ...(quality ? { quality } : {}),
          ...(text ? { reading: text.reading } : {}),
          crops: text?.crops ?? {},
          faces: faces.map(withoutTemplate),
          ...(prompts ? { prompts } : {}),
          ...(kind === 'supporting' && text && actor && company
            ? { supports: supports(text.seen, { name: actor, company: company.name }) }
            : {}),
        },
        complaint:
          (text && complaintAbout(kind, documentType, text.seen, text.reading, policy.quality)) ??
          (found && faceComplaint(kind as FacePicture, found.seen, policy.quality)) ??
          (prompts && prompts.outcome !== 'passed' ? 'prompts_failed' : undefined),
      };
    },
  };
}

function supports(
  seen: DocumentSeen,
  sought: { name: string; company: string },
): NonNullable<ImageAnalysis['supports']> {
  return { ...confirmSupporting(seen, sought), sought };
}

/** A little more than the text itself, so that it can be read. */
function widened({ left, top, width, height }: Box): Box {
  const margin = Math.round(height / 2);
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return { left: x, top: y, width: width + 2 * margin, height: height + 2 * margin };
}

function withoutTemplate({ template: _, ...face }: SeenFace): Omit<SeenFace, 'template'> {
  return face;
}
