import type { Instant } from '../core/clock.ts';
import type { Machine } from '../core/machine.ts';
import type { AccountId, CaseId, CompanyId, MembershipId } from '../core/ids.ts';

/** `lapsed`: the last check is too old. `unclaimed`: known by its code, nobody acts for it. */
export type CompanyState = 'unclaimed' | 'pending' | 'verified' | 'lapsed' | 'rejected' | 'revoked';
export type CompanyEvent = 'claim' | 'verify' | 'lapse' | 'reject' | 'release' | 'revoke';

export const companyMachine = {
  initial: 'unclaimed',
  states: {
    unclaimed: { claim: 'pending' },
    pending: { verify: 'verified', reject: 'rejected', release: 'unclaimed' },
    verified: { verify: 'verified', lapse: 'lapsed', revoke: 'revoked' },
    lapsed: { verify: 'verified', revoke: 'revoked' },
    rejected: { claim: 'pending' },
    revoked: { claim: 'pending' },
  },
} as const satisfies Machine<CompanyState, CompanyEvent>;

export type Company = {
  readonly id: CompanyId;
  /** Unified social credit code, the company's identity: renaming does not make another one. */
  readonly creditCode: string;
  /** The name it was verified under, or the first one given. */
  readonly name: string;
  readonly state: CompanyState;
  readonly verifiedAt: Instant | undefined;
  readonly recheckAt: Instant | undefined;
};

export type MembershipState = 'requested' | 'in_review' | 'active' | 'ended' | 'removed' | 'revoked';
export type MembershipEvent = 'apply' | 'activate' | 'end' | 'remove' | 'revoke';

export const membershipMachine = {
  initial: 'requested',
  states: {
    requested: { apply: 'in_review', end: 'ended' },
    in_review: { apply: 'in_review', activate: 'active', end: 'ended', revoke: 'revoked' },
    active: { apply: 'active', activate: 'active', end: 'ended', remove: 'removed', revoke: 'revoked' },
    ended: { apply: 'in_review' },
    removed: { apply: 'in_review' },
    revoked: { apply: 'in_review' },
  },
} as const satisfies Machine<MembershipState, MembershipEvent>;

export type Membership = {
  readonly id: MembershipId;
  readonly accountId: AccountId;
  readonly companyId: CompanyId;
  readonly role: 'recruiter' | 'administrator';
  readonly state: MembershipState;
  /** The case that asked for it or renewed it last. */
  readonly caseId: CaseId | undefined;
  readonly validUntil: Instant | undefined;
  readonly activatedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
};
