import { describe, expect, it } from 'vitest';
import { defaultPolicy, judge, policyFromFile, type Finding } from '../../src/verification/index.ts';

const read = (content: unknown) => policyFromFile(JSON.stringify(content));

describe('a policy file', () => {
  it('takes the place of the default where it says something, and of nothing else', () => {
    const result = read({ version: 'strict-1', bounds: { face_match: { ok: 0.5, no: 0.35 } } });
    if (!result.ok) throw new Error(result.problems.join());
    const { policy } = result;
    expect(policy.version).toBe('strict-1');
    expect(policy.judgement.bounds.face_match).toEqual({ ok: 0.5, no: 0.35 });
    expect(policy.judgement.bounds.liveness_hint).toEqual(defaultPolicy.judgement.bounds.liveness_hint);
    expect(policy.judgement.required).toEqual(defaultPolicy.judgement.required);
    expect({ ...policy, version: '', judgement: '' }).toEqual({
      ...defaultPolicy,
      version: '',
      judgement: '',
    });
  });

  it('can ask for an authority before the machine approves', () => {
    const required = [...defaultPolicy.judgement.required, 'authority'];
    const result = read({ version: 'authority-1', required });
    if (!result.ok) throw new Error(result.problems.join());
    const fine: Finding[] = defaultPolicy.judgement.required.map((code) =>
      code === 'face_match' ? { code, outcome: 'measured', value: 0.9 } : { code, outcome: 'ok' },
    );
    const { judgement, version } = result.policy;
    const policy = { ...judgement, version, resubmissionsLeft: 3 };
    expect(judge([...fine, { code: 'authority', outcome: 'not_run' }], policy).verdict).toBe('review');
    expect(judge([...fine, { code: 'authority', outcome: 'ok' }], policy).verdict).toBe('approve');
  });

  it.each([
    ['not JSON', '{', 'The file'],
    ['nothing', 'null', 'The file'],
    ['no version', '{}', 'version'],
    ['the version of the default', JSON.stringify({ version: defaultPolicy.version }), 'version'],
    ['an unknown member', JSON.stringify({ version: 'a', thresholds: {} }), 'The file'],
    ['an unknown finding', JSON.stringify({ version: 'a', required: ['face'] }), 'required'],
    [
      'a bound above one',
      JSON.stringify({ version: 'a', bounds: { face_match: { ok: 2 } } }),
      'bounds.face_match',
    ],
    [
      'bounds the wrong way round',
      JSON.stringify({ version: 'a', bounds: { face_match: { ok: 0.3, no: 0.5 } } }),
      'bounds.face_match',
    ],
    ['a meaning of nothing', JSON.stringify({ version: 'a', meanings: { face_match: 'ok' } }), 'meanings'],
    [
      'an unknown meaning',
      JSON.stringify({ version: 'a', meanings: { 'face_match.ok': 'fine' } }),
      'meanings',
    ],
  ])('is refused with %s, naming the place', (_, text, place) => {
    const result = policyFromFile(text);
    expect(result).toMatchObject({ ok: false });
    if (!result.ok) expect(result.problems.join('\n')).toContain(place);
  });
});
