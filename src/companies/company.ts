import type { Instant } from '../core/clock.ts';
import type { Machine } from '../core/machine.ts';
import type { AccountId, CaseId, CompanyId, MembershipId } from '../core/ids.ts';

/**
 * `unclaimed`: known by its code, nobody acts for it. `due`: verified, and to be verified again soon. `lapsed`: the last
 * check is too old. `revoked`: struck off, licence withdrawn, or obtained by deception.
 */
export type CompanyState = 'unclaimed' | 'pending' | 'verified' | 'due' | 'lapsed' | 'rejected' | 'revoked';
export type CompanyEvent = 'claim' | 'verify' | 'fall_due' | 'lapse' | 'reject' | 'release' | 'revoke';

export const companyMachine = {
  initial: 'unclaimed',
  states: {
    unclaimed: { claim: 'pending' },
    pending: { verify: 'verified', reject: 'rejected', release: 'unclaimed' },
    verified: { verify: 'verified', fall_due: 'due', lapse: 'lapsed', revoke: 'revoked' },
    due: { verify: 'verified', lapse: 'lapsed', revoke: 'revoked' },
    lapsed: { verify: 'verified', revoke: 'revoked' },
    rejected: { claim: 'pending' },
    revoked: { claim: 'pending' },
  },
} as const satisfies Machine<CompanyState, CompanyEvent>;

/** States in which a company stands verified, however soon it has to be verified again. */
export const standingStates: readonly CompanyState[] = ['verified', 'due'];

/**
 * For whom a company recruits: for itself, for others (human-resources service, which takes a licence of its own), or as
 * a public service.
 */
export type AccountClass = 'own' | 'commercial' | 'public';

export type Company = {
  readonly id: CompanyId;
  /** Unified social credit code, the company's identity: renaming does not make another one. */
  readonly creditCode: string;
  /** The name it was verified under, or the first one given. */
  readonly name: string;
  readonly state: CompanyState;
  readonly accountClass: AccountClass;
  readonly verifiedAt: Instant | undefined;
  /** When its verification lapses. */
  readonly recheckAt: Instant | undefined;
  /** When the sweep looks at it next. */
  readonly nextChangeAt: Instant | undefined;
  /** Reminders sent since it was verified last. */
  readonly reminders: number;
  /** When it first had an administrator. */
  readonly administeredAt: Instant | undefined;
};

export type MembershipState =
  | 'requested'
  | 'evidence_pending'
  | 'awaiting_admin'
  | 'in_review'
  | 'active'
  | 'due'
  | 'lapsed'
  | 'ended'
  | 'removed'
  | 'revoked';
export type MembershipEvent =
  | 'request'
  | 'ask_evidence'
  | 'ask_admin'
  | 'apply'
  | 'activate'
  | 'decline'
  | 'fall_due'
  | 'lapse'
  | 'end'
  | 'remove'
  | 'revoke';

/**
 * `ended`: by the member, or never begun. `removed`: by an administrator of the company. `revoked`: by staff. Whoever
 * was a member may ask again.
 */
export const membershipMachine = {
  initial: 'requested',
  states: {
    requested: { ask_evidence: 'evidence_pending', apply: 'in_review', end: 'ended' },
    evidence_pending: {
      ask_admin: 'awaiting_admin',
      apply: 'in_review',
      activate: 'active',
      end: 'ended',
    },
    awaiting_admin: {
      ask_evidence: 'evidence_pending',
      apply: 'in_review',
      activate: 'active',
      decline: 'ended',
      end: 'ended',
    },
    in_review: {
      ask_evidence: 'evidence_pending',
      apply: 'in_review',
      activate: 'active',
      end: 'ended',
      revoke: 'revoked',
    },
    active: {
      apply: 'active',
      activate: 'active',
      fall_due: 'due',
      lapse: 'lapsed',
      end: 'ended',
      remove: 'removed',
      revoke: 'revoked',
    },
    due: {
      apply: 'due',
      activate: 'active',
      lapse: 'lapsed',
      end: 'ended',
      remove: 'removed',
      revoke: 'revoked',
    },
    lapsed: {
      apply: 'in_review',
      ask_evidence: 'evidence_pending',
      activate: 'active',
      end: 'ended',
      remove: 'removed',
      revoke: 'revoked',
    },
    ended: { request: 'requested', apply: 'in_review' },
    removed: { request: 'requested', apply: 'in_review' },
    revoked: { request: 'requested', apply: 'in_review' },
  },
} as const satisfies Machine<MembershipState, MembershipEvent>;

/** States in which a member may act for the company. */
export const actingStates: readonly MembershipState[] = ['active', 'due'];
/** States in which somebody asked to act for a company and it is not settled. */
export const askingStates: readonly MembershipState[] = [
  'requested',
  'evidence_pending',
  'awaiting_admin',
  'in_review',
];

/** What showed that a member may act for the company, strongest first; `review`: a member of staff was satisfied. */
export type MembershipEvidence =
  | 'legal_representative'
  | 'administrator'
  | 'authorisation_letter'
  | 'micro_deposit'
  | 'company_email'
  | 'review';

export type MembershipRole = 'recruiter' | 'administrator';

export type Membership = {
  readonly id: MembershipId;
  readonly accountId: AccountId;
  readonly companyId: CompanyId;
  readonly role: MembershipRole;
  readonly state: MembershipState;
  readonly evidence: MembershipEvidence | undefined;
  /** The case that asked for it or renewed it last. */
  readonly caseId: CaseId | undefined;
  /** When it lapses; undefined: with nothing but the company. */
  readonly validUntil: Instant | undefined;
  /** When the sweep looks at it next. */
  readonly nextChangeAt: Instant | undefined;
  readonly activatedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  /** A code, for the person and for staff. */
  readonly endedReason: string | undefined;
};
