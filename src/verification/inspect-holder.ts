import type { ImageAnalysis } from './analysis.ts';
import { pictureFinding, type Finding } from './findings.ts';
import type { OfPerson } from './inspect.ts';

/** Cosines between faces of a case; absent where one of the two was not found or not looked for: then `reason` says why. */
export type Likenesses = {
  readonly reason?: 'no_consent' | 'no_portrait' | 'no_face';
  /** Portrait of the document and the person. */
  readonly holder?: number;
  /** Portrait of the document and that of the card in the person's hand. */
  readonly card?: number;
};

/** Whether the person who hands the document in is the one on it. */
export function holderFindings(input: OfPerson): Finding[] {
  const { route } = input.case;
  return route === 'face' ? faceRoute(input) : handHeldRoute(input);
}

function faceRoute({ analyses, images, likenesses }: OfPerson): Finding[] {
  const selfie = analyses.selfie;
  const source = selfie ? { source: selfie.models.face } : {};
  const complaint = images.find(({ kind }) => kind === 'selfie')?.complaint;
  return [
    likenesses.holder === undefined
      ? { code: 'face_match', outcome: 'not_run', detail: likenesses.reason ?? whyNot(selfie) }
      : { code: 'face_match', outcome: 'measured', value: rounded(likenesses.holder), ...source },
    prompts(selfie, complaint !== undefined),
    // What is wrong with the prompts is said there.
    pictureFinding('holder_picture', complaint === 'prompts_failed' ? undefined : complaint),
    selfie?.faces[0]
      ? { code: 'liveness_hint', outcome: 'measured', value: rounded(selfie.faces[0].liveness), ...source }
      : { code: 'liveness_hint', outcome: 'not_run', detail: whyNot(selfie) },
  ];
}

function prompts(selfie: ImageAnalysis | undefined, insisted: boolean): Finding {
  const answered = selfie?.prompts;
  if (!answered) return { code: 'liveness_prompts', outcome: 'not_run', detail: 'from_file' };
  if (answered.outcome === 'passed')
    return { code: 'liveness_prompts', outcome: 'ok', detail: answered.detail };
  // The person was asked again when they handed it in, and insisted: a reviewer looks, nobody is asked in circles.
  const outcome = insisted ? 'attention' : 'unreadable';
  return { code: 'liveness_prompts', outcome, detail: answered.detail };
}

/** Always decided by a person; the machine only lays the two faces beside each other. */
function handHeldRoute({ analyses, images, likenesses }: OfPerson): Finding[] {
  const held = analyses.hand_held;
  const source = held ? { source: held.models.face } : {};
  const match: Finding =
    likenesses.holder === undefined
      ? { code: 'face_match', outcome: 'not_run', detail: likenesses.reason ?? whyNot(held) }
      : { code: 'face_match', outcome: 'measured', value: rounded(likenesses.holder), ...source };
  const card: Finding =
    likenesses.card === undefined
      ? { code: 'hand_held_faces', outcome: 'not_run', detail: likenesses.reason ?? whyNot(held) }
      : { code: 'hand_held_faces', outcome: 'measured', value: rounded(likenesses.card), ...source };
  return [
    match,
    card,
    { code: 'liveness_prompts', outcome: 'not_run', detail: 'other_route' },
    pictureFinding('holder_picture', images.find(({ kind }) => kind === 'hand_held')?.complaint),
    { code: 'hand_held', outcome: 'attention', detail: 'person_compares' },
  ];
}

function whyNot(analysis: ImageAnalysis | undefined): string {
  if (!analysis) return 'unseen';
  return analysis.failure ?? 'no_face';
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
