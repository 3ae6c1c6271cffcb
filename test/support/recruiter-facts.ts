import fc from 'fast-check';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';
import {
  defaultPolicy,
  deriveRecruiter,
  type Facts,
  type MembershipFacts,
  type PersonFacts,
} from '../../src/entitlements/index.ts';

/** Facts about recruiters: those of somebody eligible with what a test says otherwise, and any at all. */

/** The instant at which everything is derived unless a test says otherwise. */
export const now = days(20_000);
export const ago = (n: number) => now - days(n);

const company = (over: Partial<MembershipFacts['company']> = {}): MembershipFacts['company'] => ({
  id: 'com_1' as CompanyId,
  name: '示例',
  creditCode: '914403001922038216',
  state: 'verified',
  verifiedAt: ago(10),
  recheckAt: null,
  ...over,
});
export const membership = (
  over: Partial<MembershipFacts> = {},
  ofCompany: Partial<MembershipFacts['company']> = {},
): MembershipFacts => ({
  id: 'mem_1' as MembershipId,
  role: 'recruiter',
  state: 'active',
  validUntil: null,
  company: company(ofCompany),
  ...over,
});
export const person = (over: Partial<PersonFacts> = {}): PersonFacts => ({
  state: 'verified',
  level: 'rn2',
  verifiedAt: ago(10),
  validUntil: null,
  ...over,
});
/** Of somebody eligible. */
export const facts = (over: Partial<Facts> = {}, account: Partial<Facts['account']> = {}): Facts => ({
  accountId: 'acc_1' as AccountId,
  account: {
    state: 'active',
    phoneVerifiedAt: ago(100),
    candidate: true,
    recruiter: true,
    resumeComplete: false,
    ...account,
  },
  person: person(),
  caseState: 'approved',
  memberships: [membership()],
  held: false,
  ...over,
});
export const derive = (of: Facts, at = now) => deriveRecruiter(of, at, defaultPolicy);

const instant = fc.integer({ min: ago(400), max: now + days(400) });
/** Drawn from all that can be stored; somebody eligible is rare among them. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  accountId: fc.constant('acc_1' as AccountId),
  account: fc.record({
    state: fc.constantFrom('active', 'active', 'active', 'disabled', 'closed'),
    phoneVerifiedAt: fc.option(instant, { freq: 5 }),
    candidate: fc.boolean(),
    recruiter: fc.boolean(),
    resumeComplete: fc.boolean(),
  }),
  person: fc.option(
    fc.record({
      state: fc.constantFrom('verified', 'verified', 'revoked', 'expired'),
      level: fc.constantFrom('rn1', 'rn2', 'rn3'),
      verifiedAt: instant,
      validUntil: fc.option(instant),
    }),
    { nil: undefined, freq: 5 },
  ),
  caseState: fc.option(
    fc.constantFrom('open', 'submitted', 'in_review', 'approved', 'resubmission', 'rejected', 'revoked'),
    { nil: undefined },
  ),
  memberships: fc.array(
    fc.record({
      id: fc.stringMatching(/^mem_[a-z0-9]{6}$/) as fc.Arbitrary<MembershipId>,
      role: fc.constantFrom('recruiter', 'administrator'),
      state: fc.constantFrom(
        'requested',
        'in_review',
        'active',
        'active',
        'active',
        'ended',
        'removed',
        'revoked',
      ),
      validUntil: fc.option(instant),
      company: fc.record({
        id: fc.stringMatching(/^com_[a-z0-9]{6}$/) as fc.Arbitrary<CompanyId>,
        name: fc.constant('示例'),
        creditCode: fc.constant('914403001922038216'),
        state: fc.constantFrom(
          'unclaimed',
          'pending',
          'verified',
          'verified',
          'verified',
          'lapsed',
          'rejected',
          'revoked',
        ),
        verifiedAt: fc.option(instant),
        recheckAt: fc.option(instant),
      }),
    }),
    { maxLength: 3 },
  ),
  held: fc.boolean(),
});

/** Somebody eligible with at most a few parts replaced by arbitrary ones: the neighbourhood of the rule's edges. */
export const nearlyEligible: fc.Arbitrary<Facts> = fc
  .tuple(
    anyFacts,
    fc.subarray(['account', 'person', 'caseState', 'memberships', 'held'] as const, { maxLength: 2 }),
  )
  .map(([other, replaced]) => ({
    ...facts(),
    ...Object.fromEntries(replaced.map((part) => [part, other[part]])),
  }));
