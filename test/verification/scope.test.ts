import { describe, expect, it } from 'vitest';
import { defaultPolicy as recruiterPolicy } from '../../src/entitlements/policy.ts';
import { caseScopes } from '../../src/verification/case.ts';
import { defaultPolicy, settleScope, type Standing } from '../../src/verification/index.ts';

const person = {} as NonNullable<Standing['person']>;
const joined = [{ name: '示例公司', acts: false }];

describe('what a case is about', () => {
  it.each([
    ['nothing counts yet', undefined, [], 'person_and_company'],
    ['a company was joined', undefined, joined, 'person'],
    ['the person is verified', person, [], 'company'],
    ['both count, and are renewed', person, joined, 'person_and_company'],
  ] as const)('is what is missing where %s', (_, found, companies, scope) => {
    expect(settleScope({ person: found, joined: companies })).toBe(scope);
  });

  it('is what the person wants, but never a company alone for somebody who is not verified', () => {
    for (const companies of [[], joined]) {
      for (const wanted of caseScopes) {
        expect(settleScope({ person, joined: companies }, wanted)).toBe(wanted);
        const unverified = settleScope({ person: undefined, joined: companies }, wanted);
        expect(unverified).toBe(wanted === 'company' ? 'person_and_company' : wanted);
      }
    }
  });

  it('takes the check of a person for as old as the recruiter status does', () => {
    expect(defaultPolicy.personRecheck).toBe(recruiterPolicy.maxCheckAge);
  });
});
