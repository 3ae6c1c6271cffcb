/** What a check looked at. */
export type FindingCode =
  | 'number_checksum'
  | 'number_form'
  | 'age'
  | 'document_expiry'
  | 'duplicate_identity'
  | 'credit_code_checksum'
  | 'organisation_code_checksum'
  | 'company_known'
  | 'company_name'
  | 'images_complete'
  | 'document_reading'
  | 'face_match'
  | 'hand_held';

/** `attention`: a person should look. `not_run`: no such check exists in this installation, or not for this route. */
export type FindingOutcome = 'ok' | 'attention' | 'not_run';

/** What one check saw; never a conclusion, and never personal data. */
export type Finding = {
  readonly code: FindingCode;
  readonly outcome: FindingOutcome;
  /** A word about what was seen: `expires_soon`, `known_verified`, … */
  readonly detail?: string;
};
