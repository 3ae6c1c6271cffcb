import type { Instant } from '../core/clock.ts';
import type { CompanyId } from '../core/ids.ts';
import { bondWith, deriveRecruiter, leastToDoFirst, type Bond } from './derive.ts';
import type { Facts } from './facts.ts';
import type { RecruiterPolicy } from './policy.ts';
import type { NextStep, Reason, RecruiterStatus } from './reasons.ts';
import { meet, type Requirement } from './requirements.ts';
import type { StoredStatus } from './store.ts';

/** What somebody may when they act for one of their companies. */
export type CompanyStanding = {
  readonly companyId: CompanyId;
  readonly companyCode: string;
  readonly bond: Bond;
  readonly status: RecruiterStatus;
  readonly reasons: readonly Reason[];
  readonly nextStep: NextStep;
  readonly requirements: readonly Requirement[];
};

/** One standing a membership, as if it were the only one; the one that leaves the least to do comes first. */
export function deriveCompanies(facts: Facts, now: Instant, policy: RecruiterPolicy): CompanyStanding[] {
  return leastToDoFirst(facts.memberships, now, policy).map((membership) => {
    const alone: Facts = { ...facts, memberships: [membership] };
    const recruiter = deriveRecruiter(alone, now, policy);
    return {
      companyId: membership.company.id,
      companyCode: membership.company.creditCode,
      bond: bondWith(membership, now),
      status: recruiter.status,
      reasons: recruiter.reasons,
      nextStep: recruiter.nextStep,
      requirements: [...meet(alone, now, recruiter)],
    };
  });
}

/** What depends on the company somebody acts for; everything else is the person's, whoever they act for. */
export const companyRequirements: ReadonlySet<Requirement> = new Set<Requirement>([
  'company_member',
  'company_admin',
  'recruiter_eligible',
]);

/**
 * The status as it is when acting for the company, and never that of another one: who has nothing to do with it any more
 * may what they may without a company. Without a company it is the account's own.
 */
export function actingFor(status: StoredStatus, companyId: CompanyId | undefined): StoredStatus {
  if (companyId === undefined) return status;
  const standing = status.companies.find((one) => one.companyId === companyId);
  if (standing) return { ...status, ...standing };
  return {
    ...status,
    status: 'limited',
    reasons: ['membership_ended'],
    nextStep: 'join_company',
    companyId,
    companyCode: null,
    requirements: status.requirements.filter((name) => !companyRequirements.has(name)),
  };
}
