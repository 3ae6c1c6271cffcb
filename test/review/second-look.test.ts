import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CaseId, StaffId } from '../../src/core/ids.ts';
import { defaultReviewPolicy, reviewPolicyWith } from '../../src/review/policy.ts';
import type { Opinion, OpinionKind } from '../../src/review/review-store.ts';
import { drawOf, settle } from '../../src/review/second-look.ts';

const kinds: OpinionKind[] = ['approve', 'resubmit', 'reject'];
const opinion = (staffId: StaffId, kind: OpinionKind): Opinion =>
  ({ staffId, kind, reasons: [] }) as unknown as Opinion;

/** Lets people give their opinions one after the other until the case is settled. */
function play(wanted: readonly OpinionKind[], machineRefused: boolean, draw: number) {
  const standing: Opinion[] = [];
  for (const [i, kind] of wanted.entries()) {
    const staffId = `stf_${i}` as StaffId;
    const result = settle({ staffId, kind }, standing, { machineRefused, draw }, defaultReviewPolicy);
    if (result.settled) return { kind, by: staffId, first: result.first, standing };
    standing.push(opinion(staffId, kind));
  }
  return undefined;
}

const games = fc.tuple(
  fc.array(fc.constantFrom(...kinds), { minLength: 4, maxLength: 6 }),
  fc.boolean(),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
);

it('settles every case with the fourth person at the latest', () => {
  fc.assert(
    fc.property(games, ([wanted, refused, draw]) => {
      expect(play(wanted.slice(0, 4), refused, draw)).toBeDefined();
    }),
  );
});

it('never rejects, and never overrides the machine, on one person’s word', () => {
  fc.assert(
    fc.property(games, ([wanted, refused, draw]) => {
      const result = play(wanted, refused, draw);
      if (!result || result.kind === 'resubmit' || (result.kind === 'approve' && !refused)) return;
      expect(result.first).toBeDefined();
      expect(result.first).not.toBe(result.by);
      expect(result.standing.find(({ staffId }) => staffId === result.first)?.kind).toBe(result.kind);
    }),
  );
});

it('never counts a person twice', () => {
  const ann = 'stf_ann' as StaffId;
  const again = settle(
    { staffId: ann, kind: 'reject' },
    [opinion(ann, 'reject')],
    { machineRefused: false, draw: 0.5 },
    defaultReviewPolicy,
  );
  expect(again).toMatchObject({ settled: false });
});

it('draws the share that the policy asks for, the same again for the same case, and another under another key', () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const ids = Array.from({ length: 4000 }, (_, i) => `cas_${i}` as CaseId);
  const draws = ids.map((id) => drawOf(key, id));
  const drawn = draws.filter((draw) => draw < defaultReviewPolicy.secondReviewShare).length / ids.length;
  expect(drawn).toBeGreaterThan(0.035);
  expect(drawn).toBeLessThan(0.065);
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  expect(ids.map((id) => drawOf(key, id))).toEqual(draws);
  expect(drawOf(other, ids[0] as CaseId)).not.toBe(draws[0]);
});

it('names another share of second looks in the version', () => {
  expect(reviewPolicyWith(defaultReviewPolicy.secondReviewShare)).toEqual(defaultReviewPolicy);
  expect(reviewPolicyWith(0.2)).toMatchObject({ secondReviewShare: 0.2, version: '2026-11+share-0.2' });
});
