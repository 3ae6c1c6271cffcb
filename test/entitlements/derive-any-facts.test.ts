import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import { defaultPolicy, isEntitled, meet, reasons, scopeTable } from '../../src/entitlements/index.ts';
import { anyFacts, derive, facts, nearlyEligible, now } from '../support/recruiter-facts.ts';

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
