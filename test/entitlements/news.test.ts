import { describe, expect, it } from 'vitest';
import type { CompanyId } from '../../src/core/ids.ts';
import type { CompanyStanding, StoredStatus } from '../../src/entitlements/index.ts';
import { newsOf } from '../../src/entitlements/news.ts';

const [a, b] = ['com_a', 'com_b'] as CompanyId[] as [CompanyId, CompanyId];

const standing = (companyId: CompanyId, over: Partial<CompanyStanding> = {}): CompanyStanding => ({
  companyId,
  companyCode: companyId,
  bond: 'active',
  status: 'eligible',
  reasons: [],
  nextStep: 'none',
  requirements: [],
  ...over,
});
const lost: Partial<CompanyStanding> = { bond: 'over', status: 'limited', reasons: ['membership_ended'] };

const status = (companies: CompanyStanding[], over: Partial<StoredStatus> = {}): StoredStatus => ({
  accountId: 'acc_1' as never,
  status: 'eligible',
  reasons: [],
  nextStep: 'none',
  companyId: companies[0]?.companyId ?? null,
  companyCode: null,
  requirements: [],
  companies,
  derivedAt: 0,
  recheckAt: null,
  ...over,
});

describe('the news of a recomputation', () => {
  it('is nothing where nothing changed, nor for a candidate who never tried to recruit', () => {
    const now = status([standing(a)]);
    expect(newsOf(now, now)).toBeUndefined();
    const candidate = status([], { status: 'ineligible', reasons: ['not_recruiter'] });
    expect(newsOf(undefined, candidate)).toBeUndefined();
  });

  it('names the one company that was lost, although the account as a whole stays eligible', () => {
    const before = status([standing(a), standing(b)]);
    const now = status([standing(b), standing(a, lost)]);
    expect(newsOf(before, now)).toEqual({
      from: 'eligible',
      to: 'eligible',
      reasons: [],
      overall: false,
      companies: [{ companyId: a, from: 'eligible', to: 'limited', reasons: ['membership_ended'] }],
    });
  });

  it('says of a company that is gone from the account what is left without it', () => {
    const now = status([], { status: 'limited', reasons: ['company_missing'], nextStep: 'join_company' });
    expect(newsOf(status([standing(a)]), now)).toMatchObject({
      to: 'limited',
      overall: true,
      companies: [{ companyId: a, to: 'limited', reasons: ['membership_ended'] }],
    });
  });
});
