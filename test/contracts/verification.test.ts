import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, hours } from '../../src/core/clock.ts';
import type { ImageId } from '../../src/core/ids.ts';
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
  staffId,
  type VerificationRig,
} from '../support/verification.ts';

describeDatabases('verification', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  const decide = (caseId: string, over: object = {}) =>
    rig.database.transact((stores) =>
      rig.verification.decideCase(stores, {
        caseId: caseId as never,
        staffId,
        decision: 'approve',
        reasons: [{ reason: 'evidence_consistent' }],
        ...over,
      }),
    );
  const files = () =>
    readdirSync(rig.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const state = async (accountId: ReturnType<typeof newAccount>) =>
    (await rig.verification.view(accountId))?.case.state;

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
      expect(await decide(submitted.case.id)).toMatchObject({ ok: true, state: 'approved' });

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

  it('never stores what it is told in the clear', async () => {
    const who = applicant(rig.verification, newAccount());
    const { person } = await who.fill();
    const cases = (await rig.database.handle.knex('verification_cases').select()) as Record<
      string,
      unknown
    >[];
    const rows = cases
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join(' ');
    for (const secret of [person.name, person.number, Buffer.from(person.name).toString('latin1')]) {
      expect(rows.includes(secret)).toBe(false);
    }
    expect(files().length).toBeGreaterThan(0);
    for (const file of files()) {
      const content = readFileSync(file);
      expect(content.includes(Buffer.of(0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43))).toBe(false);
      expect(content.includes('JFIF')).toBe(false);
    }
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

  it('destroys a picture when another takes its place', async () => {
    const accountId = newAccount();
    const who = applicant(rig.verification, accountId);
    await rig.verification.start(accountId);
    const licence = await businessLicence(specimenCompany());
    const before = files().length;
    await who.must(rig.verification.add(accountId, 'licence', licence));
    const [first] = (await who.view()).images;
    await who.must(rig.verification.add(accountId, 'licence', licence));
    const { case: current, images } = await who.view();
    expect(images).toHaveLength(1);
    expect(images[0]?.id).not.toBe(first?.id);
    expect(await rig.verification.preview(accountId, first!.id)).toBeUndefined();
    await rig.verification.destroyImages(current.id);
    expect(files().length).toBe(before + 1);
    expect(await rig.verification.preview(accountId, images[0]!.id)).toBeInstanceOf(Buffer);
    expect(await rig.verification.preview(newAccount(), images[0]!.id)).toBeUndefined();
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
      expect(await decide(current.id, again)).toMatchObject({ ok: true, state: 'resubmission' });
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
    expect(await decide(last.id, again)).toMatchObject({ reason: 'resubmissions_exhausted' });
    expect(await decide(last.id, { reasons: [] })).toMatchObject({ reason: 'reasons_missing' });
    expect(await decide(last.id)).toMatchObject({ ok: true });
    expect(await decide(last.id)).toMatchObject({ reason: 'not_in_review' });
  });

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
    const results = await Promise.all([decide(one.case.id), decide(two.case.id)]);
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
    await decide((await first.submit()).case.id);
    await second.fill({ person });
    const { case: waiting } = await second.submit();
    expect(await decide(waiting.id)).toMatchObject({ reason: 'identity_taken' });
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
    expect(await decide(waiting.id)).toMatchObject({ ok: true });
  });

  it('rejects without branding the company, unless the company is the reason', async () => {
    const code = creditCode();
    const who = applicant(rig.verification, newAccount());
    await who.fill({ code });
    const rejected = { decision: 'reject', reasons: [{ reason: 'document_altered' }] };
    await decide((await who.submit()).case.id, rejected);
    const { stores } = rig.database;
    expect((await stores.companies.findByCode(code))?.state).toBe('unclaimed');
    expect(await stores.memberships.listByAccount(who.accountId)).toMatchObject([{ state: 'ended' }]);
    expect(await stores.persons.find(who.accountId)).toBeUndefined();

    const next = applicant(rig.verification, newAccount());
    await next.fill({ code });
    await decide((await next.submit()).case.id, {
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
    await decide((await recruiter.submit()).case.id);
    const { stores } = rig.database;
    expect(await stores.companies.findByCode(code)).toMatchObject({ name: '样本科技有限公司' });

    await colleague.fill({ code });
    const { case: waiting } = await colleague.submit();
    const before = rig.recomputed.length;
    await decide(waiting.id);
    expect(rig.recomputed.slice(before)).toContain(recruiter.accountId);
  });

  it('reuses a verified company and keeps the other name', async () => {
    const code = creditCode();
    const [first, second] = [
      applicant(rig.verification, newAccount()),
      applicant(rig.verification, newAccount()),
    ];
    await first.fill({ code });
    await decide((await first.submit()).case.id);
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

  it('stops and deletes: pictures, answers, status', async () => {
    const who = applicant(rig.verification, newAccount());
    await who.fill();
    const { case: submitted } = await who.submit();
    await decide(submitted.id);
    const before = files().length;
    expect(await rig.verification.withdraw(who.accountId, 'zh-CN')).toMatchObject({ ok: true });
    await rig.verification.destroyImages(submitted.id);
    const { case: withdrawn, images } = await who.view();
    expect(withdrawn).toMatchObject({ state: 'withdrawn', answers: {}, consents: {} });
    expect(images.map(({ kind }) => kind)).toEqual(['licence']);
    expect(files().length).toBe(before - 3);
    const { stores } = rig.database;
    expect(await stores.persons.find(who.accountId)).toMatchObject({
      state: 'revoked',
      revokedReason: 'withdrawn',
    });
    expect(await stores.memberships.listByAccount(who.accountId)).toMatchObject([{ state: 'ended' }]);
    const receipts = await stores.receipts.list(who.accountId);
    expect(receipts.map(({ purpose, granted }) => `${purpose} ${granted}`).sort()).toEqual([
      'face false',
      'face true',
      'id_images false',
      'id_images true',
    ]);
    expect(await rig.verification.withdraw(who.accountId, 'zh-CN')).toMatchObject({ ok: false });
  });

  it('keeps the active membership when a renewal is given up', async () => {
    const code = creditCode();
    const person = specimenPerson();
    const who = applicant(rig.verification, newAccount());
    await who.fill({ code, person });
    await decide((await who.submit()).case.id);
    await who.fill({ code, person });
    await who.submit();
    await rig.verification.withdraw(who.accountId, 'zh-CN');
    const { stores } = rig.database;
    expect(await stores.memberships.listByAccount(who.accountId)).toMatchObject([{ state: 'active' }]);
    expect((await stores.persons.find(who.accountId))?.state).toBe('verified');
    expect((await who.view()).case.state).toBe('approved');
  });

  it('ends every approval of an account when it stops after a renewal', async () => {
    const person = specimenPerson();
    const who = applicant(rig.verification, newAccount());
    for (let i = 0; i < 2; i++) {
      await who.fill({ person });
      await decide((await who.submit()).case.id);
    }
    expect(await rig.verification.withdraw(who.accountId, 'zh-CN')).toMatchObject({ ok: true });
    expect((await who.view()).case.state).toBe('withdrawn');
    const { stores } = rig.database;
    expect((await stores.persons.find(who.accountId))?.state).toBe('revoked');
    expect((await stores.memberships.listByAccount(who.accountId)).map(({ state }) => state)).toEqual([
      'ended',
      'ended',
    ]);
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

describeDatabases('the purge of verification', (open) => {
  it('destroys pictures after their time, gives up abandoned cases and forgets old records', async () => {
    const rig = createVerificationRig(await open());
    const { clock, stores, transact } = rig.database;
    const files = () =>
      readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length;
    const purge = () => rig.verification.purge(clock.now(), 100);
    const [done, left] = [
      applicant(rig.verification, newAccount()),
      applicant(rig.verification, newAccount()),
    ];
    await done.fill();
    const { case: submitted } = await done.submit();
    const input = { caseId: submitted.id, staffId, decision: 'approve', reasons: [{ reason: 'x' }] } as const;
    await transact((bound) => rig.verification.decideCase(bound, input));
    await left.fill();
    expect(files()).toBe(8);
    await purge();
    expect(files()).toBe(8);
    clock.advance(days(8));
    await purge();
    expect(files()).toBe(5);
    expect((await stores.images.listStored(submitted.id)).map(({ kind }) => kind)).toEqual(['licence']);
    clock.advance(days(30));
    await purge();
    await purge();
    expect(files()).toBe(1);
    expect((await rig.verification.view(left.accountId))?.case).toMatchObject({
      state: 'withdrawn',
      answers: {},
    });
    clock.advance(days(4 * 366));
    await purge();
    expect(files()).toBe(0);
    expect(await rig.verification.view(left.accountId)).toBeUndefined();
    expect((await rig.verification.view(done.accountId))?.case.state).toBe('approved');
    await transact((bound) =>
      rig.verification.revokePerson(bound, { accountId: done.accountId, staffId, reason: 'x' }),
    );
    clock.advance(days(4 * 366));
    await purge();
    await purge();
    expect(await stores.persons.find(done.accountId)).toBeUndefined();
    expect(await rig.verification.view(done.accountId)).toBeUndefined();
    const { knex } = rig.database.handle;
    expect(await knex('verification_images').select('id')).toEqual([]);
    expect(await knex('subject_keys').whereLike('subject', 'cas_%').select('subject')).toEqual([]);
    await rig.close();
  });

  it('destroys the others when one picture cannot be deleted, and tries that one again', async () => {
    const rig = createVerificationRig(await open());
    const { clock, stores } = rig.database;
    const accountId = newAccount();
    await rig.verification.start(accountId);
    const { case: current } = (await rig.verification.view(accountId))!;
    const image = { caseId: current.id, accountId, kind: 'licence', width: 1, height: 1, bytes: 1 } as const;
    const announced = [];
    for (let i = 0; i < 3; i++) announced.push(await stores.images.announce(image, Buffer.from('x')));
    const [stuck, ...others] = announced.map(({ id }) => id) as [ImageId, ...ImageId[]];
    const obstacle = join(rig.folder, createHash('sha256').update(stuck).digest('hex').slice(0, 2), stuck);
    mkdirSync(obstacle, { recursive: true });
    clock.advance(days(1));
    await rig.verification.purge(clock.now(), 100);
    const states = (ids: ImageId[]) =>
      Promise.all(ids.map(async (id) => (await stores.images.find(id))?.state));
    expect(await states(others)).toEqual(['destroyed', 'destroyed']);
    expect(await states([stuck])).toEqual(['pending']);
    rmdirSync(obstacle);
    await rig.verification.purge(clock.now(), 100);
    expect(await states([stuck])).toEqual(['destroyed']);
    await rig.close();
  });

  it('removes a picture that was announced by a process that died', async () => {
    const rig = createVerificationRig(await open());
    const { clock, stores } = rig.database;
    const accountId = newAccount();
    await rig.verification.start(accountId);
    const { case: current } = (await rig.verification.view(accountId))!;
    const image = { caseId: current.id, accountId, kind: 'licence', width: 1, height: 1, bytes: 1 } as const;
    const announced = await stores.images.announce(image, Buffer.from('x'));
    await rig.verification.purge(clock.now(), 100);
    expect((await stores.images.find(announced.id))?.state).toBe('pending');
    clock.advance(days(1));
    await rig.verification.purge(clock.now(), 100);
    expect((await stores.images.find(announced.id))?.state).toBe('destroyed');
    await rig.close();
  });
});
