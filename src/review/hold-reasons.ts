/**
 * Why a recruiter may be held. Each has three texts: `review.hold.<code>.staff` for the form, and `.person` and
 * `.remedy`, which the person reads on their account page and where they follow their verification.
 */
export const holdReasons = [
  'suspected_deception',
  'reported_by_candidates',
  'identity_in_doubt',
  'company_in_doubt',
  'account_used_by_others',
  'authority_request',
] as const;

export type HoldReason = (typeof holdReasons)[number];

/**
 * Why an account may be disabled; `review.disable.<code>` says it to staff. Apps are told the first two, which RISC 1.0
 * section 2.3 knows.
 */
export const disableReasons = [
  'hijacking',
  'bulk-account',
  'abuse',
  'authority_order',
  'own_request',
] as const;

export type DisableReason = (typeof disableReasons)[number];
