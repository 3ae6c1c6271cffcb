import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultPolicy,
  findingParts,
  judge,
  meaningOf,
  type Finding,
  type FindingCode,
  type Judgement,
} from '../../src/verification/index.ts';

const codes = Object.keys(findingParts) as FindingCode[];
const policy: Judgement = { ...defaultPolicy.judgement, version: 'p1', resubmissionsLeft: 3 };

const finding = fc.record({
  code: fc.constantFrom(...codes),
  outcome: fc.constantFrom<Finding['outcome']>(
    'ok',
    'attention',
    'mismatch',
    'unreadable',
    'not_run',
    'measured',
  ),
  value: fc.double({ min: -1, max: 1, noNaN: false }),
});
const findings = fc.array(finding, { maxLength: 24 });

/** Every required check ran and is fine. */
const flawless: Finding[] = policy.required.map((code) =>
  policy.bounds[code] ? { code, outcome: 'measured', value: 0.7 } : { code, outcome: 'ok' },
);

const withFinding = (changed: Finding): Finding[] =>
  flawless.map((one) => (one.code === changed.code ? changed : one));

describe('the judge', () => {
  it('is a pure function of findings and policy, and names the policy', () => {
    fc.assert(
      fc.property(findings, (seen) => {
        const verdict = judge(seen, policy);
        expect(verdict).toEqual(judge(structuredClone(seen), structuredClone(policy)));
        expect(verdict.policyVersion).toBe('p1');
      }),
    );
  });

  it('approves only when every required check ran and every finding is fine', () => {
    expect(judge(flawless, policy)).toMatchObject({ verdict: 'approve', reasons: [] });
    fc.assert(
      fc.property(findings, (extra) => {
        const seen = [...flawless, ...extra];
        const fine = seen.every((one) => meaningOf(one, policy) === 'ok');
        expect(judge(seen, policy).verdict === 'approve').toBe(fine);
      }),
    );
  });

  it('requires the checks of what a case is about, and no others', () => {
    const about = (part: string) => flawless.filter(({ code }) => findingParts[code] === part);
    const ofPerson = [...about('document'), ...about('holder')];
    expect(judge(ofPerson, { ...policy, parts: ['document', 'holder'] }).verdict).toBe('approve');
    expect(judge(about('company'), { ...policy, parts: ['company'] }).verdict).toBe('approve');
    expect(judge(ofPerson, { ...policy, parts: ['company'] }).verdict).toBe('review');
    expect(judge(about('company'), policy).verdict).toBe('review');
  });

  it('approves nobody of whom nothing was looked at, even where nothing is required', () => {
    expect(judge([], { ...policy, required: [] }).verdict).toBe('review');
  });

  it('approves nobody when a required check is missing, whichever it is', () => {
    for (const code of policy.required) {
      const verdict = judge(
        flawless.filter((one) => one.code !== code),
        policy,
      );
      expect(verdict).toMatchObject({ verdict: 'review', reasons: [code] });
    }
  });

  it('approves nobody when a required check did not run', () => {
    for (const code of policy.required) {
      expect(judge(withFinding({ code, outcome: 'not_run' }), policy).verdict).not.toBe('approve');
    }
  });

  it('approves a passport, whose number has no check digit to look at', () => {
    const passport = withFinding({ code: 'number_checksum', outcome: 'not_run', detail: 'no_check_digit' });
    expect(judge(passport, policy).verdict).toBe('approve');
  });

  it.each([
    [0.7, 'approve'],
    [0.45, 'approve'],
    [0.449, 'review'],
    [0.3, 'review'],
    [0.299, 'reject'],
    [-1, 'reject'],
    [Number.NaN, 'review'],
  ] as const)('takes a likeness of %d for: %s', (value, expected) => {
    expect(judge(withFinding({ code: 'face_match', outcome: 'measured', value }), policy).verdict).toBe(
      expected,
    );
  });

  it('says the same of what is no number when it is read back from what was stored', () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const seen = withFinding({ code: 'face_match', outcome: 'measured', value });
      const stored = JSON.parse(JSON.stringify(seen)) as Finding[];
      expect(judge(seen, policy).verdict).toBe('review');
      expect(judge(stored, policy)).toEqual(judge(seen, policy));
    }
  });

  it('asks again for the parts that could not be read, and for no other', () => {
    const verdict = judge(withFinding({ code: 'document_reading', outcome: 'unreadable' }), policy);
    expect(verdict).toMatchObject({
      verdict: 'ask_again',
      again: ['document'],
      reasons: ['document_reading'],
    });
  });

  it('asks nobody again who was asked often enough: a person looks', () => {
    const worn = { ...policy, resubmissionsLeft: 0 };
    expect(judge(withFinding({ code: 'document_reading', outcome: 'unreadable' }), worn).verdict).toBe(
      'review',
    );
  });

  it('says no before anything else when something speaks against the person', () => {
    const seen = [
      ...withFinding({ code: 'document_reading', outcome: 'unreadable' }),
      { code: 'authority', outcome: 'mismatch' } as const,
    ];
    expect(judge(seen, policy)).toMatchObject({
      verdict: 'reject',
      reasons: ['authority', 'document_reading'],
    });
  });

  it('leaves the photo holding the document to a person, always', () => {
    const held: Finding = { code: 'hand_held', outcome: 'attention', detail: 'person_compares' };
    expect(judge([...flawless, held], policy)).toMatchObject({ verdict: 'review', reasons: ['hand_held'] });
  });

  it('leaves everything to people where the policy says so', () => {
    expect(judge(flawless, { ...policy, machineApproval: false }).verdict).toBe('review');
  });

  it('never speaks better of a case for one more bad finding', () => {
    const order = ['approve', 'ask_again', 'review', 'reject'];
    fc.assert(
      fc.property(findings, finding, (seen, one) => {
        fc.pre(meaningOf(one, policy) === 'no');
        expect(order.indexOf(judge([...seen, one], policy).verdict)).toBe(3);
      }),
    );
  });
});
