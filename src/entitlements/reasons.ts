/**
 * `eligible`: everything holds. `limited`: the person can supply what is missing. `in_review`: somebody else has to
 * look. `suspended`: stopped by us. `ineligible`: not a recruiter, or refused.
 */
export type RecruiterStatus = 'eligible' | 'limited' | 'in_review' | 'suspended' | 'ineligible';

export type NextStep =
  | 'none'
  | 'wait'
  | 'contact_support'
  | 'choose_recruiter_role'
  | 'verify_phone'
  | 'start_verification'
  | 'continue_verification'
  | 'resubmit_steps'
  | 'renew_verification'
  | 'join_company'
  | 'prove_membership'
  | 'ask_administrator'
  | 'renew_membership'
  | 'renew_company'
  | 'show_company_licence';

type ReasonRow = { readonly status: Exclude<RecruiterStatus, 'eligible'>; readonly nextStep: NextStep };

/**
 * Every machine-readable reason for not being eligible, the status it leads to and the step that removes it. The
 * order is the order in which a person should deal with them: the first open reason names the next step.
 */
export const reasons = {
  account_closed: { status: 'ineligible', nextStep: 'none' },
  account_disabled: { status: 'suspended', nextStep: 'contact_support' },
  hold: { status: 'suspended', nextStep: 'contact_support' },
  not_recruiter: { status: 'ineligible', nextStep: 'choose_recruiter_role' },
  phone_unverified: { status: 'limited', nextStep: 'verify_phone' },
  person_revoked: { status: 'ineligible', nextStep: 'start_verification' },
  person_rejected: { status: 'ineligible', nextStep: 'start_verification' },
  person_resubmission: { status: 'limited', nextStep: 'resubmit_steps' },
  person_incomplete: { status: 'limited', nextStep: 'continue_verification' },
  person_unverified: { status: 'limited', nextStep: 'start_verification' },
  person_expired: { status: 'limited', nextStep: 'renew_verification' },
  person_check_too_old: { status: 'limited', nextStep: 'renew_verification' },
  person_level_too_low: { status: 'limited', nextStep: 'renew_verification' },
  person_in_review: { status: 'in_review', nextStep: 'wait' },
  company_revoked: { status: 'ineligible', nextStep: 'contact_support' },
  company_rejected: { status: 'ineligible', nextStep: 'join_company' },
  membership_revoked: { status: 'ineligible', nextStep: 'join_company' },
  company_resubmission: { status: 'limited', nextStep: 'resubmit_steps' },
  company_incomplete: { status: 'limited', nextStep: 'continue_verification' },
  company_missing: { status: 'limited', nextStep: 'join_company' },
  company_unclaimed: { status: 'limited', nextStep: 'join_company' },
  membership_ended: { status: 'limited', nextStep: 'join_company' },
  membership_unproved: { status: 'limited', nextStep: 'prove_membership' },
  membership_expired: { status: 'limited', nextStep: 'renew_membership' },
  company_lapsed: { status: 'limited', nextStep: 'renew_company' },
  company_check_too_old: { status: 'limited', nextStep: 'renew_company' },
  company_licence_missing: { status: 'limited', nextStep: 'show_company_licence' },
  company_in_review: { status: 'in_review', nextStep: 'wait' },
  membership_awaiting_admin: { status: 'in_review', nextStep: 'ask_administrator' },
  membership_in_review: { status: 'in_review', nextStep: 'wait' },
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof reasons;

/** Worst first: an open reason of an earlier status decides over those of later ones. */
export const severity = [
  'suspended',
  'ineligible',
  'limited',
  'in_review',
  'eligible',
] as const satisfies readonly RecruiterStatus[];

export const reasonOrder = Object.keys(reasons) as readonly Reason[];
