import type { CompanyState, MembershipRole, MembershipState } from '../companies/index.ts';
import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../core/ids.ts';

export type AccountState = 'active' | 'disabled' | 'closed';
export type PersonState = 'verified' | 'revoked' | 'expired';
/** How sure we are who someone is: `rn0` phone proven, `rn1` matched, `rn2` document and holder binding, `rn3` in person or chip. */
export type AssuranceLevel = 'rn0' | 'rn1' | 'rn2' | 'rn3';
export type CaseState =
  'open' | 'submitted' | 'in_review' | 'approved' | 'resubmission' | 'rejected' | 'withdrawn' | 'revoked';
/** What a verification case is about. */
export type CaseScope = 'person_and_company' | 'person' | 'company';

export type AccountFacts = {
  readonly state: AccountState;
  readonly phoneVerifiedAt: Instant | null;
  readonly candidate: boolean;
  readonly recruiter: boolean;
  readonly resumeComplete: boolean;
};

export type PersonFacts = {
  readonly state: PersonState;
  readonly level: AssuranceLevel;
  readonly verifiedAt: Instant;
  /** The instant from which the document no longer proves anything; null when it never expires. */
  readonly validUntil: Instant | null;
};

export type CompanyFacts = {
  readonly id: CompanyId;
  readonly name: string;
  readonly creditCode: string;
  readonly state: CompanyState;
  readonly verifiedAt: Instant | null;
  readonly recheckAt: Instant | null;
  /** True for a company that recruits for others and has no licence for that on record. */
  readonly lacksLicence?: boolean;
  /** When the licence to recruit for others ends; null or absent: no end, or none is needed. */
  readonly licenceUntil?: Instant | null;
};

export type MembershipFacts = {
  readonly id: MembershipId;
  readonly role: MembershipRole;
  readonly state: MembershipState;
  readonly validUntil: Instant | null;
  readonly company: CompanyFacts;
};

/** Everything the entitlements of one account are derived from; nothing else may influence them. */
export type Facts = {
  readonly accountId: AccountId;
  readonly account: AccountFacts;
  readonly person: PersonFacts | undefined;
  /** The newest verification case that was not withdrawn. */
  readonly caseState: CaseState | undefined;
  /** What it is about; both where it is absent. */
  readonly caseScope?: CaseScope | undefined;
  readonly memberships: readonly MembershipFacts[];
  /** Set by staff while something about the account is examined; stops every recruiter entitlement. */
  readonly held: boolean;
};
