import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffId } from '../../src/core/ids.ts';
import { claimLifetime, type ReviewDecision } from '../../src/review/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { specimenPerson } from '../support/specimens.ts';
import { createReviewRig, type ReviewRig } from '../support/review.ts';

const [ann, bob] = ['stf_ann' as StaffId, 'stf_bob' as StaffId];

describeDatabases('decisions', (open) => {
  let rig: ReviewRig;
  beforeAll(async () => {
    rig = createReviewRig(await open());
  });
  afterAll(() => rig.close());

  const submitted = () => rig.submitted();
  type Submitted = Awaited<ReturnType<typeof submitted>>;

  const toDecide = async (
    caseId: Submitted['caseId'],
    over: Partial<ReviewDecision> = {},
  ): Promise<ReviewDecision> => ({
    caseId,
    staffId: ann,
    version: (await rig.database.stores.cases.find(caseId))?.version ?? 0,
    decision: 'approve',
    reasons: [{ reason: 'evidence_consistent' }],
    message: undefined,
    note: 'compared digit by digit',
    ...over,
  });

  async function claimed(): Promise<Submitted> {
    const waiting = await submitted();
    await rig.review.queue.claim(waiting.caseId, ann);
    return waiting;
  }

  it('verifies person, company and membership and records the decision, all at once', async () => {
    const { caseId, accountId, company } = await claimed();
    const before = rig.verification.recomputed.length;
    expect(await rig.review.decisions.decide(await toDecide(caseId))).toMatchObject({ ok: true });
    const { stores } = rig.database;
    expect(await stores.persons.find(accountId)).toMatchObject({ state: 'verified', level: 'rn2' });
    expect(await stores.companies.findByCode(company.code)).toMatchObject({ state: 'verified' });
    expect(await stores.memberships.listByAccount(accountId)).toMatchObject([{ state: 'active' }]);
    expect(await stores.reviewLog.decisionsOfCase(caseId)).toMatchObject([
      { kind: 'approve', staffId: ann, accountId, note: 'compared digit by digit', message: undefined },
    ]);
    expect(await stores.claims.live(caseId, rig.clock.now())).toBeUndefined();
    expect(rig.verification.recomputed.slice(before)).toContain(accountId);
  });

  it('takes one of ten parallel decisions and tells the others which one stands', async () => {
    const { caseId } = await claimed();
    const input = await toDecide(caseId);
    const again = {
      ...input,
      decision: 'resubmit',
      reasons: [{ reason: 'image_unreadable', step: 'company' }],
    } as const;
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => rig.review.decisions.decide(i % 2 === 0 ? input : again)),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const decisions = await rig.database.stores.reviewLog.decisionsOfCase(caseId);
    expect(decisions).toHaveLength(1);
    for (const result of results.filter(({ ok }) => !ok)) {
      expect(result).toMatchObject({ reason: 'not_in_review', standing: { id: decisions[0]?.id } });
    }
    const state = (await rig.database.stores.cases.find(caseId))?.state;
    expect(state).toBe(decisions[0]?.kind === 'approve' ? 'approved' : 'resubmission');
  });

  it('asks again for the named steps only', async () => {
    const { caseId, who } = await claimed();
    const reasons = [{ reason: 'image_unreadable', step: 'company' }] as const;
    const result = await rig.review.decisions.decide(
      await toDecide(caseId, { decision: 'resubmit', reasons }),
    );
    expect(result).toMatchObject({ ok: true });
    expect((await who.view()).case).toMatchObject({ state: 'resubmission' });
    expect((await who.view()).case.redo.length).toBeGreaterThan(0);
  });

  it.each([
    ['a reason of another decision', { reasons: [{ reason: 'document_altered' }] }, 'reason_unknown'],
    [
      'a reason of another step',
      { decision: 'resubmit', reasons: [{ reason: 'licence_outdated', step: 'holder' }] },
      'reason_unknown',
    ],
    ['a reason that does not exist', { reasons: [{ reason: 'because' }] }, 'reason_unknown'],
    ['no reason', { reasons: [] }, 'reasons_missing'],
    ['no step', { decision: 'resubmit', reasons: [] }, 'steps_missing'],
    ['an older version of the case', { version: 0 }, 'changed'],
    ['somebody else', { staffId: bob }, 'held_by_other'],
  ])('refuses %s and leaves the case with its holder', async (_, over, reason) => {
    const { caseId } = await held();
    const input = await toDecide(caseId, over as Partial<ReviewDecision>);
    expect(await rig.review.decisions.decide(input)).toMatchObject({ ok: false, reason });
    expect(await rig.review.queue.isHeldBy(caseId, ann)).toBe(true);
    expect(await rig.database.stores.reviewLog.decisionsOfCase(caseId)).toEqual([]);
  });

  let kept: Promise<Submitted> | undefined;
  const held = () => (kept ??= claimed());

  it('refuses a decision after the claim has ended', async () => {
    const { caseId } = await claimed();
    const input = await toDecide(caseId);
    rig.clock.advance(claimLifetime);
    expect(await rig.review.decisions.decide(input)).toMatchObject({ ok: false, reason: 'claim_expired' });
    await rig.review.queue.claim(caseId, bob);
    expect(await rig.review.decisions.decide(input)).toMatchObject({ ok: false, reason: 'held_by_other' });
  });

  it('refuses a decision on a case that was withdrawn meanwhile', async () => {
    const { caseId, accountId } = await claimed();
    const input = await toDecide(caseId);
    const found = await rig.database.stores.cases.find(caseId);
    if (!found) throw new Error('no case');
    await rig.database.stores.cases.update(found, {}, { state: 'withdrawn', live: false });
    expect(await rig.review.decisions.decide(input)).toMatchObject({ ok: false, reason: 'not_in_review' });
    expect(await rig.database.stores.persons.find(accountId)).toBeUndefined();
  });

  it('verifies an identity for one account only, and leaves the second case as it was', async () => {
    const person = specimenPerson();
    const first = await rig.submitted({ person });
    const second = await rig.submitted({ person });
    for (const { caseId } of [first, second]) await rig.review.queue.claim(caseId, ann);
    expect(await rig.review.decisions.decide(await toDecide(first.caseId))).toMatchObject({ ok: true });
    expect(await rig.review.decisions.decide(await toDecide(second.caseId))).toMatchObject({
      ok: false,
      reason: 'identity_taken',
    });
    expect(await rig.review.queue.isHeldBy(second.caseId, ann)).toBe(true);
    const opened = await rig.review.desk.open(second.caseId, ann);
    expect(opened).toMatchObject({ ok: true, opened: { evidence: { duplicates: [first.accountId] } } });
  });

  it('revokes person, membership and company, once each, and recomputes who is concerned', async () => {
    const { caseId, accountId, company } = await claimed();
    await rig.review.decisions.decide(await toDecide(caseId));
    const { stores } = rig.database;
    const { revocations } = rig.review;
    const known = await stores.companies.findByCode(company.code);
    const [membership] = await stores.memberships.listByAccount(accountId);
    if (!known || !membership) throw new Error('not approved');
    expect(await revocations.lookUp(company.code.toLowerCase())).toMatchObject({ found: 'company' });
    expect(await revocations.lookUp(caseId)).toMatchObject({ found: 'recruiter', recruiter: { accountId } });
    const common = { staffId: bob, reason: 'reported_abuse', note: 'ticket 7' } as const;
    const all = [
      { ...common, target: 'membership', id: membership.id },
      { ...common, target: 'person', id: accountId },
      { ...common, target: 'company', id: known.id },
    ] as const;
    for (const revocation of all) {
      rig.clock.advance(1000);
      const before = rig.verification.recomputed.length;
      expect(await revocations.revoke(revocation)).toMatchObject({ ok: true });
      if (revocation.target !== 'company')
        expect(rig.verification.recomputed.slice(before)).toContain(accountId);
      expect(await revocations.revoke(revocation)).toEqual({ ok: false, reason: 'not_in_force' });
    }
    expect(await stores.persons.find(accountId)).toMatchObject({
      state: 'revoked',
      revokedReason: 'reported_abuse',
    });
    expect(await stores.memberships.listByAccount(accountId)).toMatchObject([{ state: 'revoked' }]);
    expect(await stores.companies.find(known.id)).toMatchObject({ state: 'revoked' });
    expect(await stores.reviewLog.decisionsOfAccount(accountId, 10)).toMatchObject([
      { kind: 'revoke', note: 'ticket 7' },
      { kind: 'revoke', note: 'ticket 7' },
      { kind: 'approve' },
    ]);
  });

  it('finds nobody by anything personal', async () => {
    const { person } = await held();
    for (const query of [person.name, person.number, '13800138000', '', 'acc_none', '%']) {
      expect(await rig.review.revocations.lookUp(query)).toBeUndefined();
    }
  });
});
