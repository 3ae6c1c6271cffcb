import type { DocumentSeen, Recogniser } from '../../src/verification/recogniser.ts';
import type { Day } from '../../src/verification/documents/calendar.ts';
import { complaintAbout } from '../../src/verification/reading/complaints.ts';
import type {
  PictureComplaint,
  PictureReading,
  ReadField,
} from '../../src/verification/reading/picture-reading.ts';
import { readPicture } from '../../src/verification/reading/read-picture.ts';
import { defaultQualityThresholds } from '../../src/verification/reading/thresholds.ts';
import { distort, seededDice, type Distortion } from '../../test/support/specimens.ts';
import { documentKinds, type DocumentKind, type DocumentKindName } from './documents.ts';

/** `flagged`: wrong, but with a doubt, so that a person looks. `wrong`: nobody is warned. */
export type Outcome = 'right' | 'flagged' | 'wrong' | 'missing';

export type Attempt = {
  readonly kind: DocumentKindName;
  readonly distortion: Distortion;
  readonly seed: number;
  readonly outcomes: { readonly [field in ReadField]?: Outcome };
  readonly recognised: boolean;
  readonly complaint: PictureComplaint | undefined;
  readonly ms: number;
  readonly seen: DocumentSeen;
  readonly reading: PictureReading;
};

/** The day of the specimens: their validity is drawn around it. */
const today = '2026-11-01' as Day;

/** Draws one document, photographs it, reads it and compares; the same for the same seed. */
export async function attempt(
  recogniser: Recogniser,
  kind: DocumentKindName,
  distortion: Distortion,
  seed: number,
): Promise<Attempt> {
  const document: DocumentKind = documentKinds[kind];
  const { picture, truth } = await document.draw(seededDice(seed * 7919 + 1));
  const photo = await distort(picture, distortion, seed);
  const started = performance.now();
  const read = await recogniser.read(photo, { zone: true, codes: true });
  if (!read.ok) throw new Error(`${kind} ${distortion} ${seed}: ${read.reason}`);
  const reading = readPicture(document.image, read.seen, today);
  const complaint = complaintAbout(
    document.image,
    document.expected,
    read.seen,
    reading,
    defaultQualityThresholds,
  );
  const outcomes = Object.fromEntries(
    Object.entries(truth).map(([field, value]) => [field, outcomeOf(reading, field as ReadField, value)]),
  );
  return {
    kind,
    distortion,
    seed,
    outcomes,
    recognised: reading.shows === document.shows,
    complaint,
    ms: performance.now() - started,
    seen: read.seen,
    reading,
  };
}

function outcomeOf({ fields }: PictureReading, field: ReadField, truth: string): Outcome {
  const read = fields[field];
  if (!read) return 'missing';
  if (same(read.value, truth)) return 'right';
  return read.doubt ? 'flagged' : 'wrong';
}

/** Width of brackets and spaces is layout, not content. */
const same = (read: string, truth: string): boolean => folded(read) === folded(truth);
const folded = (text: string): string => text.normalize('NFKC').replace(/\s/gu, '');
