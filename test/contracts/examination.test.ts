import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import type { AccountId, CaseId } from '../../src/core/ids.ts';
import {
  defaultPolicy,
  type Authority,
  type AuthorityAnswer,
  replay,
  type AuthorityQuestion,
  type Prompt,
  type Replayed,
  type VerificationPolicy,
} from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { testPicture } from '../../src/testkit/index.ts';
import { readablePictures, type ReadablePictures } from '../support/readable.ts';
import { specimenCompany, specimenPerson } from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  personEntry,
  staffId,
  type VerificationRig,
} from '../support/verification.ts';

const language = 'zh-CN';

/** A source whose answers the test lines up; it keeps what it was asked. */
function linedUp(...answers: AuthorityAnswer[]): Authority & { asked: AuthorityQuestion[] } {
  const asked: AuthorityQuestion[] = [];
  return {
    name: 'lined_up',
    comparesFaces: true,
    asked,
    async look(question) {
      asked.push(question);
      return answers[asked.length - 1] ?? { outcome: 'match', code: '0' };
    },
  };
}

const down: AuthorityAnswer = { outcome: 'unavailable', code: '503', retryable: true };

describeDatabases('the examination of a case', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  /** Fills a case in with these pictures, up to the check. */
  async function fill(
    pictures: ReadablePictures = readablePictures(),
    over: {
      rig?: VerificationRig;
      selfie?: Buffer;
      frames?: (prompts: readonly Prompt[]) => Promise<Buffer[]>;
      front?: Buffer;
      licence?: Buffer;
      handHeld?: Buffer;
      compare?: boolean;
    } = {},
  ) {
    const { verification } = over.rig ?? rig;
    const who = applicant(verification, newAccount());
    const { accountId, editor, must } = who;
    const { person, company } = pictures;
    await must(verification.start(accountId));
    await must(verification.add(accountId, 'licence', over.licence ?? (await pictures.licence())));
    const named = { name: company.name, creditCode: company.code, confirmed: true };
    await must(verification.saveCompany(await editor(), named));
    await must(verification.consent(await editor(), { purpose: 'id_images', granted: true, language }));
    await must(verification.saveDocumentType(await editor(), 'resident_id'));
    await must(verification.add(accountId, 'document_front', over.front ?? (await pictures.front())));
    await must(verification.add(accountId, 'document_back', await pictures.back()));
    await must(verification.savePerson(await editor(), personEntry(person, { confirmed: true })));
    await must(verification.skipSupporting(await editor()));
    if (over.handHeld) {
      await must(verification.chooseRoute(await editor(), 'hand_held'));
      if (over.compare) {
        await must(verification.consent(await editor(), { purpose: 'face', granted: true, language }));
      }
      await must(verification.add(accountId, 'hand_held', over.handHeld));
      return who;
    }
    await must(verification.chooseRoute(await editor(), 'face'));
    await must(verification.consent(await editor(), { purpose: 'face', granted: true, language }));
    const prompts = (await verification.prompts(accountId)) ?? [];
    const frames = await (over.frames?.(prompts) ??
      Promise.all(prompts.map((one) => pictures.following(one))));
    await must(verification.add(accountId, 'selfie', over.selfie ?? (await pictures.selfie()), frames));
    return who;
  }

  const findingsOf = async (accountId: AccountId) =>
    Object.fromEntries(
      ((await rig.verification.view(accountId))?.case.findings ?? []).map(({ code, outcome, detail }) => [
        code,
        detail ? `${outcome} ${detail}` : outcome,
      ]),
    );

  it('approves a good card with a face that matches, without a person', async () => {
    const who = await fill();
    const { case: decided } = await who.submit();
    expect(decided.verdict).toMatchObject({ verdict: 'approve', policyVersion: defaultPolicy.version });
    expect(decided.state).toBe('approved');
    expect(decided.decision).toMatchObject({ decision: 'approve' });
    expect(decided.decision?.staffId).toBeUndefined();
    const history = await rig.verification.history(decided.id);
    expect(history.at(-1)).toMatchObject({ event: 'approve', by: 'machine' });
    const person = await rig.database.stores.persons.find(who.accountId);
    expect(person).toMatchObject({ state: 'verified', level: 'rn2', method: 'face' });
  });

  it('sends a face that does not match to a person, with the machine’s no', async () => {
    const who = await fill(readablePictures(), {
      selfie: await testPicture({ faces: [{ seed: 'somebody else' }] }),
      frames: async (prompts) =>
        Promise.all(
          prompts.map((one) =>
            testPicture({
              faces: [
                {
                  seed: 'somebody else',
                  ...(one === 'blink' ? { eyesOpen: 0 } : { yaw: one === 'left' ? 20 : -20 }),
                },
              ],
            }),
          ),
        ),
    });
    const { case: referred } = await who.submit();
    expect(referred).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'reject', reasons: ['face_match'] },
    });
    expect(await rig.database.stores.persons.find(who.accountId)).toBeUndefined();
  });

  it('sends everybody who is not the legal representative to a person', async () => {
    const person = specimenPerson();
    const pictures = readablePictures(person, specimenCompany({ legalRepresentative: '样本别人' }));
    const who = await fill(pictures);
    expect((await who.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['membership_evidence'] },
    });
  });

  it('sends a namesake of the legal representative to a person, once somebody acts for the company', async () => {
    const first = readablePictures();
    expect((await (await fill(first)).submit()).case.state).toBe('approved');
    const namesake = specimenPerson({ name: first.person.name });
    const second = await fill(readablePictures(namesake, first.company));
    expect((await second.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['membership_evidence'] },
    });
  });

  it('gives prompts that two uploads answer at once to one of them', async () => {
    const { stores } = rig.database;
    const who = await fill();
    await rig.verification.prompts(who.accountId);
    const { id } = (await who.view()).case;
    const taken = await Promise.all([stores.cases.takePrompts(id), stores.cases.takePrompts(id)]);
    expect(taken.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('sends a number that differs from the card to a person, even where the person insists', async () => {
    const pictures = readablePictures();
    const other = readablePictures(specimenPerson({ name: pictures.person.name }));
    const who = await fill(pictures, { front: await other.front() });
    await who.submit();
    expect(await findingsOf(who.accountId)).toMatchObject({
      document_data: expect.stringContaining('attention') as never,
    });
    expect((await who.view()).case.state).toBe('in_review');
  });

  it('refuses a number that differs from the card until the person confirms it, and names the group', async () => {
    const { verification } = rig;
    const pictures = readablePictures();
    const who = applicant(verification, newAccount());
    const { accountId, editor, must } = who;
    await must(verification.start(accountId));
    await must(verification.add(accountId, 'licence', await pictures.licence()));
    const named = { name: pictures.company.name, creditCode: pictures.company.code, confirmed: false };
    await must(verification.saveCompany(await editor(), named));
    await must(verification.consent(await editor(), { purpose: 'id_images', granted: true, language }));
    await must(verification.saveDocumentType(await editor(), 'resident_id'));
    await must(verification.add(accountId, 'document_front', await pictures.front()));
    await must(verification.add(accountId, 'document_back', await pictures.back()));
    const wrong = specimenPerson({
      name: pictures.person.name,
      birthdate: '1999-09-09',
      sex: pictures.person.sex,
    });
    const typed = personEntry(wrong);
    expect(await verification.savePerson(await editor(), typed)).toMatchObject({
      reason: 'invalid',
      errors: [{ field: 'number', reason: 'differs_birth' }],
    });
    expect(await verification.savePerson(await editor(), { ...typed, confirmed: true })).toMatchObject({
      ok: true,
    });
    expect(await verification.savePerson(await editor(), personEntry(pictures.person))).toMatchObject({
      ok: true,
    });
  });

  it('keeps a picture with its complaint, and goes on once it is taken again or the person insists', async () => {
    const { verification } = rig;
    const pictures = readablePictures();
    const who = applicant(verification, newAccount());
    await who.must(verification.start(who.accountId));
    const empty = await pictures.licence({ lines: [] });
    const added = await who.must(verification.add(who.accountId, 'licence', empty));
    expect(added.image.complaint).toBe('no_document');
    const named = { name: pictures.company.name, creditCode: pictures.company.code, confirmed: false };
    expect(await verification.saveCompany(await who.editor(), named)).toMatchObject({ reason: 'closed' });
    expect(await verification.insist(newAccount(), 'licence')).toMatchObject({ reason: 'closed' });
    await who.must(verification.insist(who.accountId, 'licence'));
    expect(await verification.saveCompany(await who.editor(), named)).toMatchObject({ ok: true });
    const again = await who.must(verification.add(who.accountId, 'licence', await pictures.licence()));
    expect(again.image.complaint).toBeUndefined();
    expect(await verification.insist(who.accountId, 'licence')).toMatchObject({ reason: 'closed' });
  });

  it('has a person look at a picture that was used in spite of a complaint', async () => {
    const { verification } = rig;
    const pictures = readablePictures();
    const who = await fill(pictures);
    const copy = await pictures.front({ quality: { colour: 0 } });
    await who.must(verification.add(who.accountId, 'document_front', copy));
    expect(await verification.submit(await who.editor())).toMatchObject({ reason: 'incomplete' });
    await who.must(verification.insist(who.accountId, 'document_front'));
    await who.submit();
    expect(await findingsOf(who.accountId)).toMatchObject({ document_picture: 'attention photocopy' });
  });

  it.each(['crashed', 'timeout', 'busy'] as const)(
    'has a person look where the recogniser was %s',
    async (fails) => {
      const pictures = readablePictures();
      const who = await fill(pictures, { front: await pictures.front({ fails }) });
      expect((await who.submit()).case).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' } });
      expect(await findingsOf(who.accountId)).toMatchObject({ document_reading: `not_run ${fails}` });
    },
  );

  it('takes prompts once, in time and from the one who was asked', async () => {
    const { verification, database } = rig;
    const pictures = readablePictures();
    const who = await fill(pictures);
    const { accountId } = who;
    const answer = async (prompts: readonly Prompt[]) =>
      who.must(
        verification.add(
          accountId,
          'selfie',
          await pictures.selfie(),
          await Promise.all(prompts.map((one) => pictures.following(one))),
        ),
      );
    const seen = async () =>
      (await database.stores.analyses.ofCase((await who.view()).case.id)).selfie?.prompts;
    expect(await verification.prompts(newAccount())).toBeUndefined();

    const first = (await verification.prompts(accountId)) ?? [];
    expect(new Set(first).size).toBe(2);
    await answer(first);
    expect(await seen()).toMatchObject({ outcome: 'passed' });
    await answer(first);
    expect(await seen(), 'the same prompts again').toBeUndefined();

    const late = (await verification.prompts(accountId)) ?? [];
    database.clock.advance(minutes(11));
    await answer(late);
    expect(await seen(), 'eleven minutes later').toBeUndefined();

    const turned = (await verification.prompts(accountId)) ?? [];
    await answer(turned.toReversed());
    expect(await seen(), 'in another order').toMatchObject({ outcome: 'failed' });
    expect((await who.view()).images.find(({ kind }) => kind === 'selfie')?.complaint).toBe('prompts_failed');
  });

  it('asks for the answers to the prompts again when nobody had time to look at them', async () => {
    const { verification } = rig;
    const pictures = readablePictures();
    const who = await fill(pictures);
    const prompts = (await verification.prompts(who.accountId)) ?? [];
    const frames = await Promise.all(prompts.map((one) => pictures.following(one)));
    const busy = await pictures.selfie({ fails: 'busy' });
    expect(await verification.add(who.accountId, 'selfie', busy, frames)).toMatchObject({ reason: 'busy' });
  });

  it('has a person look where no prompt was answered', async () => {
    const who = await fill(readablePictures(), { frames: async () => [] });
    expect((await who.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['liveness_prompts'] },
    });
  });

  it('compares no faces on a photo holding the ID without the consent to that, and always has a person look', async () => {
    const pictures = readablePictures();
    const without = await fill(pictures, { handHeld: await pictures.handHeld() });
    expect((await without.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['face_match', 'hand_held'] },
    });
    expect(await findingsOf(without.accountId)).toMatchObject({
      face_match: 'not_run no_consent',
      hand_held_faces: 'not_run no_consent',
      hand_held: 'attention person_compares',
    });
    const others = readablePictures();
    const withConsent = await fill(others, { handHeld: await others.handHeld(), compare: true });
    const { case: referred } = await withConsent.submit();
    expect(referred.state).toBe('in_review');
    expect(referred.findings.find(({ code }) => code === 'hand_held_faces')?.value).toBeCloseTo(0.8, 1);
  });

  it('keeps what was read sealed, apart from everybody else, and destroys it with the pictures', async () => {
    const { verification, database } = rig;
    const pictures = readablePictures();
    const who = await fill(pictures);
    const { id } = (await who.view()).case;
    expect((await verification.readings(who.accountId))?.document_front?.fields.number?.value).toBe(
      pictures.person.number,
    );
    expect(await verification.crop(who.accountId, 'document_front', 'number')).toBeInstanceOf(Buffer);
    expect(await verification.readings(newAccount())).toBeUndefined();
    expect(await verification.crop(newAccount(), 'document_front', 'number')).toBeUndefined();
    const rows = (await database.handle.knex('verification_analyses').where({ case_id: id })) as {
      content: Buffer;
    }[];
    expect(rows.length).toBeGreaterThan(3);
    for (const { content } of rows) {
      expect(content.includes(pictures.person.number)).toBe(false);
      expect(content.includes(pictures.person.name)).toBe(false);
    }
    await verification.withdraw(who.accountId, language);
    expect(await database.handle.knex('verification_analyses').where({ case_id: id })).toEqual([]);
    expect(await verification.readings(who.accountId)).toBeUndefined();
  });

  it('lets a rejection be objected to once, while its pictures are there', async () => {
    const { verification, database } = rig;
    const pictures = readablePictures();
    const who = await fill(pictures, { handHeld: await pictures.handHeld() });
    const { case: referred } = await who.submit();
    const reject = (caseId: CaseId) =>
      database.transact((stores) =>
        verification.decideCase(stores, {
          caseId,
          staffId,
          decision: 'reject',
          reasons: [{ reason: 'document_altered' }],
        }),
      );
    expect(await verification.appeal(who.accountId, '不服')).toMatchObject({ reason: 'closed' });
    expect(await reject(referred.id)).toMatchObject({ state: 'rejected' });
    expect(verification.mayAppeal(await who.view())).toBe(true);
    expect(await verification.appeal(who.accountId, '  ')).toMatchObject({ reason: 'empty' });
    expect(await verification.appeal(who.accountId, '长'.repeat(2001))).toMatchObject({ reason: 'too_long' });
    expect(await verification.appeal(newAccount(), '别人的')).toMatchObject({ reason: 'closed' });
    const grounds = '照片是原件，没有改动';
    await who.must(verification.appeal(who.accountId, grounds));
    expect((await who.view()).case).toMatchObject({ state: 'in_review', appeal: grounds });
    const row = (await database.handle.knex('verification_cases').where({ id: referred.id }).first()) as {
      appeal: Buffer;
    };
    expect(row.appeal.includes(grounds)).toBe(false);
    expect(await reject(referred.id)).toMatchObject({ state: 'rejected' });
    expect(verification.mayAppeal(await who.view())).toBe(false);
    expect(await verification.appeal(who.accountId, '再来')).toMatchObject({ reason: 'closed' });
    await who.must(verification.withdraw(who.accountId, language));
    expect(await database.handle.knex('verification_cases').where({ id: referred.id }).first()).toMatchObject(
      {
        state: 'withdrawn',
        appeal: null,
      },
    );
  });

  it('judges past cases again under another policy, and changes nothing', async () => {
    const { stores } = rig.database;
    const approved = await fill();
    const { case: before } = await approved.submit();
    const strict: VerificationPolicy = {
      ...defaultPolicy,
      version: 'strict',
      judgement: {
        ...defaultPolicy.judgement,
        bounds: { ...defaultPolicy.judgement.bounds, face_match: { ok: 0.9, no: 0.8 } },
      },
    };
    const replayed: Replayed[] = [];
    for await (const one of replay(stores.cases, strict, 0)) replayed.push(one);
    expect(replayed.find(({ caseId }) => caseId === before.id)).toMatchObject({
      before: { verdict: 'approve', policyVersion: defaultPolicy.version },
      after: { verdict: 'reject', reasons: ['face_match'], policyVersion: 'strict' },
    });
    expect((await approved.view()).case).toEqual(before);
    for await (const { before: then, after: now } of replay(stores.cases, defaultPolicy, 0))
      expect(now).toEqual(then);
  });

  async function withAuthority(authority: Authority, answer = true) {
    const other = createVerificationRig(rig.database, { authority });
    const pictures = readablePictures();
    const who = await fill(pictures, { rig: other });
    const submitted = await who.must(
      other.verification.submit(await who.editor(), { granted: answer, language }),
    );
    return { ...other, who, pictures, caseId: submitted.view.case.id };
  }

  it('asks the official source for whoever agreed to that, once, and approves on a match', async () => {
    const authority = linedUp({ outcome: 'match', code: '0', faceSimilarity: 0.9 });
    const { verification, who, pictures, caseId, close } = await withAuthority(authority);
    await Promise.all([verification.examine(caseId), verification.examine(caseId)]);
    await verification.examine(caseId);
    expect(authority.asked).toHaveLength(1);
    expect(authority.asked[0]).toMatchObject({ name: pictures.person.name, number: pictures.person.number });
    expect(authority.asked[0]?.face).toBeInstanceOf(Buffer);
    expect((await who.view()).case.state).toBe('approved');
    expect(await findingsOf(who.accountId)).toMatchObject({ authority: 'ok match' });
    await close();
  });

  it('asks nothing about whoever did not agree', async () => {
    const authority = linedUp();
    const { verification, who, caseId, close } = await withAuthority(authority, false);
    await verification.examine(caseId);
    expect(authority.asked).toEqual([]);
    expect(await findingsOf(who.accountId)).toMatchObject({ authority: 'not_run no_authority' });
    await close();
  });

  it.each([
    ['mismatch', 'reject'],
    ['no_record', 'review'],
    ['malformed', 'review'],
  ] as const)('takes “%s” of the source for: %s', async (outcome, verdict) => {
    const { verification, who, caseId, close } = await withAuthority(linedUp({ outcome, code: '1' }));
    await verification.examine(caseId);
    expect((await who.view()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict, reasons: ['authority'] },
    });
    await close();
  });

  it('waits for a source that is down, with the same question, and costs the person nothing', async () => {
    const authority = linedUp(down, down, { outcome: 'match', code: '0' });
    const { verification, who, caseId, close } = await withAuthority(authority);
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    expect((await who.view()).case).toMatchObject({ state: 'submitted', round: 1 });
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'done' });
    expect(new Set(authority.asked.map(({ reference }) => reference)).size).toBe(1);
    expect((await who.view()).case.state).toBe('approved');
    await close();
  });

  it('goes to a person when the source stays down', async () => {
    const authority = linedUp(...Array.from({ length: 9 }, () => down));
    const { verification, who, caseId, close } = await withAuthority(authority);
    await verification.examine(caseId);
    rig.database.clock.advance(defaultPolicy.authorityPatience + 1);
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'done' });
    expect((await who.view()).case).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' } });
    expect(await findingsOf(who.accountId)).toMatchObject({ authority: 'attention unavailable' });
    await close();
  });

  it('asks the same question again after a process died while it asked, and lets the first answer stand', async () => {
    const dying: Authority = {
      name: 'lined_up',
      comparesFaces: false,
      look: () => Promise.reject(new Error('killed')),
    };
    const { verification, who, caseId, close } = await withAuthority(dying);
    await expect(verification.examine(caseId)).rejects.toThrow('killed');
    const authority = linedUp();
    const second = createVerificationRig(rig.database, { authority });
    expect(await second.verification.examine(caseId), 'while the first may still be asking').toMatchObject({
      outcome: 'wait',
    });
    rig.database.clock.advance(minutes(3));
    await second.verification.examine(caseId);
    expect(authority.asked.map(({ reference }) => reference)).toEqual([`${caseId}-1`]);
    expect(
      await rig.database.stores.authorityChecks.answer(`${caseId}-1`, { outcome: 'mismatch', code: '9' }, 1),
    ).toBe(false);
    expect((await who.view()).case.version).toBeGreaterThan(1);
    await close();
    await second.close();
  });
});
