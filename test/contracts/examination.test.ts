import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPicture } from '../../src/testkit/index.ts';
import {
  defaultPolicy,
  replay,
  type Replayed,
  type VerificationPolicy,
} from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable, findingsOf } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { specimenCompany, specimenPerson } from '../support/specimens.ts';
import { createVerificationRig, type VerificationRig } from '../support/verification.ts';

describeDatabases('the examination of a case', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it('approves a good card with a face that matches, without a person', async () => {
    const who = await fillReadable(rig);
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
    const who = await fillReadable(rig, readablePictures(), {
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
    const who = await fillReadable(rig, pictures);
    expect((await who.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['membership_evidence'] },
    });
  });

  it('sends a namesake of the legal representative to a person, once somebody acts for the company', async () => {
    const first = readablePictures();
    expect((await (await fillReadable(rig, first)).submit()).case.state).toBe('approved');
    const namesake = specimenPerson({ name: first.person.name });
    const second = await fillReadable(rig, readablePictures(namesake, first.company));
    expect((await second.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['membership_evidence'] },
    });
  });

  it.each(['crashed', 'timeout', 'busy'] as const)(
    'has a person look where the recogniser was %s',
    async (fails) => {
      const pictures = readablePictures();
      const who = await fillReadable(rig, pictures, { front: await pictures.front({ fails }) });
      expect((await who.submit()).case).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' } });
      expect(await findingsOf(rig, who.accountId)).toMatchObject({ document_reading: `not_run ${fails}` });
    },
  );

  it('compares no faces on a photo holding the ID without the consent to that, and always has a person look', async () => {
    const pictures = readablePictures();
    const without = await fillReadable(rig, pictures, { handHeld: await pictures.handHeld() });
    expect((await without.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['face_match', 'hand_held'] },
    });
    expect(await findingsOf(rig, without.accountId)).toMatchObject({
      face_match: 'not_run no_consent',
      hand_held_faces: 'not_run no_consent',
      hand_held: 'attention person_compares',
    });
    const others = readablePictures();
    const withConsent = await fillReadable(rig, others, { handHeld: await others.handHeld(), compare: true });
    const { case: referred } = await withConsent.submit();
    expect(referred.state).toBe('in_review');
    expect(referred.findings.find(({ code }) => code === 'hand_held_faces')?.value).toBeCloseTo(0.8, 1);
  });

  it('judges past cases again under another policy, and changes nothing', async () => {
    const { stores } = rig.database;
    const approved = await fillReadable(rig);
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
});
