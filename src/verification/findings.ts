import type { ReviewPart } from './case.ts';
import type { PictureComplaint } from './reading/index.ts';

/** What a check looked at → the part of the case it is about. */
export const findingParts = {
  number_checksum: 'document',
  number_form: 'document',
  age: 'document',
  document_expiry: 'document',
  duplicate_identity: 'document',
  images_complete: 'document',
  document_reading: 'document',
  document_picture: 'document',
  document_data: 'document',
  document_name: 'document',
  credit_code_checksum: 'company',
  organisation_code_checksum: 'company',
  company_known: 'company',
  company_name: 'company',
  company_registry: 'company',
  licence_reading: 'company',
  licence_data: 'company',
  licence_picture: 'company',
  membership_evidence: 'company',
  supporting_document: 'company',
  face_match: 'holder',
  liveness_prompts: 'holder',
  liveness_hint: 'holder',
  hand_held: 'holder',
  hand_held_faces: 'holder',
  holder_picture: 'holder',
  authority: 'document',
} as const satisfies Record<string, ReviewPart>;

export type FindingCode = keyof typeof findingParts;

/**
 * `attention`: a person should look. `mismatch`: it speaks against the person. `unreadable`: the picture does not show
 * it. `not_run`: no such check exists in this installation, or not for this route. `measured`: see `value`; what it
 * means is the policy's to say.
 */
export type FindingOutcome = 'ok' | 'attention' | 'mismatch' | 'unreadable' | 'not_run' | 'measured';

/** What one check saw; never a conclusion, and never personal data. */
export type Finding = {
  readonly code: FindingCode;
  readonly outcome: FindingOutcome;
  /** A word about what was seen: `expires_soon`, `known_verified`, … */
  readonly detail?: string;
  /** What was measured; a cosine for faces, 0–1 for hints. */
  readonly value?: number;
  /** The model or source that saw it, with its version. */
  readonly source?: string;
};

/** A picture that was used in spite of a complaint is looked at by a person. */
export function pictureFinding(code: FindingCode, complaint: PictureComplaint | undefined): Finding {
  return complaint ? { code, outcome: 'attention', detail: complaint } : { code, outcome: 'ok' };
}
