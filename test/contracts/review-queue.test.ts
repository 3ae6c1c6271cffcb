import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import type { StaffId } from '../../src/core/ids.ts';
import { claimLifetime, claimsPerStaff } from '../../src/review/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { bareCase, createReviewRig, type ReviewRig } from '../support/review.ts';

const [ann, bob] = ['stf_ann' as StaffId, 'stf_bob' as StaffId];

describeDatabases('the review queue', (open) => {
  let rig: ReviewRig;
  beforeAll(async () => {
    rig = createReviewRig(await open());
  });
  afterAll(() => rig.close());

  const waitingCase = async () => {
    const caseId = await bareCase(rig);
    rig.clock.advance(1000);
    return caseId;
  };
  const emptyQueue = async () => {
    const { knex } = rig.database.connection;
    await knex('verification_cases').delete();
    await knex('case_claims').delete();
  };

  it('shows the oldest case first, with nothing about the person', async () => {
    await emptyQueue();
    const [first, second] = [await waitingCase(), await waitingCase()];
    await rig.review.queue.claim(second, ann);
    const { cases, waiting, claimed } = await rig.review.queue.list(bob);
    expect(cases.map(({ caseId }) => caseId)).toEqual([first, second]);
    expect(cases[0]).toEqual({
      caseId: first,
      submittedAt: cases[0]?.submittedAt,
      round: 1,
      route: undefined,
      referredFor: [],
      isAppeal: false,
      opinions: 0,
      bar: undefined,
      claim: undefined,
    });
    expect(cases[1]?.claim?.staffId).toBe(ann);
    expect({ waiting, claimed }).toEqual({ waiting: 1, claimed: 1 });
  });

  it('gives a case to one of ten reviewers who claim it at once', async () => {
    const caseId = await waitingCase();
    const staff = Array.from({ length: 10 }, (_, i) => `stf_${i}` as StaffId);
    const results = await Promise.all(staff.map((id) => rig.review.queue.claim(caseId, id)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'held_by_other')).toHaveLength(9);
  });

  it('gives ten reviewers who ask for the next case ten different ones', async () => {
    await emptyQueue();
    for (let i = 0; i < 10; i++) await waitingCase();
    const staff = Array.from({ length: 11 }, (_, i) => `stf_next${i}` as StaffId);
    const results = await Promise.all(staff.map((id) => rig.review.queue.claimNext(id)));
    const given = results.flatMap((result) => (result.ok ? [result.claim.caseId] : []));
    expect(new Set(given).size).toBe(10);
    expect(results.filter((result) => !result.ok && result.reason === 'queue_empty')).toHaveLength(1);
  });

  it('gives a case back after half an hour without a look, and keeps it for who looks', async () => {
    const caseId = await waitingCase();
    await rig.review.queue.claim(caseId, ann);
    rig.clock.advance(claimLifetime - minutes(1));
    expect(await rig.review.desk.open(caseId, ann)).toMatchObject({ ok: true });
    rig.clock.advance(claimLifetime - minutes(1));
    expect(await rig.review.queue.claim(caseId, bob)).toEqual({ ok: false, reason: 'held_by_other' });
    rig.clock.advance(minutes(1));
    expect(await rig.review.desk.open(caseId, ann)).toEqual({ ok: false, reason: 'not_claimed' });
    expect(await rig.review.queue.claim(caseId, bob)).toMatchObject({ ok: true });
    expect(await rig.review.desk.open(caseId, ann)).toEqual({ ok: false, reason: 'held_by_other' });
  });

  it('releases a case only for its holder', async () => {
    const caseId = await waitingCase();
    await rig.review.queue.claim(caseId, ann);
    expect(await rig.review.queue.release(caseId, bob)).toBe(false);
    expect(await rig.review.queue.release(caseId, ann)).toBe(true);
    expect(await rig.review.queue.claim(caseId, bob)).toMatchObject({ ok: true });
  });

  it('lets nobody hoard cases, and nobody claim what is not in review', async () => {
    const greedy = 'stf_greedy' as StaffId;
    for (let i = 0; i < claimsPerStaff; i++) {
      expect(await rig.review.queue.claim(await waitingCase(), greedy)).toMatchObject({ ok: true });
    }
    expect(await rig.review.queue.claim(await waitingCase(), greedy)).toEqual({
      ok: false,
      reason: 'too_many_claims',
    });
    expect(await rig.review.queue.claim('cas_none' as never, ann)).toEqual({
      ok: false,
      reason: 'not_in_review',
    });
  });

  it('gives back what a disabled member of staff held', async () => {
    const added = await rig.review.accounts.add('leaving', 'Leaving', 'reviewer');
    if (!added.ok) throw new Error(added.reason);
    const caseId = await waitingCase();
    await rig.review.queue.claim(caseId, added.enrolment.staff.id);
    await rig.review.accounts.disable('leaving');
    expect(await rig.review.queue.claim(caseId, bob)).toMatchObject({ ok: true });
  });

  it('never rewrites a record of a look or a decision', async () => {
    const caseId = await waitingCase();
    await rig.review.queue.claim(caseId, 'stf_log' as StaffId);
    const { knex } = rig.database.connection;
    await expect(
      knex('evidence_views').where({ case_id: caseId }).update({ staff_id: 'stf_x' }),
    ).rejects.toThrow();
    expect(await rig.database.stores.reviewLog.viewsOfCase(caseId, 10)).toMatchObject([
      { what: 'claimed', staffId: 'stf_log' },
    ]);
  });

  it('purges claims and records when their time is over', async () => {
    const { knex } = rig.database.connection;
    const { claims, reviewLog } = rig.database.stores;
    rig.clock.advance(claimLifetime);
    while ((await claims.purge(rig.clock.now(), 100)) > 0);
    expect(await knex('case_claims')).toHaveLength(0);
    expect(await reviewLog.purge(rig.clock.now(), 100)).toBe(0);
    rig.clock.advance(4 * 366 * 86_400_000);
    while ((await reviewLog.purge(rig.clock.now(), 100)) > 0);
    expect(await knex('evidence_views')).toHaveLength(0);
  });
});
