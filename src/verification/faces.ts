import type { Box, SeenFace } from './recogniser.ts';

/** Thresholds of likeness: from `match` upwards one person, below `mismatch` two, a reviewer in between. */
export type LikenessPolicy = { readonly match: number; readonly mismatch: number };

/** The cosine of two templates, −1 to 1. */
export function likeness(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

export function compareFaces(
  value: number,
  { match, mismatch }: LikenessPolicy,
): 'match' | 'unsure' | 'mismatch' {
  if (value >= match) return 'match';
  // Also what is no number is no mismatch: a person looks at it.
  return value < mismatch ? 'mismatch' : 'unsure';
}

/** A face on a card is at most this share of the width of the holder's. */
const cardShare = 0.6;
/** Hands hold a card within this many heights of the holder's face. */
const armsReach = 4;

/**
 * Who holds a card in the picture, and the face on that card. The person is the largest face; the card's is the smaller
 * one that is most alike to the portrait of the document, or, without that portrait, the one nearest to the person.
 * Whether the two are alike decides nothing here: it is what the pairing is made for.
 */
export function pairHandHeld(
  faces: readonly SeenFace[],
  documentTemplate?: Float32Array,
): { readonly person: SeenFace; readonly card?: SeenFace } | undefined {
  const [person, ...others] = faces.toSorted((a, b) => area(b.box) - area(a.box));
  if (!person) return undefined;
  const within = others.filter(
    ({ box }) =>
      box.width <= cardShare * person.box.width && distance(box, person.box) <= armsReach * person.box.height,
  );
  const rank = ({ box, template }: SeenFace): number =>
    documentTemplate ? -likeness(template, documentTemplate) : distance(box, person.box);
  const [card] = within.toSorted((a, b) => rank(a) - rank(b));
  return card ? { person, card } : { person };
}

function area({ width, height }: Box): number {
  return width * height;
}

/** Between the centres, in pixels. */
function distance(a: Box, b: Box): number {
  return Math.hypot(a.left + a.width / 2 - b.left - b.width / 2, a.top + a.height / 2 - b.top - b.height / 2);
}

/** What the person is asked to do: turn the head to THEIR left or right, or close both eyes for a moment. */
export type Prompt = 'left' | 'right' | 'blink';

/** The faces of a picture of the camera, as it sees and never mirrored, taken for a prompt; `front` is the look straight ahead. */
export type PromptFaces = { readonly prompt: 'front' | Prompt; readonly faces: readonly SeenFace[] };

export type PromptThresholds = {
  /** Degrees by which yaw must change from the frontal picture, in the direction that was asked for. */
  readonly turn: number;
  /** Likeness with the frontal picture from which it is the same person; a head turned away is less alike. */
  readonly samePerson: number;
};

/** Degrees of yaw up to which a frontal picture is one. */
const frontal = 20;
/** Openness (0–1) below which eyes are closed, and above which they are open. */
const eyesClosed = 0.3;
const eyesOpen = 0.6;
/** Likeness from which two frames are one picture: two frames of a camera differ by more. */
const samePicture = 0.9995;

/** `failed`: the frames speak against a living person who follows; `unclear`: they do not show enough to say. */
export type PromptJudgement = {
  readonly outcome: 'passed' | 'failed' | 'unclear';
  /** A code for findings, with the prompt it is about: `not_turned:left`; `followed` when all went well. */
  readonly detail: string;
};

const followed: PromptJudgement = { outcome: 'passed', detail: 'followed' };

/**
 * Whether one person followed all prompts in front of the camera. Several frames for a prompt are several attempts, one
 * good one is enough. Who turns to their left has the nose to the right of the unmirrored picture: yaw grows. It shows
 * that no still picture was held to the camera; it cannot show that there was a camera (decision 0074).
 */
export function judgePrompts(
  prompts: readonly Prompt[],
  frames: readonly PromptFaces[],
  thresholds: PromptThresholds,
): PromptJudgement {
  if (prompts.length === 0) return unclear('no_prompts');
  const fronts = alone(frames, 'front');
  if (typeof fronts === 'string') return unclear(fronts);
  const front = fronts.find(({ yaw }) => Math.abs(yaw) <= frontal);
  if (!front) return unclear('not_frontal:front');
  if (isOnePicture(frames, front)) return failed('same_picture');
  const judgements = prompts.map((prompt) => judgePrompt(prompt, frames, front, thresholds));
  return (
    judgements.find(({ outcome }) => outcome === 'failed') ??
    judgements.find(({ outcome }) => outcome === 'unclear') ??
    followed
  );
}

function judgePrompt(
  prompt: Prompt,
  frames: readonly PromptFaces[],
  front: SeenFace,
  thresholds: PromptThresholds,
): PromptJudgement {
  const attempts = alone(frames, prompt);
  if (typeof attempts === 'string') return unclear(attempts);
  const judgements = attempts.map((face) => judgeFace(prompt, face, front, thresholds));
  const rank = { passed: 0, unclear: 1, failed: 2 };
  return judgements.toSorted((a, b) => rank[a.outcome] - rank[b.outcome])[0] ?? unclear(`no_frame:${prompt}`);
}

function judgeFace(
  prompt: Prompt,
  face: SeenFace,
  front: SeenFace,
  thresholds: PromptThresholds,
): PromptJudgement {
  // Written so that a comparison with what is no number never passes.
  if (!(likeness(face.template, front.template) >= thresholds.samePerson))
    return failed(`other_person:${prompt}`);
  if (prompt === 'blink') return judgeBlink(face, front);
  const turned = (face.yaw - front.yaw) * (prompt === 'left' ? 1 : -1);
  if (turned >= thresholds.turn) return followed;
  return failed(`${turned <= -thresholds.turn ? 'turned_away' : 'not_turned'}:${prompt}`);
}

function judgeBlink(face: SeenFace, front: SeenFace): PromptJudgement {
  if (!(front.eyesOpen >= eyesOpen)) return unclear('eyes_not_open:front');
  return face.eyesOpen <= eyesClosed ? followed : failed('eyes_not_closed:blink');
}

/** The faces of the frames of a prompt that show exactly one, or why there is none. */
function alone(frames: readonly PromptFaces[], prompt: PromptFaces['prompt']): readonly SeenFace[] | string {
  const taken = frames.filter((frame) => frame.prompt === prompt);
  if (taken.length === 0) return `no_frame:${prompt}`;
  const faces = taken.flatMap((frame) => (frame.faces.length === 1 ? frame.faces : []));
  if (faces.length > 0) return faces;
  return taken.some((frame) => frame.faces.length > 1) ? `several_faces:${prompt}` : `no_face:${prompt}`;
}

function isOnePicture(frames: readonly PromptFaces[], front: SeenFace): boolean {
  const others = frames.flatMap(({ faces }) => faces).filter((face) => face !== front);
  return (
    others.length > 0 && others.every(({ template }) => likeness(template, front.template) >= samePicture)
  );
}

function failed(detail: string): PromptJudgement {
  return { outcome: 'failed', detail };
}

function unclear(detail: string): PromptJudgement {
  return { outcome: 'unclear', detail };
}
