import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { createRecogniser } from '../../src/providers/recognition/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { defaultPolicy } from '../../src/verification/index.ts';
import { testPicture } from '../../src/testkit/index.ts';
import { fillReadable } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { createVerificationRig, personEntry, type VerificationRig } from '../support/verification.ts';

const language = 'zh-CN';

describeDatabases('the examination of a case that changes meanwhile', (open) => {
  let database: TestDatabase;
  let rig: VerificationRig;
  beforeAll(async () => {
    database = await open();
    rig = createVerificationRig(database);
  });
  afterAll(() => rig.close());

  it('verifies nobody who stops while the verdict is written', async () => {
    let stop: () => Promise<unknown> = async () => {};
    const interrupted: TestDatabase = {
      ...database,
      transact: (work) =>
        database.transact((stores) =>
          work({
            ...stores,
            persons: {
              ...stores.persons,
              async verify(verification) {
                const verified = await stores.persons.verify(verification);
                const stopping = stop();
                // SQLite lets nobody write before the verdict is.
                if (database.connection.dialect === 'postgres') await stopping;
                return verified;
              },
            },
          }),
        ),
    };
    const other = createVerificationRig(interrupted);
    const who = await fillReadable(other);
    const { view } = await who.must(other.verification.submit(await who.editor()));
    let stopped: Promise<unknown> = Promise.resolve();
    stop = () => (stopped = rig.verification.withdraw(who.accountId, language));
    await other.verification.examine(view.case.id).catch(() => {});
    expect(await stopped).toMatchObject({ ok: true });
    expect((await who.view()).case.state).toBe('withdrawn');
    expect((await database.stores.persons.find(who.accountId))?.state).not.toBe('verified');
    await other.close();
  });

  it('keeps nothing of a picture that was destroyed while it was looked at', async () => {
    const recogniser = createRecogniser('fake', silentLog);
    let stop = async (): Promise<unknown> => undefined;
    const other = createVerificationRig(database, {
      recogniser: {
        ...recogniser,
        async read(...asked) {
          const seen = await recogniser.read(...asked);
          await stop();
          return seen;
        },
      },
    });
    const pictures = readablePictures();
    const who = await fillReadable(other, pictures, { front: await pictures.front({ fails: 'busy' }) });
    const { view } = await who.must(other.verification.submit(await who.editor()));
    stop = async () => {
      await rig.verification.withdraw(who.accountId, language);
      await rig.verification.destroyImages(view.case.id);
    };
    await other.verification.examine(view.case.id);
    const rows = await database.handle.knex('verification_analyses').where({ case_id: view.case.id });
    expect(rows).toEqual([]);
    await other.close();
  });

  it('has a person look at a face picture that was used in spite of a complaint', async () => {
    const pictures = readablePictures();
    const who = await fillReadable(rig, pictures);
    const frames = await Promise.all(
      ((await rig.verification.prompts(who.accountId)) ?? []).map((one) => pictures.following(one)),
    );
    const dark = await pictures.selfie({ quality: { brightness: 0.01, sharpness: 1 } });
    const { image } = await who.must(rig.verification.add(who.accountId, 'selfie', dark, frames));
    expect(image.complaint).toBeDefined();
    await who.must(rig.verification.insist(who.accountId, 'selfie'));
    expect((await who.submit()).case.state).toBe('in_review');
  });

  it('takes no picture that was looked at for another kind of document', async () => {
    const pictures = readablePictures();
    const who = await fillReadable(rig, pictures);
    const slow = rig.verification.add(who.accountId, 'document_front', await pictures.front({ slow: 800 }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await who.must(rig.verification.saveDocumentType(await who.editor(), 'residence_permit'));
    expect(await slow).toMatchObject({ ok: false });
    expect((await who.view()).images.map(({ kind }) => kind)).not.toContain('document_front');
  });

  it('does not take a badge for the support of a name that was typed later', async () => {
    const pictures = readablePictures();
    const who = await fillReadable(rig, pictures);
    const { verification } = rig;
    const entry = personEntry(pictures.person, { confirmed: true });
    await who.must(verification.savePerson(await who.editor(), { ...entry, name: '样本甲乙' }));
    const badge = await testPicture({ lines: ['样本甲乙', pictures.company.name] });
    await who.must(verification.add(who.accountId, 'supporting', badge));
    await who.must(verification.savePerson(await who.editor(), entry));
    const { case: decided } = await who.submit();
    expect(decided.findings.find(({ code }) => code === 'supporting_document')?.outcome).not.toBe('ok');
  });

  it('gives a case to a person when its examination comes to no end', async () => {
    const recogniser = createRecogniser('fake', silentLog);
    let broken = false;
    const other = createVerificationRig(database, {
      recogniser: {
        ...recogniser,
        findFaces: (...asked) =>
          broken ? Promise.reject(new Error('defect')) : recogniser.findFaces(...asked),
      },
    });
    const { verification } = other;
    const who = await fillReadable(other);
    const { view } = await who.must(verification.submit(await who.editor()));
    broken = true;
    await expect(verification.examine(view.case.id)).rejects.toThrow('defect');
    expect(await verification.referUnjudged(database.clock.now(), 10)).toBe(0);
    database.clock.advance(defaultPolicy.examinationPatience);
    expect(await verification.referUnjudged(database.clock.now(), 10)).toBe(1);
    expect((await who.view()).case).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' } });
    expect(await verification.referUnjudged(database.clock.now(), 10)).toBe(0);
    await other.close();
  });

  it('examines the round that was handed in while the one before was still looked at', async () => {
    const recogniser = createRecogniser('fake', silentLog);
    let meanwhile = async (): Promise<unknown> => undefined;
    const slow = createVerificationRig(database, {
      recogniser: {
        ...recogniser,
        async findFaces(...asked) {
          await meanwhile();
          return recogniser.findFaces(...asked);
        },
      },
    });
    const pictures = readablePictures();
    const who = await fillReadable(slow, pictures, {
      front: await pictures.front({ lines: ['居民身份证'] }),
      insist: true,
    });
    const { verification } = slow;
    const { view } = await who.must(verification.submit(await who.editor()));
    let joined: ReturnType<VerificationRig['verification']['examine']> | undefined;
    meanwhile = async () => {
      meanwhile = async () => undefined;
      await rig.verification.examine(view.case.id);
      expect((await who.view()).case.state).toBe('resubmission');
      await who.must(verification.add(who.accountId, 'document_front', await pictures.front()));
      await who.must(verification.add(who.accountId, 'document_back', await pictures.back()));
      await who.must(
        verification.savePerson(await who.editor(), personEntry(pictures.person, { confirmed: true })),
      );
      await who.must(verification.submit(await who.editor()));
      joined = verification.examine(view.case.id);
    };
    await verification.examine(view.case.id);
    expect(await joined).toMatchObject({ outcome: 'wait' });
    expect(await verification.examine(view.case.id)).toMatchObject({ outcome: 'done' });
    expect((await who.view()).case.state).not.toBe('submitted');
    await slow.close();
  });
});
