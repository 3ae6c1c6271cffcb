import { actingStates, askingStates, standingStates } from '../companies/index.ts';
import type { Instant } from '../core/clock.ts';
import type { CompanyId } from '../core/ids.ts';
import type { CaseState, CompanyFacts, Facts, MembershipFacts } from './facts.ts';
import type { RecruiterPolicy } from './policy.ts';
import {
  reasonOrder,
  reasons,
  severity,
  type NextStep,
  type Reason,
  type RecruiterStatus,
} from './reasons.ts';

export type Derivation = {
  readonly status: RecruiterStatus;
  /** Every open reason, in the order in which to deal with them; empty exactly when eligible. */
  readonly reasons: readonly Reason[];
  readonly nextStep: NextStep;
  /** The company the person recruits for; set exactly when a membership was considered. */
  readonly companyId: CompanyId | null;
  /** Its unified social credit code, which tokens carry. */
  readonly companyCode: string | null;
  /** The first instant after now at which time alone may change this derivation; null when none can. */
  readonly recheckAt: Instant | null;
};

/** Facts and the time in, the recruiter status out: the rule of product.md section 3, and nothing is remembered. */
export function deriveRecruiter(facts: Facts, now: Instant, policy: RecruiterPolicy): Derivation {
  const [membership] = leastToDoFirst(facts.memberships, now, policy);
  const ofPerson = personReasons(facts, now, policy);
  const open = new Set<Reason>([
    ...accountReasons(facts),
    ...ofPerson,
    ...(membership ? membershipReasons(membership, now, policy) : withoutCompany(facts, ofPerson)),
    ...(membership && ofPerson.length === 0 ? askedAgain(facts, membership) : []),
  ]);
  const ordered = reasonOrder.filter((reason) => open.has(reason));
  const status = statusOf(ordered);
  const decisive = ordered.find((reason) => reasons[reason].status === status);
  return {
    status,
    reasons: ordered,
    nextStep: decisive ? reasons[decisive].nextStep : 'none',
    companyId: membership?.company.id ?? null,
    companyCode: membership?.company.creditCode ?? null,
    recheckAt: nextChange(facts, now, policy),
  };
}

/** Whether a membership lets its holder act for the company at this moment. */
export function isActive(membership: MembershipFacts, now: Instant): boolean {
  const { state, validUntil } = membership;
  return actingStates.includes(state) && !isPast(validUntil, now);
}

/** Whether the company stands verified; how old its check may be is the recruiter's policy. */
export function stands(company: MembershipFacts['company']): boolean {
  return standingStates.includes(company.state);
}

/** `active`: acts for the company. `waiting`: may come to act for it. `over`: does not, and has to ask anew. */
export type Bond = 'active' | 'waiting' | 'over';

export function bondWith(membership: MembershipFacts, now: Instant): Bond {
  if (isActive(membership, now)) return 'active';
  return askingStates.includes(membership.state) ? 'waiting' : 'over';
}

/** Whether the person is verified to any level that names a check, and the proof is in date. */
export function isPersonVerified(facts: Facts, now: Instant): boolean {
  const { person } = facts;
  return person?.state === 'verified' && person.level !== 'rn0' && !isPast(person.validUntil, now);
}

function accountReasons({ account, held }: Facts): Reason[] {
  const found: Reason[] = [];
  if (account.state === 'closed') found.push('account_closed');
  if (account.state === 'disabled') found.push('account_disabled');
  if (held) found.push('hold');
  if (!account.recruiter) found.push('not_recruiter');
  if (account.phoneVerifiedAt === null) found.push('phone_unverified');
  return found;
}

const caseReasons: Readonly<Partial<Record<CaseState, Reason>>> = {
  open: 'person_incomplete',
  resubmission: 'person_resubmission',
  submitted: 'person_in_review',
  in_review: 'person_in_review',
  rejected: 'person_rejected',
};

function personReasons(facts: Facts, now: Instant, policy: RecruiterPolicy): Reason[] {
  const { person, caseState, caseScope } = facts;
  const lacking = personLacks(facts, now, policy);
  if (!lacking) return [];
  // A case that is under way says more about what to do than the state it is going to repair.
  const underWay = caseState && caseScope !== 'company' && caseReasons[caseState];
  if (underWay && (underWay !== 'person_rejected' || !person)) return [underWay];
  return [lacking];
}

function personLacks({ person }: Facts, now: Instant, policy: RecruiterPolicy): Reason | undefined {
  if (!person) return 'person_unverified';
  if (person.state === 'revoked') return 'person_revoked';
  if (person.state === 'expired' || isPast(person.validUntil, now)) return 'person_expired';
  if (person.level < policy.level) return 'person_level_too_low';
  if (isPast(person.verifiedAt + policy.maxCheckAge, now)) return 'person_check_too_old';
  return undefined;
}

const companyCaseReasons: Readonly<Partial<Record<CaseState, Reason>>> = {
  open: 'company_incomplete',
  resubmission: 'company_resubmission',
  submitted: 'company_in_review',
  in_review: 'company_in_review',
};

/** The case under way names the company too; only a person who needs nothing else is told about it separately. */
function withoutCompany({ caseState, caseScope }: Facts, ofPerson: readonly Reason[]): Reason[] {
  const underWay = caseState && caseScope !== 'person' && companyCaseReasons[caseState];
  if (!underWay) return ['company_missing'];
  return ofPerson.length > 0 ? [] : [underWay];
}

/** The licence was asked for again, and nothing else of the person is open that says so already. */
function askedAgain({ caseState, caseScope }: Facts, { state }: MembershipFacts): Reason[] {
  const isOurs = caseState === 'resubmission' && caseScope !== 'person' && state === 'in_review';
  return isOurs ? ['company_resubmission'] : [];
}

function membershipReasons(membership: MembershipFacts, now: Instant, policy: RecruiterPolicy): Reason[] {
  return [
    ...standingInCompany(membership, now),
    ...standingOfCompany(membership, now, policy),
    ...(lacksLicence(membership.company, now) ? (['company_licence_missing'] as const) : []),
  ];
}

function lacksLicence({ lacksLicence: none, licenceUntil = null }: CompanyFacts, now: Instant): boolean {
  return none === true || isPast(licenceUntil, now);
}

function standingInCompany(membership: MembershipFacts, now: Instant): Reason[] {
  switch (membership.state) {
    case 'active':
    case 'due':
      return isPast(membership.validUntil, now) ? ['membership_expired'] : [];
    case 'requested':
    case 'evidence_pending':
      return ['membership_unproved'];
    case 'awaiting_admin':
      return ['membership_awaiting_admin'];
    case 'in_review':
      return ['membership_in_review'];
    case 'lapsed':
      return ['membership_expired'];
    case 'ended':
    case 'removed':
      return ['membership_ended'];
    case 'revoked':
      return ['membership_revoked'];
  }
}

function standingOfCompany({ company }: MembershipFacts, now: Instant, policy: RecruiterPolicy): Reason[] {
  switch (company.state) {
    case 'verified':
    case 'due':
      return isPast(companyDue(company, policy), now) ? ['company_check_too_old'] : [];
    case 'pending':
      return ['company_in_review'];
    case 'unclaimed':
      return ['company_unclaimed'];
    case 'lapsed':
      return ['company_lapsed'];
    case 'rejected':
      return ['company_rejected'];
    case 'revoked':
      return ['company_revoked'];
  }
}

function companyDue(company: MembershipFacts['company'], policy: RecruiterPolicy): Instant {
  const aged = (company.verifiedAt ?? 0) + policy.maxCheckAge;
  return company.recheckAt === null ? aged : Math.min(aged, company.recheckAt);
}

/** The memberships, from the one that leaves the least to do; among equals the one created first (ids sort by time). */
export function leastToDoFirst(
  memberships: readonly MembershipFacts[],
  now: Instant,
  policy: RecruiterPolicy,
): MembershipFacts[] {
  const rank = (membership: MembershipFacts) =>
    -severity.indexOf(statusOf(membershipReasons(membership, now, policy)));
  return [...memberships].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

function statusOf(open: readonly Reason[]): RecruiterStatus {
  return severity.find((status) => open.some((reason) => reasons[reason].status === status)) ?? 'eligible';
}

function nextChange(facts: Facts, now: Instant, policy: RecruiterPolicy): Instant | null {
  const { person, memberships } = facts;
  const instants = [
    ...(person ? [person.validUntil, person.verifiedAt + policy.maxCheckAge] : []),
    ...memberships.flatMap(({ validUntil, company }) => [
      validUntil,
      companyDue(company, policy),
      company.licenceUntil ?? null,
    ]),
  ].filter((instant): instant is Instant => instant !== null && instant > now);
  return instants.length === 0 ? null : Math.min(...instants);
}

function isPast(instant: Instant | null, now: Instant): boolean {
  return instant !== null && now >= instant;
}
