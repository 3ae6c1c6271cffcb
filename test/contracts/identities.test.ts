import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.ts';
import { creditCode, specimenPerson } from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  staffId,
  type VerificationRig,
} from '../support/verification.ts';

describeDatabases('whose an identity and a company are', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  const state = async (accountId: ReturnType<typeof newAccount>) =>
    (await rig.verification.view(accountId))?.case.state;

  it('lets one of two accounts have an identity, and tells only the reviewer', async () => {
    const person = specimenPerson();
    const [first, second] = [
      applicant(rig.verification, newAccount()),
      applicant(rig.verification, newAccount()),
    ];
    await first.fill({ person });
    await second.fill({ person });
    const one = await first.submit();
    const two = await second.submit();
    expect(two.case.findings).toContainEqual({ code: 'duplicate_identity', outcome: 'attention' });
    const shown = await rig.database.transact((stores) =>
      rig.verification.loadCaseForReview(stores, two.case.id),
    );
    expect(shown?.duplicates).toEqual([first.accountId]);
    const results = await Promise.all([rig.decide(one.case.id), rig.decide(two.case.id)]);
    const reasons = results.map((result) => (result.ok ? 'ok' : result.reason));
    expect(reasons.sort()).toEqual(['identity_taken', 'ok']);
    expect(
      await rig.database.handle
        .knex('person_verifications')
        .whereIn('account_id', [first.accountId, second.accountId])
        .select('state'),
    ).toHaveLength(1);
  });

  it('frees the identity when a verification is revoked', async () => {
    const person = specimenPerson();
    const [first, second] = [
      applicant(rig.verification, newAccount()),
      applicant(rig.verification, newAccount()),
    ];
    await first.fill({ person });
    await rig.decide((await first.submit()).case.id);
    await second.fill({ person });
    const { case: waiting } = await second.submit();
    expect(await rig.decide(waiting.id)).toMatchObject({ reason: 'identity_taken' });
    const revoke = () =>
      rig.database.transact((stores) =>
        rig.verification.revokePerson(stores, {
          accountId: first.accountId,
          staffId,
          reason: 'reported_abuse',
        }),
      );
    expect(await revoke()).toMatchObject({ ok: true });
    expect(await revoke()).toMatchObject({ reason: 'not_verified' });
    expect(await state(first.accountId)).toBe('revoked');
    expect(await rig.decide(waiting.id)).toMatchObject({ ok: true });
  });

  it('rejects without branding the company, unless the company is the reason', async () => {
    const code = creditCode();
    const who = applicant(rig.verification, newAccount());
    await who.fill({ code });
    const rejected = { decision: 'reject', reasons: [{ reason: 'document_altered' }] };
    await rig.decide((await who.submit()).case.id, rejected);
    const { stores } = rig.database;
    expect((await stores.companies.findByCode(code))?.state).toBe('unclaimed');
    expect(await stores.memberships.listByAccount(who.accountId)).toMatchObject([{ state: 'ended' }]);
    expect(await stores.persons.find(who.accountId)).toBeUndefined();

    const next = applicant(rig.verification, newAccount());
    await next.fill({ code });
    await rig.decide((await next.submit()).case.id, {
      decision: 'reject',
      reasons: [{ reason: 'company_not_operating', step: 'company' }],
    });
    expect((await stores.companies.findByCode(code))?.state).toBe('rejected');
  });

  it('verifies a company under the name of the approved case, not under one somebody gave before', async () => {
    const code = creditCode();
    const [squatter, recruiter, colleague] = [newAccount(), newAccount(), newAccount()].map((id) =>
      applicant(rig.verification, id),
    ) as [ReturnType<typeof applicant>, ReturnType<typeof applicant>, ReturnType<typeof applicant>];
    await squatter.fill({ code });
    const misnamed = { name: '冒名公司', creditCode: code, confirmed: false };
    await squatter.must(rig.verification.saveCompany(await squatter.editor(), misnamed));
    await squatter.submit();
    await rig.verification.withdraw(squatter.accountId, 'zh-CN');
    await recruiter.fill({ code });
    await rig.decide((await recruiter.submit()).case.id);
    const { stores } = rig.database;
    expect(await stores.companies.findByCode(code)).toMatchObject({ name: '样本科技有限公司' });

    await colleague.fill({ code });
    const { case: waiting } = await colleague.submit();
    const before = rig.recomputed.length;
    await rig.decide(waiting.id);
    expect(rig.recomputed.slice(before)).toContain(recruiter.accountId);
  });

  it('reuses a verified company and keeps the other name', async () => {
    const code = creditCode();
    const [first, second] = [
      applicant(rig.verification, newAccount()),
      applicant(rig.verification, newAccount()),
    ];
    await first.fill({ code });
    await rig.decide((await first.submit()).case.id);
    await second.fill({ code });
    await second.must(
      rig.verification.saveCompany(await second.editor(), {
        name: '别名公司',
        creditCode: code,
        confirmed: false,
      }),
    );
    const { case: waiting } = await second.submit();
    expect(waiting.findings).toContainEqual({
      code: 'company_name',
      outcome: 'attention',
      detail: 'differs',
    });
    const { stores } = rig.database;
    const company = await stores.companies.findByCode(code);
    expect(company).toMatchObject({ state: 'verified', name: '样本科技有限公司' });
    expect(await stores.companies.listNames(company!.id)).toEqual(
      expect.arrayContaining(['样本科技有限公司', '别名公司']),
    );
    expect(await stores.memberships.listByAccount(second.accountId)).toMatchObject([{ state: 'in_review' }]);
    const revoked = await rig.database.transact((bound) =>
      rig.companies.revokeCompany(bound, { companyId: company!.id, staffId, reason: 'company_closed' }),
    );
    expect(revoked).toMatchObject({ ok: true });
    expect(rig.recomputed.slice(-2).sort()).toEqual([first.accountId, second.accountId].sort());
  });
});
