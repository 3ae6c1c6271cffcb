import type { Instant } from '../core/clock.ts';
import type { Derivation } from './derive.ts';
import { isActive, isPersonVerified, stands } from './derive.ts';
import type { Facts } from './facts.ts';

type Check = (facts: Facts, now: Instant, recruiter: Derivation) => boolean;

/** The named facts a scope or claim may require. A closed account meets none of them. */
export const requirements = {
  phone_verified: (facts) => facts.account.phoneVerifiedAt !== null,
  resume_complete: (facts) => facts.account.resumeComplete,
  person_verified: isPersonVerified,
  company_member: (facts, now) =>
    !facts.held && facts.memberships.some((m) => isActive(m, now) && stands(m.company)),
  company_admin: (facts, now) =>
    !facts.held &&
    facts.memberships.some((m) => isActive(m, now) && m.role === 'administrator' && stands(m.company)),
  recruiter_eligible: (_facts, _now, recruiter) => recruiter.status === 'eligible',
} as const satisfies Record<string, Check>;

export type Requirement = keyof typeof requirements;

export const requirementNames = Object.keys(requirements) as readonly Requirement[];

/** The requirements that hold for these facts at this moment. */
export function meet(facts: Facts, now: Instant, recruiter: Derivation): ReadonlySet<Requirement> {
  if (facts.account.state !== 'active') return new Set();
  return new Set(requirementNames.filter((name) => requirements[name](facts, now, recruiter)));
}
