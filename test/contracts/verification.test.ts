import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, hours } from '../../src/core/clock.ts';
import { describeDatabases } from '../support/databases.ts';
import {
  businessLicence,
  creditCode,
  idCardFront,
  specimenCompany,
  specimenPerson,
} from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  personEntry,
  type VerificationRig,
} from '../support/verification.ts';

describeDatabases('verification', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it.each(['face', 'hand_held'] as const)(
    'goes from the first answer to a verified recruiter by %s',
    async (route) => {
      const who = applicant(rig.verification, newAccount());
      const { person, company } = await who.fill({ route });
      const submitted = await who.submit();
      expect(submitted.case).toMatchObject({
        state: 'in_review',
        round: 1,
        redo: [],
        verdict: { verdict: 'review' },
      });
      expect(submitted.case.verdict?.reasons).toContain('face_match');
      expect(await rig.decide(submitted.case.id)).toMatchObject({ ok: true, state: 'approved' });

      const { stores } = rig.database;
      expect(await stores.persons.find(who.accountId)).toMatchObject({
        state: 'verified',
        level: 'rn2',
        method: route,
        caseId: submitted.case.id,
        validUntil: Date.parse('2040-01-02T00:00:00+08:00'),
        claims: {
          name: person.name,
          documentNumber: person.number,
          birthDate: person.birthdate,
          sex: person.sex,
        },
      });
      const known = await stores.companies.findByCode(company.code);
      expect(known).toMatchObject({ state: 'verified', recheckAt: rig.database.clock.now() + days(180) });
      expect(await stores.memberships.listByAccount(who.accountId)).toMatchObject([
        { state: 'active', role: 'recruiter', companyId: known?.id },
      ]);
      expect(rig.recomputed.filter((id) => id === who.accountId).length).toBeGreaterThanOrEqual(3);
      const history = await stores.cases.history(submitted.case.id);
      expect(history.map(({ event, by }) => `${event} ${by}`)).toEqual([
        'open person',
        'submit person',
        'refer machine',
        'approve reviewer',
      ]);
    },
  );

  it('takes a passport with one picture', async () => {
    const who = applicant(rig.verification, newAccount());
    const person = specimenPerson();
    const entry = { documentType: 'passport_cn', number: person.passport, birthDate: '1990-01-01' } as const;
    await who.fill({ person, entry });
    const { case: submitted } = await who.submit();
    expect(submitted.findings).toContainEqual({
      code: 'number_checksum',
      outcome: 'not_run',
      detail: 'no_check_digit',
    });
  });

  it('refuses what comes out of order, from another version or after submission', async () => {
    const accountId = newAccount();
    const { verification } = rig;
    const who = applicant(verification, accountId);
    const company = { name: '样本', creditCode: creditCode(), confirmed: false };
    expect(await verification.saveCompany({ accountId, version: 1 }, company)).toMatchObject({
      reason: 'closed',
    });
    await verification.start(accountId);
    expect(await verification.savePerson(await who.editor(), personEntry(specimenPerson()))).toMatchObject({
      reason: 'closed',
    });
    expect(await verification.add(accountId, 'selfie', Buffer.alloc(10))).toMatchObject({ reason: 'closed' });
    await who.must(verification.add(accountId, 'licence', await businessLicence(specimenCompany())));
    const stale = await who.editor();
    expect(await verification.saveCompany(stale, company)).toMatchObject({ ok: true });
    expect(await verification.saveCompany(stale, { ...company, name: '另一个' })).toMatchObject({
      reason: 'stale',
    });
    expect((await who.view()).case.answers.company?.name).toBe('样本');
    await who.fill();
    expect(await verification.submit({ accountId, version: 1 })).toMatchObject({ reason: 'stale' });
    await who.submit();
    expect(await verification.saveCompany(await who.editor(), company)).toMatchObject({ reason: 'closed' });
    expect(await verification.submit(await who.editor())).toMatchObject({ reason: 'closed' });
    expect(await verification.add(accountId, 'selfie', await idCardFront(specimenPerson()))).toMatchObject({
      reason: 'closed',
    });
  });

  it('opens one case when two devices begin at once, and submits once', async () => {
    const accountId = newAccount();
    const who = applicant(rig.verification, accountId);
    const opened = await Promise.all(Array.from({ length: 4 }, () => rig.verification.start(accountId)));
    const ids = opened.map((result) => (result.ok ? result.view.case.id : result.reason));
    expect(new Set(ids).size).toBe(1);
    await who.fill();
    const editor = await who.editor();
    const submissions = await Promise.all([rig.verification.submit(editor), rig.verification.submit(editor)]);
    expect(submissions.filter(({ ok }) => ok)).toHaveLength(1);
    const { case: submitted } = await who.view();
    expect(submitted).toMatchObject({ state: 'submitted', round: 1 });
    await Promise.all([rig.verification.examine(submitted.id), rig.verification.examine(submitted.id)]);
    expect((await who.view()).case).toMatchObject({ state: 'in_review', round: 1 });
  });

  it('asks for named steps again, as often as the policy allows', async () => {
    const who = applicant(rig.verification, newAccount());
    const { person } = await who.fill();
    await who.submit();
    for (let round = 1; round <= 3; round++) {
      const { case: current } = await who.view();
      const again = {
        decision: 'resubmit',
        reasons: [{ reason: 'image_unreadable', step: 'document' }],
        message: '请重拍',
      };
      expect(await rig.decide(current.id, again)).toMatchObject({ ok: true, state: 'resubmission' });
      const asked = (await who.view()).case;
      expect(asked.redo).toEqual(['document_front', 'document_back', 'document_page', 'person']);
      expect(asked.decision).toMatchObject({ message: '请重拍', decision: 'resubmit' });
      expect(await rig.verification.submit(await who.editor())).toMatchObject({ reason: 'incomplete' });
      expect(await rig.verification.chooseRoute(await who.editor(), 'hand_held')).toMatchObject({
        reason: 'closed',
      });
      await who.must(rig.verification.add(who.accountId, 'document_front', await idCardFront(person)));
      await who.must(rig.verification.add(who.accountId, 'document_back', await idCardFront(person)));
      await who.must(rig.verification.savePerson(await who.editor(), personEntry(person)));
      expect((await who.submit()).case.round).toBe(round + 1);
    }
    const { case: last } = await who.view();
    const again = { decision: 'resubmit', reasons: [{ reason: 'image_unreadable', step: 'document' }] };
    expect(await rig.decide(last.id, again)).toMatchObject({ reason: 'resubmissions_exhausted' });
    expect(await rig.decide(last.id, { reasons: [] })).toMatchObject({ reason: 'reasons_missing' });
    expect(await rig.decide(last.id)).toMatchObject({ ok: true });
    expect(await rig.decide(last.id)).toMatchObject({ reason: 'not_in_review' });
  });

  it('leads from one route to the other and destroys what is not needed', async () => {
    const who = applicant(rig.verification, newAccount());
    await who.fill({ route: 'face' });
    await who.must(
      rig.verification.consent(await who.editor(), { purpose: 'face', granted: false, language: 'en' }),
    );
    const { case: current, images } = await who.view();
    expect(current.route).toBe('hand_held');
    expect(current.consents.face).toBeUndefined();
    expect(images.some(({ kind }) => kind === 'selfie')).toBe(false);
  });

  it('refuses an incomplete case and a document that ran out meanwhile', async () => {
    const who = applicant(rig.verification, newAccount());
    await rig.verification.start(who.accountId);
    expect(await rig.verification.submit(await who.editor())).toMatchObject({ reason: 'incomplete' });
    const tomorrow = new Date(rig.database.clock.now() + days(1)).toISOString().slice(0, 10);
    await who.fill({ entry: { expiresOn: tomorrow } });
    rig.database.clock.advance(days(3));
    expect(await rig.verification.submit(await who.editor())).toMatchObject({ reason: 'document_expired' });
  });

  it('limits how many cases an account opens in a day', async () => {
    const accountId = newAccount();
    for (let i = 0; i < 5; i++) {
      expect(await rig.verification.start(accountId)).toMatchObject({ ok: true });
      await rig.verification.withdraw(accountId, 'zh-CN');
    }
    expect(await rig.verification.start(accountId)).toMatchObject({ reason: 'too_many_cases' });
    rig.database.clock.advance(hours(24));
    expect(await rig.verification.start(accountId)).toMatchObject({ ok: true });
  });
});
