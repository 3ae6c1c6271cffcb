import type { Instant } from '../core/clock.ts';
import type { AccountId, CheckPictureId, CompanyCheckId, CompanyId, StaffId } from '../core/ids.ts';
import type { Machine } from '../core/machine.ts';
import type { PictureComplaint, PictureReading } from '../verification/index.ts';

/**
 * Evidence about a company or a membership that is handed in outside a personal verification. `licence_renewal`: the
 * business licence again. `authorisation_letter`: sealed by the company, for one member. `commercial_licence`: the
 * licence to recruit for others. `micro_deposit`: an amount that only the company sees, for one member.
 */
export const companyCheckKinds = [
  'licence_renewal',
  'authorisation_letter',
  'commercial_licence',
  'micro_deposit',
] as const;
export type CompanyCheckKind = (typeof companyCheckKinds)[number];

/** Kinds that show a picture, which a reviewer may have to look at. */
export type PicturedKind = Exclude<CompanyCheckKind, 'micro_deposit'>;

export type CompanyCheckState = 'open' | 'submitted' | 'approved' | 'rejected' | 'withdrawn';
export type CompanyCheckEvent = 'submit' | 'approve' | 'reject' | 'withdraw';

/** `open`: being filled in. `submitted`: waits for the machine, a reviewer or, for a deposit, for its amount. */
export const companyCheckMachine = {
  initial: 'open',
  states: {
    open: { submit: 'submitted', withdraw: 'withdrawn' },
    submitted: { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' },
    approved: {},
    rejected: {},
    withdrawn: {},
  },
} as const satisfies Machine<CompanyCheckState, CompanyCheckEvent>;

export const checkFindings = [
  'picture',
  'reading',
  'credit_code',
  'company_name',
  'legal_representative',
  'validity',
  'registry',
] as const;

/** What the machine saw of a licence; never a value. Renewed by the machine exactly when all of them are `ok`. */
export type CheckFinding = {
  readonly code: (typeof checkFindings)[number];
  readonly outcome: 'ok' | 'attention' | 'not_run';
  readonly detail?: string;
};

/** What is confidential about a check; sealed. */
export type CheckDetails = {
  /** What was read from the current picture; absent where nobody could look. */
  readonly read?: PictureReading;
  /** Last day that the letter names, yyyy-mm-dd; absent: without end. */
  readonly letterUntil?: string;
  readonly licenceNumber?: string;
  /** Last day of the licence to recruit for others, yyyy-mm-dd. */
  readonly licenceUntil?: string;
  readonly accountNumber?: string;
  /** What was asked to be sent; hundredths of a yuan. */
  readonly drawn?: number;
  /** What was sent; hundredths of a yuan. */
  readonly amount?: number;
  /** To who handed it in. */
  readonly message?: string;
};

/** Why a check was rejected by a reviewer, each with a text for the person: `company_checks.reason.<code>`. */
export const rejectionReasons = {
  image_unreadable: ['licence_renewal', 'authorisation_letter', 'commercial_licence'],
  wrong_document: ['licence_renewal', 'authorisation_letter', 'commercial_licence'],
  document_expired: ['licence_renewal', 'authorisation_letter', 'commercial_licence'],
  other_company: ['licence_renewal', 'authorisation_letter', 'commercial_licence'],
  seal_missing: ['authorisation_letter'],
  other_person: ['authorisation_letter'],
  not_for_recruiting: ['authorisation_letter', 'commercial_licence'],
  number_differs: ['commercial_licence'],
  document_altered: ['licence_renewal', 'authorisation_letter', 'commercial_licence'],
  company_not_operating: ['licence_renewal'],
} as const satisfies Readonly<Record<string, readonly PicturedKind[]>>;
export type CheckRejection = keyof typeof rejectionReasons;

/** Why a deposit ended without a reviewer, or a check that nothing can come of any more. */
export type CheckEnd =
  | CheckRejection
  | 'attempts_used'
  | 'deposit_expired'
  | 'deposit_refused'
  | 'membership_over'
  | 'company_over'
  | 'abandoned';

export type CompanyCheck = {
  readonly id: CompanyCheckId;
  readonly companyId: CompanyId;
  /** Who handed it in. */
  readonly accountId: AccountId;
  readonly kind: CompanyCheckKind;
  readonly state: CompanyCheckState;
  /** Grows with every change; claims are none. */
  readonly version: number;
  /** Undefined once its data key was destroyed. */
  readonly details: CheckDetails | undefined;
  readonly findings: readonly CheckFinding[];
  /** Wrong amounts entered. */
  readonly attempts: number;
  readonly decidedBy: StaffId | 'machine' | undefined;
  readonly reason: CheckEnd | undefined;
  readonly createdAt: Instant;
  readonly submittedAt: Instant | undefined;
  readonly decidedAt: Instant | undefined;
  readonly claim: CheckClaim | undefined;
};

/** Who looks at a check; nobody else can until it expires. */
export type CheckClaim = {
  readonly staffId: StaffId;
  readonly claimedAt: Instant;
  readonly expiresAt: Instant;
};

/** The record of a picture; its bytes are an object of this id, sealed under the check. */
export type CheckPicture = {
  readonly id: CheckPictureId;
  readonly checkId: CompanyCheckId;
  readonly state: 'pending' | 'stored' | 'destroying' | 'destroyed';
  readonly width: number;
  readonly height: number;
  readonly complaint: PictureComplaint | undefined;
};
