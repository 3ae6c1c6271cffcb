import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';
import {
  defaultPolicy,
  actingFor,
  companyRequirements,
  deriveCompanies,
  deriveRecruiter,
  isEntitled,
  meet,
  reasons,
  scopeTable,
  type Facts,
  type MembershipFacts,
  type PersonFacts,
} from '../../src/entitlements/index.ts';

const now = days(20_000);
const ago = (n: number) => now - days(n);

const company = (over: Partial<MembershipFacts['company']> = {}): MembershipFacts['company'] => ({
  id: 'com_1' as CompanyId,
  name: '示例',
  creditCode: '914403001922038216',
  state: 'verified',
  verifiedAt: ago(10),
  recheckAt: null,
  ...over,
});
const membership = (
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
const person = (over: Partial<PersonFacts> = {}): PersonFacts => ({
  state: 'verified',
  level: 'rn2',
  verifiedAt: ago(10),
  validUntil: null,
  ...over,
});
const facts = (over: Partial<Facts> = {}, account: Partial<Facts['account']> = {}): Facts => ({
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
const derive = (of: Facts, at = now) => deriveRecruiter(of, at, defaultPolicy);

describe('a recruiter', () => {
  it('is eligible when person, company and membership are verified, in date and not held', () => {
    expect(derive(facts())).toMatchObject({
      status: 'eligible',
      reasons: [],
      nextStep: 'none',
      companyId: 'com_1',
      companyCode: '914403001922038216',
      recheckAt: now + days(170),
    });
  });

  it.each([
    ['a closed account', facts({}, { state: 'closed' }), 'ineligible', 'account_closed', 'none'],
    [
      'a disabled account',
      facts({}, { state: 'disabled' }),
      'suspended',
      'account_disabled',
      'contact_support',
    ],
    ['a hold', facts({ held: true }), 'suspended', 'hold', 'contact_support'],
    ['a job seeker', facts({}, { recruiter: false }), 'ineligible', 'not_recruiter', 'choose_recruiter_role'],
    [
      'no verification',
      facts({ person: undefined, caseState: undefined }),
      'limited',
      'person_unverified',
      'start_verification',
    ],
    [
      'an unfinished case',
      facts({ person: undefined, caseState: 'open' }),
      'limited',
      'person_incomplete',
      'continue_verification',
    ],
    [
      'steps asked for again',
      facts({ person: undefined, caseState: 'resubmission' }),
      'limited',
      'person_resubmission',
      'resubmit_steps',
    ],
    [
      'a licence asked for again',
      facts({
        caseState: 'resubmission',
        caseScope: 'company',
        memberships: [membership({ state: 'in_review' })],
      }),
      'limited',
      'company_resubmission',
      'resubmit_steps',
    ],
    [
      'a person verified alone, who belongs to no company',
      facts({ caseState: 'in_review', caseScope: 'person', memberships: [] }),
      'limited',
      'company_missing',
      'join_company',
    ],
    [
      'a person whose check is too old while a further company is looked at',
      facts({ person: person({ verifiedAt: ago(180) }), caseState: 'in_review', caseScope: 'company' }),
      'limited',
      'person_check_too_old',
      'renew_verification',
    ],
    [
      'a company refused to somebody who is not verified any more',
      facts({ person: undefined, caseState: 'rejected', caseScope: 'company' }),
      'limited',
      'person_unverified',
      'start_verification',
    ],
    [
      'a case in review',
      facts({ person: undefined, caseState: 'in_review' }),
      'in_review',
      'person_in_review',
      'wait',
    ],
    [
      'a refused case',
      facts({ person: undefined, caseState: 'rejected' }),
      'ineligible',
      'person_rejected',
      'start_verification',
    ],
    [
      'a revoked person',
      facts({ person: person({ state: 'revoked' }) }),
      'ineligible',
      'person_revoked',
      'start_verification',
    ],
    [
      'a revoked person whose new case is in review',
      facts({ person: person({ state: 'revoked' }), caseState: 'in_review' }),
      'in_review',
      'person_in_review',
      'wait',
    ],
    [
      'an expired document',
      facts({ person: person({ validUntil: now }) }),
      'limited',
      'person_expired',
      'renew_verification',
    ],
    [
      'a check of 180 days ago',
      facts({ person: person({ verifiedAt: ago(180) }) }),
      'limited',
      'person_check_too_old',
      'renew_verification',
    ],
    [
      'level rn1',
      facts({ person: person({ level: 'rn1' }) }),
      'limited',
      'person_level_too_low',
      'renew_verification',
    ],
    ['no company', facts({ memberships: [] }), 'limited', 'company_missing', 'join_company'],
    [
      'a membership under review',
      facts({ memberships: [membership({ state: 'in_review' })] }),
      'in_review',
      'membership_in_review',
      'wait',
    ],
    [
      'a verified person whose company case is open',
      facts({ memberships: [], caseState: 'open' }),
      'limited',
      'company_incomplete',
      'continue_verification',
    ],
    [
      'a left company',
      facts({ memberships: [membership({ state: 'ended' })] }),
      'limited',
      'membership_ended',
      'join_company',
    ],
    [
      'an authorisation that ran out',
      facts({ memberships: [membership({ validUntil: now })] }),
      'limited',
      'membership_expired',
      'renew_membership',
    ],
    [
      'a revoked membership',
      facts({ memberships: [membership({ state: 'revoked' })] }),
      'ineligible',
      'membership_revoked',
      'join_company',
    ],
    [
      'a company under review',
      facts({ memberships: [membership({}, { state: 'pending' })] }),
      'in_review',
      'company_in_review',
      'wait',
    ],
    [
      'a lapsed company',
      facts({ memberships: [membership({}, { state: 'lapsed' })] }),
      'limited',
      'company_lapsed',
      'renew_company',
    ],
    [
      'a company due for a check',
      facts({ memberships: [membership({}, { recheckAt: now })] }),
      'limited',
      'company_check_too_old',
      'renew_company',
    ],
    [
      'a refused company',
      facts({ memberships: [membership({}, { state: 'rejected' })] }),
      'ineligible',
      'company_rejected',
      'join_company',
    ],
    [
      'a revoked company',
      facts({ memberships: [membership({}, { state: 'revoked' })] }),
      'ineligible',
      'company_revoked',
      'contact_support',
    ],
  ] as const)('with %s is not', (_name, of, status, reason, nextStep) => {
    const derived = derive(of);
    expect(derived).toMatchObject({ status, nextStep });
    expect(derived.reasons).toContain(reason);
  });

  it('is judged by the membership that leaves the least to do', () => {
    const second = membership({ id: 'mem_2' as MembershipId }, { id: 'com_2' as CompanyId });
    const both = facts({ memberships: [membership({ state: 'ended' }), second] });
    expect(derive(both)).toMatchObject({ status: 'eligible', companyId: 'com_2' });
  });

  it('stays eligible while a renewal is reviewed', () => {
    expect(derive(facts({ caseState: 'in_review' })).status).toBe('eligible');
  });
});

const instant = fc.integer({ min: ago(400), max: now + days(400) });
const anyFacts: fc.Arbitrary<Facts> = fc.record({
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
const nearlyEligible: fc.Arbitrary<Facts> = fc
  .tuple(
    anyFacts,
    fc.subarray(['account', 'person', 'caseState', 'memberships', 'held'] as const, { maxLength: 2 }),
  )
  .map(([other, replaced]) => ({
    ...facts(),
    ...Object.fromEntries(replaced.map((part) => [part, other[part]])),
  }));

describe('whatever the facts', () => {
  it('eligible means exactly the rule of the product', () => {
    let eligible = 0;
    fc.assert(
      fc.property(fc.oneof(anyFacts, nearlyEligible), (of) => {
        const inDate = (until: number | null) => until === null || until > now;
        const young = (at: number | null) => (at ?? 0) + defaultPolicy.maxCheckAge > now;
        const { account, person: p } = of;
        const rule =
          account.state === 'active' &&
          account.recruiter &&
          account.phoneVerifiedAt !== null &&
          !of.held &&
          p?.state === 'verified' &&
          p.level !== 'rn1' &&
          inDate(p.validUntil) &&
          young(p.verifiedAt) &&
          of.memberships.some(
            (m) =>
              m.state === 'active' &&
              inDate(m.validUntil) &&
              m.company.state === 'verified' &&
              young(m.company.verifiedAt) &&
              inDate(m.company.recheckAt),
          );
        if (rule) eligible++;
        expect(derive(of).status === 'eligible').toBe(rule);
      }),
      // Chance alone hardly ever draws somebody eligible.
      { numRuns: 3000, examples: [[facts()]] },
    );
    expect(eligible).toBeGreaterThan(100);
  });

  it('the reasons explain the status, and the next step removes one of them', () => {
    fc.assert(
      fc.property(anyFacts, (of) => {
        const { status, reasons: open, nextStep } = derive(of);
        expect(open.length === 0).toBe(status === 'eligible');
        if (status !== 'eligible') {
          expect(open.some((reason) => reasons[reason].status === status)).toBe(true);
          expect(open.map((reason) => reasons[reason].nextStep)).toContain(nextStep);
        }
      }),
    );
  });

  it('time alone changes nothing before the recheck', () => {
    fc.assert(
      fc.property(anyFacts, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (of, part) => {
        const first = derive(of);
        const end = first.recheckAt ?? now + days(2000);
        const later = now + Math.floor((end - now) * part);
        expect(derive(of, later)).toEqual(first);
        expect(meet(of, later, derive(of, later))).toEqual(meet(of, now, first));
      }),
      { numRuns: 1000 },
    );
  });

  it('acting for the only company is what the account may', () => {
    fc.assert(
      fc.property(fc.oneof(anyFacts, nearlyEligible), (of) => {
        const one = { ...of, memberships: of.memberships.slice(0, 1) };
        const { companyId, recheckAt: _recheckAt, ...whole } = derive(one);
        const companies = deriveCompanies(one, now, defaultPolicy);
        expect(companies).toHaveLength(one.memberships.length);
        if (companies.length === 0 || companyId === null) return;
        const requirements = [...meet(one, now, derive(one))];
        expect(companies).toMatchObject([{ ...whole, companyId, requirements }]);
        const stored = { accountId: of.accountId, ...derive(one), requirements, companies, derivedAt: now };
        expect(actingFor(stored, companyId)).toMatchObject(derive(one));
      }),
      { numRuns: 1000, examples: [[facts()]] },
    );
  });

  it('acting for a company depends on no other one, and the account is as well off as with its best', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(anyFacts, nearlyEligible), { minLength: 1, maxLength: 3 }),
        ([of = facts(), ...others]) => {
          const memberships = [of, ...others]
            .flatMap((one) => one.memberships)
            .map((m, i) => ({ ...m, company: { ...m.company, id: `com_${i}` as CompanyId } }));
          const all = { ...of, memberships };
          const companies = deriveCompanies(all, now, defaultPolicy);
          for (const m of memberships) {
            const alone = deriveCompanies({ ...all, memberships: [m] }, now, defaultPolicy);
            expect(companies).toContainEqual(alone[0]);
          }
          const whole = derive(all);
          expect(companies[0]?.companyId ?? null).toBe(whole.companyId);
          if (companies[0]) expect(companies[0].status).toBe(whole.status);
          const eligible = companies.filter(({ status }) => status === 'eligible');
          expect(eligible.length > 0).toBe(whole.status === 'eligible');
          for (const { bond } of eligible) expect(bond).toBe('active');
          // Nothing is met for a company that is not met for the account.
          const met = meet(all, now, whole);
          for (const { requirements } of companies)
            for (const name of requirements) expect(met).toContain(name);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('acting for a company one has nothing to do with meets nothing that depends on a company', () => {
    fc.assert(
      fc.property(fc.oneof(anyFacts, nearlyEligible), (of) => {
        const derived = derive(of);
        const stored = {
          accountId: of.accountId,
          ...derived,
          requirements: [...meet(of, now, derived)],
          companies: deriveCompanies(of, now, defaultPolicy),
          derivedAt: now,
        };
        const acting = actingFor(stored, 'com_stranger' as CompanyId);
        expect(acting.status).not.toBe('eligible');
        expect(acting.companyCode).toBeNull();
        expect(acting.requirements.filter((name) => companyRequirements.has(name))).toEqual([]);
        expect(actingFor(stored, undefined)).toBe(stored);
      }),
    );
  });

  it('no scope is allowed to an account that is not active, and none that needs a recruiter to one that is not', () => {
    fc.assert(
      fc.property(anyFacts, (of) => {
        const derived = derive(of);
        const met = meet(of, now, derived);
        const allowed = scopeTable.filter((row) => isEntitled(row, met)).map(({ scope }) => scope);
        if (derived.status !== 'eligible') expect(allowed).not.toContain('job:publish');
        if (of.account.state !== 'active') expect(met.size).toBe(0);
        expect(allowed).toContain('openid');
      }),
    );
  });
});
