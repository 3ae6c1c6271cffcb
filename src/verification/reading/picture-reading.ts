import type { DocumentType } from '../documents/document-types.ts';
import type { Box } from '../recogniser.ts';

/** What a picture turned out to show. `unknown`: text, but of no document that is known here. `nothing`: no text. */
export type Shown =
  | 'resident_id_front'
  | 'resident_id_back'
  | 'residence_permit_front'
  | 'residence_permit_back'
  | 'permanent_resident_front'
  | 'permanent_resident_back'
  | 'hk_macao_permit_front'
  | 'hk_macao_permit_back'
  | 'taiwan_permit_front'
  | 'taiwan_permit_back'
  | 'passport_page'
  | 'licence'
  | 'supporting'
  | 'unknown'
  | 'nothing';

export type ReadField =
  | 'name'
  | 'sex'
  | 'ethnicity'
  | 'birthDate'
  | 'address'
  | 'number'
  | 'authority'
  | 'validFrom'
  | 'expiresOn'
  | 'issuingState'
  | 'nationality'
  | 'companyName'
  | 'creditCode'
  | 'companyType'
  | 'legalRepresentative';

/**
 * Why a value should be looked at twice: `faint` (low confidence), `check_digit` (does not fit), `rare_character` (the
 * line may hold a character that the model does not know), `corrected` (made to fit by check digits), `sources_differ`
 * (two places of the document disagree).
 */
export type Doubt = 'faint' | 'check_digit' | 'rare_character' | 'corrected' | 'sources_differ';

export type FieldReading = {
  /** Canonical: dates as yyyy-mm-dd (`expiresOn` may be `long_term`), numbers compact, sex `male`/`female`, states ISO 3166-1 alpha-3. */
  readonly value: string;
  /** 0–1. */
  readonly confidence: number;
  /** Where it stands on the picture; absent for what came from a code or a zone. */
  readonly box?: Box;
  readonly doubt?: Doubt;
};

/** What was read from one picture of a document. Personal: sealed wherever it is stored. */
export type PictureReading = {
  readonly shows: Shown;
  /** Where the document settles its type. */
  readonly documentType?: DocumentType;
  readonly fields: { readonly [field in ReadField]?: FieldReading };
};

/** Why a picture should be taken again, the most useful one first; each has its own sentence (`verify.image.<complaint>`). */
export type PictureComplaint =
  | 'too_dark'
  | 'blurred'
  | 'glare'
  | 'cut_off'
  | 'too_far'
  | 'wrong_side'
  | 'wrong_document'
  | 'screen'
  | 'photocopy'
  | 'no_document'
  | 'no_face'
  | 'several_faces'
  | 'face_too_small'
  | 'no_card_face'
  | 'prompts_failed';
