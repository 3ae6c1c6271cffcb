import { describe, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import type { CompanyId, MembershipId } from '../../src/core/ids.ts';
import { ago, derive, facts, membership, now, person } from '../support/recruiter-facts.ts';

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
      'a request that an administrator has not answered',
      facts({ memberships: [membership({ state: 'awaiting_admin' })] }),
      'in_review',
      'membership_awaiting_admin',
      'ask_administrator',
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
