import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompanyId } from '../../src/core/ids.ts';
import {
  actingFor,
  companyRequirements,
  defaultPolicy,
  deriveCompanies,
  meet,
} from '../../src/entitlements/index.ts';
import { anyFacts, derive, facts, nearlyEligible, now } from '../support/recruiter-facts.ts';

describe('whatever the facts', () => {
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
});
