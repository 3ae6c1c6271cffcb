import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffId } from '../../src/core/ids.ts';
import { describeDatabases } from '../support/databases.ts';
import { createReviewRig, enrol, type ReviewRig } from '../support/review.ts';

describeDatabases('conflicts of interest', (open) => {
  let rig: ReviewRig;
  let people = 0;
  beforeAll(async () => {
    rig = createReviewRig(await open());
  });
  afterAll(() => rig.close());

  async function staff(): Promise<{ login: string; id: StaffId }> {
    const { staff: member } = await enrol(rig.review, `member${(people += 1)}`);
    return { login: member.login, id: member.id };
  }

  it('refuses a case of the own company at the queue, and gives it to others', async () => {
    const [insider, outsider] = [await staff(), await staff()];
    const { caseId, company } = await rig.submitted();
    const spelled = `${company.code.slice(0, 8)} ${company.code.slice(8)}`.toLowerCase();
    expect(await rig.review.conflicts.add(insider.login, spelled)).toEqual({
      ok: true,
      creditCode: company.code,
    });
    expect(await rig.review.queue.claim(caseId, insider.id)).toEqual({
      ok: false,
      reason: 'conflict_of_interest',
    });
    const line = (await rig.review.queue.list(insider.id)).cases.find((one) => one.caseId === caseId);
    expect(line).toMatchObject({ bar: 'conflict_of_interest' });
    expect(await rig.review.queue.claimNext(insider.id)).toEqual({ ok: false, reason: 'queue_empty' });
    expect(await rig.review.queue.claim(caseId, outsider.id)).toMatchObject({ ok: true });
  });

  it('takes a case away from who holds it when the conflict is declared, or the company changes, later', async () => {
    const member = await staff();
    const first = await rig.submitted();
    const second = await rig.submitted();
    for (const { caseId } of [first, second]) await rig.lookAt(caseId, member.id);
    const version = (await rig.database.stores.cases.find(first.caseId))?.version ?? 0;
    await rig.review.conflicts.add(member.login, first.company.code);
    const decided = await rig.review.decisions.decide({
      caseId: first.caseId,
      staffId: member.id,
      version,
      decision: 'approve',
      reasons: [{ reason: 'evidence_consistent' }],
      message: undefined,
      note: undefined,
    });
    expect(decided).toMatchObject({ ok: false, reason: 'conflict_of_interest' });
    const { images, cases, claims, companies } = rig.database.stores;
    const [picture] = await images.listStored(first.caseId);
    if (!picture) throw new Error('no picture');
    expect(await rig.review.desk.image(picture.id, member.id)).toEqual({
      ok: false,
      reason: 'conflict_of_interest',
    });
    expect(await claims.live(first.caseId, rig.clock.now())).toBeUndefined();

    const found = await cases.find(second.caseId);
    const own = await companies.findByCode(first.company.code);
    if (!found || !own) throw new Error('no case');
    expect(await rig.review.desk.open(second.caseId, member.id)).toMatchObject({ ok: true });
    await cases.update(found, { companyId: own.id });
    expect(await rig.review.desk.open(second.caseId, member.id)).toEqual({
      ok: false,
      reason: 'conflict_of_interest',
    });
  });

  it('ends with the declaration', async () => {
    const member = await staff();
    const { caseId, company } = await rig.submitted();
    await rig.review.conflicts.add(member.login, company.code);
    expect(await rig.review.conflicts.list(member.login)).toEqual({ ok: true, creditCodes: [company.code] });
    expect(await rig.review.conflicts.remove(member.login, company.code)).toMatchObject({ ok: true });
    expect(await rig.review.queue.claim(caseId, member.id)).toMatchObject({ ok: true });
  });

  it.each([
    ['an unknown login', 'nobody', '91310000MA1FL8AB12', 'unknown_login'],
    ['what is no credit code', undefined, 'a company', 'code_malformed'],
  ])('refuses %s', async (_, login, code, reason) => {
    const member = await staff();
    const { conflicts } = rig.review;
    expect(await conflicts.add(login ?? member.login, code)).toEqual({ ok: false, reason });
    expect(await conflicts.remove(login ?? member.login, code)).toEqual({ ok: false, reason });
  });

  it('is recorded once, with who declared and who took it back', async () => {
    const member = await staff();
    const { company } = await rig.submitted();
    const { conflicts, audit } = rig.review;
    await conflicts.add(member.login, company.code, 'cli');
    await conflicts.add(member.login, company.code, 'cli');
    await conflicts.remove(member.login, company.code, 'cli');
    const records = (await audit.newest({ limit: 20 })).filter(({ target }) => target === member.id);
    const details = { creditCode: company.code };
    expect(records.filter(({ action }) => action.startsWith('staff.conflict'))).toMatchObject([
      { actor: 'cli', action: 'staff.conflict_withdrawn', details },
      { actor: 'cli', action: 'staff.conflict_declared', details },
    ]);
  });

  it('says when there was nothing to take back', async () => {
    const member = await staff();
    const { company } = await rig.submitted();
    expect(await rig.review.conflicts.remove(member.login, company.code)).toEqual({
      ok: false,
      reason: 'not_declared',
    });
  });
});
