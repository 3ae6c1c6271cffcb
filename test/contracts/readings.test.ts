import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable, findingsOf } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { specimenPerson } from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  personEntry,
  type VerificationRig,
} from '../support/verification.ts';

const language = 'zh-CN';

describeDatabases('what is read on the pictures of a case', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it('sends a number that differs from the card to a person, even where the person insists', async () => {
    const pictures = readablePictures();
    const other = readablePictures(specimenPerson({ name: pictures.person.name }));
    const who = await fillReadable(rig, pictures, { front: await other.front() });
    await who.submit();
    expect(await findingsOf(rig, who.accountId)).toMatchObject({
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
    const who = await fillReadable(rig, pictures);
    const copy = await pictures.front({ quality: { colour: 0 } });
    await who.must(verification.add(who.accountId, 'document_front', copy));
    expect(await verification.submit(await who.editor())).toMatchObject({ reason: 'incomplete' });
    await who.must(verification.insist(who.accountId, 'document_front'));
    await who.submit();
    expect(await findingsOf(rig, who.accountId)).toMatchObject({ document_picture: 'attention photocopy' });
  });

  it('keeps what was read sealed, apart from everybody else, and destroys it with the pictures', async () => {
    const { verification, database } = rig;
    const pictures = readablePictures();
    const who = await fillReadable(rig, pictures);
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
});
