import { likeness } from '../../src/verification/faces.ts';
import { faceComplaint } from '../../src/verification/reading/face-complaints.ts';
import { defaultQualityThresholds } from '../../src/verification/reading/thresholds.ts';
import type { FacesSeen, Recogniser } from '../../src/verification/recogniser.ts';
import { variations, type Person } from '../../test/support/faces.ts';
import * as specimens from '../../test/support/specimens.ts';
import { photoOf } from './documents.ts';

export type FaceLevel = 'L1' | 'L2' | 'L3';

/** Hand-held photos in which both faces were found, with the milliseconds that took. */
export type HandHeld = {
  readonly level: FaceLevel;
  readonly bothFound: boolean;
  readonly complaint: string;
  readonly ms: number;
};
/** The likeness of a document's portrait and a selfie. */
export type Likeness = {
  readonly level: FaceLevel;
  readonly samePerson: boolean;
  readonly cosine: number | undefined;
};

/** Photos of the two people holding their card, one for each seed. */
export async function handHeldPhotos(
  recogniser: Recogniser,
  level: FaceLevel,
  count: number,
): Promise<HandHeld[]> {
  const results: HandHeld[] = [];
  for (let seed = 0; seed < count; seed++) {
    const person = specimens.variousPerson({}, specimens.seededDice(seed));
    const who: Person = seed % 2 === 0 ? 'a' : 'b';
    const card = await specimens.idCardFront(person, { portrait: await photoOf(who, seed) });
    const held = await specimens.handHeld(person, { card, portrait: await photoOf(who, seed + 3) });
    const picture = await specimens.snapshot(held, level, seed);
    const started = performance.now();
    const seen = await facesOf(recogniser, picture, true);
    const ms = performance.now() - started;
    const complaint = faceComplaint('hand_held', seen, defaultQualityThresholds) ?? 'none';
    results.push({ level, ms, complaint, bothFound: seen.faces.length >= 2 });
  }
  return results;
}

/** Every second pair is of two people; the first photo stands on a card photographed at `level`. */
export async function documentsAndSelfies(
  recogniser: Recogniser,
  level: FaceLevel,
  count: number,
): Promise<Likeness[]> {
  const results: Likeness[] = [];
  for (let seed = 0; seed < count; seed++) {
    const who: Person = seed % 4 < 2 ? 'a' : 'b';
    const samePerson = seed % 2 === 0;
    const other: Person = who === 'a' ? 'b' : 'a';
    const person = specimens.variousPerson({}, specimens.seededDice(seed));
    const card = await specimens.idCardFront(person, { portrait: await photoOf(who, seed % variations) });
    const selfie = await specimens.selfie(person, {
      portrait: await photoOf(samePerson ? who : other, (seed + 3) % variations),
    });
    const [onCard, live] = [
      await facesOf(recogniser, await specimens.distort(card, level, seed), true),
      await facesOf(recogniser, await specimens.snapshot(selfie, level, seed), false),
    ];
    results.push({ level, samePerson, cosine: cosine(onCard, live) });
  }
  return results;
}

async function facesOf(recogniser: Recogniser, picture: Buffer, thorough: boolean): Promise<FacesSeen> {
  const found = await recogniser.findFaces(picture, { thorough });
  if (!found.ok) throw new Error(`faces: ${found.reason}`);
  return found.seen;
}

function cosine({ faces: [a] }: FacesSeen, { faces: [b] }: FacesSeen): number | undefined {
  if (!a || !b) return undefined;
  return likeness(a.template, b.template);
}
