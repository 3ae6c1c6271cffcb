import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseId, StaffId } from '../../src/core/ids.ts';
import { defaultReviewPolicy, type OpinionKind, type ReviewPolicy } from '../../src/review/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { createReviewRig, type ReviewRig } from '../support/review.ts';
import { specimenPerson } from '../support/specimens.ts';

const [ann, bob, cleo, dan] = ['stf_ann', 'stf_bob', 'stf_cleo', 'stf_dan'] as StaffId[] as [
  StaffId,
  StaffId,
  StaffId,
  StaffId,
];

const reasons = {
  approve: [{ reason: 'evidence_consistent' }],
  resubmit: [{ reason: 'image_unreadable', step: 'company' }],
  reject: [{ reason: 'document_altered' }],
} as const;

describeDatabases('a second look', (open) => {
  let rig: ReviewRig;
  let drawn: ReviewRig;
  beforeAll(async () => {
    rig = createReviewRig(await open());
    const everyApproval: ReviewPolicy = { ...defaultReviewPolicy, secondReviewShare: 1 };
    drawn = createReviewRig(await open(), everyApproval);
  });
  afterAll(async () => {
    await rig.close();
    await drawn.close();
  });

  const versionOf = async (caseId: CaseId, on = rig) =>
    (await on.database.stores.cases.find(caseId))?.version ?? 0;
  const stateOf = async (caseId: CaseId, on = rig) => (await on.database.stores.cases.find(caseId))?.state;

  async function decide(caseId: CaseId, staffId: StaffId, decision: OpinionKind, on = rig) {
    const version = await versionOf(caseId, on);
    const texts = { message: `${decision}: dear recruiter`, note: `${staffId} compared` };
    const wanted = { decision, reasons: reasons[decision], ...texts };
    return on.review.decisions.decide({ caseId, staffId, version, ...wanted });
  }
  async function lookAndDecide(caseId: CaseId, staffId: StaffId, decision: OpinionKind, on = rig) {
    await on.lookAt(caseId, staffId);
    return decide(caseId, staffId, decision, on);
  }
  const pendingOf = (caseId: CaseId) => rig.database.stores.opinions.ofCase(caseId);

  it('keeps a rejection waiting until another person wants it too, and names both', async () => {
    const { caseId, accountId } = await rig.submitted();
    const first = await lookAndDecide(caseId, ann, 'reject');
    expect(first).toMatchObject({ ok: true, outcome: 'waiting', opinion: { cause: 'final_rejection' } });
    expect(await stateOf(caseId)).toBe('in_review');
    expect(await rig.review.queue.isHeldBy(caseId, ann)).toBe(false);
    expect(await rig.database.stores.reviewLog.decisionsOfCase(caseId)).toEqual([]);

    expect(await lookAndDecide(caseId, bob, 'reject')).toMatchObject({ ok: true, outcome: 'decided' });
    expect(await stateOf(caseId)).toBe('rejected');
    expect(await rig.database.stores.reviewLog.decisionsOfCase(caseId)).toMatchObject([
      {
        kind: 'reject',
        staffId: bob,
        firstStaffId: ann,
        policyVersion: defaultReviewPolicy.version,
        accountId,
      },
    ]);
  });

  it('seals message and note of an opinion', async () => {
    const { caseId } = await rig.submitted();
    await lookAndDecide(caseId, ann, 'reject');
    expect(await pendingOf(caseId)).toMatchObject([
      { message: 'reject: dear recruiter', note: 'stf_ann compared' },
    ]);
    const { knex } = rig.database.connection;
    const row = await knex<{ case_id: string; message: Buffer; note: Buffer }>('review_opinions')
      .where({ case_id: caseId })
      .first();
    for (const column of ['message', 'note'] as const) {
      expect(row?.[column].length, column).toBeGreaterThan(20);
      expect(Buffer.from(row?.[column] ?? '').includes('compared'), column).toBe(false);
      expect(Buffer.from(row?.[column] ?? '').includes('recruiter'), column).toBe(false);
    }
    await expect(
      knex('review_opinions').where({ case_id: caseId }).update({ kind: 'approve' }),
    ).rejects.toThrow();
  });

  it('lets nobody second their own opinion, nor look at the case meanwhile', async () => {
    const { caseId } = await rig.submitted();
    await lookAndDecide(caseId, ann, 'reject');
    expect(await decide(caseId, ann, 'reject')).toMatchObject({ ok: false, reason: 'own_opinion' });
    expect(await rig.review.queue.claim(caseId, ann)).toEqual({ ok: false, reason: 'own_opinion' });
    expect(await rig.review.desk.open(caseId, ann)).toEqual({ ok: false, reason: 'own_opinion' });
    expect((await rig.review.queue.list(ann)).cases.find((one) => one.caseId === caseId)).toMatchObject({
      bar: 'own_opinion',
      opinions: 1,
    });
    expect((await rig.review.queue.list(bob)).cases.find((one) => one.caseId === caseId)).toMatchObject({
      bar: undefined,
      opinions: 1,
    });
    expect(await rig.database.stores.claims.nextFree(ann, rig.clock.now())).not.toBe(caseId);
  });

  it('shows an opinion only after every picture was looked at, and takes agreement only after that', async () => {
    const { caseId } = await rig.submitted();
    await lookAndDecide(caseId, ann, 'reject');
    const [opinion] = await pendingOf(caseId);
    if (!opinion) throw new Error('no opinion');
    const agree = async () =>
      rig.review.decisions.agree({
        caseId,
        staffId: bob,
        version: await versionOf(caseId),
        agreesWith: opinion.id,
        note: 'seen the same',
      });

    await rig.review.queue.claim(caseId, bob);
    const opened = await rig.review.desk.open(caseId, bob);
    expect(opened).toMatchObject({ ok: true, opened: { opinions: { count: 1, shown: undefined } } });
    expect(await rig.review.desk.open(caseId, bob, { opinions: true })).toEqual({
      ok: false,
      reason: 'pictures_first',
    });
    expect(await rig.review.desk.history(caseId)).toMatchObject({ opinions: [], waitingFor: [ann] });
    expect(await agree()).toMatchObject({ ok: false, reason: 'opinion_not_seen' });
    await rig.lookAt(caseId, bob);
    expect(await agree()).toMatchObject({ ok: false, reason: 'opinion_not_seen' });
    expect(await rig.review.desk.open(caseId, bob, { opinions: true })).toMatchObject({
      ok: true,
      opened: { opinions: { shown: [{ staffId: ann, kind: 'reject' }] } },
    });
    expect(await agree()).toMatchObject({ ok: true, outcome: 'decided' });
    expect(await rig.database.stores.reviewLog.decisionsOfCase(caseId)).toMatchObject([
      {
        staffId: bob,
        firstStaffId: ann,
        reasons: reasons.reject,
        message: 'reject: dear recruiter',
        note: 'seen the same',
      },
    ]);
    expect(await rig.review.desk.history(caseId)).toMatchObject({
      opinions: [{ staffId: ann }],
      waitingFor: [],
    });
  });

  it('sends a case that two reviewers see differently to a third, whose word settles it', async () => {
    const { caseId } = await rig.submitted();
    await lookAndDecide(caseId, ann, 'reject');
    expect(await lookAndDecide(caseId, bob, 'approve')).toMatchObject({
      outcome: 'waiting',
      opinion: { cause: 'disagreement' },
    });
    for (const staffId of [ann, bob]) {
      expect(await rig.review.queue.claim(caseId, staffId)).toMatchObject({ reason: 'own_opinion' });
    }
    expect(await lookAndDecide(caseId, cleo, 'approve')).toMatchObject({ outcome: 'decided' });
    expect(await rig.database.stores.reviewLog.decisionsOfCase(caseId)).toMatchObject([
      { kind: 'approve', staffId: cleo, firstStaffId: bob },
    ]);
  });

  it('is settled by the fourth person at the latest, and rejects nobody on one person’s word', async () => {
    const { caseId } = await rig.submitted();
    for (const [staffId, kind] of [
      [ann, 'reject'],
      [bob, 'approve'],
      [cleo, 'resubmit'],
    ] as const) {
      expect(await lookAndDecide(caseId, staffId, kind)).toMatchObject({ outcome: 'waiting' });
    }
    expect(await lookAndDecide(caseId, dan, 'resubmit')).toMatchObject({ outcome: 'decided' });
    expect(await stateOf(caseId)).toBe('resubmission');
  });

  it('counts one of ten parallel seconds', async () => {
    const { caseId } = await rig.submitted();
    await lookAndDecide(caseId, ann, 'reject');
    await rig.lookAt(caseId, bob);
    const results = await Promise.all(Array.from({ length: 10 }, () => decide(caseId, bob, 'reject')));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await rig.database.stores.reviewLog.decisionsOfCase(caseId)).toHaveLength(1);
  });

  it('keeps one of ten parallel opinions of one person', async () => {
    const { caseId } = await rig.submitted();
    await rig.lookAt(caseId, ann);
    const results = await Promise.all(Array.from({ length: 10 }, () => decide(caseId, ann, 'reject')));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await pendingOf(caseId)).toHaveLength(1);
  });

  it('asks again and approves on one person’s word where nothing speaks against it', async () => {
    const [again, approved] = [await rig.submitted(), await rig.submitted()];
    expect(await lookAndDecide(again.caseId, ann, 'resubmit')).toMatchObject({ outcome: 'decided' });
    expect(await lookAndDecide(approved.caseId, ann, 'approve')).toMatchObject({ outcome: 'decided' });
    expect(await rig.database.stores.reviewLog.decisionsOfCase(approved.caseId)).toMatchObject([
      { firstStaffId: undefined },
    ]);
  });

  it('takes two people to approve what the machine would refuse', async () => {
    const { caseId } = await rig.submitted();
    const { knex } = rig.database.connection;
    await knex('verification_cases')
      .where({ id: caseId })
      .update({
        verdict: JSON.stringify({ verdict: 'reject', reasons: ['face_match'], policyVersion: 'x' }),
      });
    expect(await lookAndDecide(caseId, ann, 'approve')).toMatchObject({
      outcome: 'waiting',
      opinion: { cause: 'override' },
    });
    expect(await lookAndDecide(caseId, bob, 'approve')).toMatchObject({ outcome: 'decided' });
    expect(await stateOf(caseId)).toBe('approved');
  });

  it('asks for a second look at approvals that are drawn', async () => {
    const { caseId } = await drawn.submitted();
    expect(await lookAndDecide(caseId, ann, 'approve', drawn)).toMatchObject({
      outcome: 'waiting',
      opinion: { cause: 'sample' },
    });
    expect(await lookAndDecide(caseId, bob, 'approve', drawn)).toMatchObject({ outcome: 'decided' });
  });

  it('tells who would approve a taken identity at once', async () => {
    const person = specimenPerson();
    const first = await drawn.submitted({ person });
    await lookAndDecide(first.caseId, ann, 'approve', drawn);
    await lookAndDecide(first.caseId, bob, 'approve', drawn);
    const second = await drawn.submitted({ person });
    expect(await lookAndDecide(second.caseId, ann, 'approve', drawn)).toMatchObject({
      ok: false,
      reason: 'identity_taken',
    });
    expect(await drawn.database.stores.opinions.ofCase(second.caseId)).toEqual([]);
    expect(await drawn.review.queue.isHeldBy(second.caseId, ann)).toBe(true);
  });

  it('forgets opinions about a case that was submitted again', async () => {
    const { caseId } = await rig.submitted();
    await lookAndDecide(caseId, ann, 'reject');
    const found = await rig.database.stores.cases.find(caseId);
    if (!found) throw new Error('no case');
    await rig.database.stores.cases.update(found, { round: 2 });
    expect(await rig.review.queue.claim(caseId, ann)).toMatchObject({ ok: true });
    expect(await rig.review.desk.open(caseId, ann)).toMatchObject({ opened: { opinions: { count: 0 } } });
  });

  it('purges opinions when their time is over', async () => {
    const { opinions } = rig.database.stores;
    expect(await opinions.purge(rig.clock.now(), 100)).toBe(0);
    expect(await opinions.purge(rig.clock.now() + 4 * 366 * 86_400_000, 1000)).toBeGreaterThan(0);
  });
});
