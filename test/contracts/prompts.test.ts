import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import type { Prompt } from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { createVerificationRig, newAccount, type VerificationRig } from '../support/verification.ts';

describeDatabases('the prompts of the face check', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it('gives prompts that two uploads answer at once to one of them', async () => {
    const { stores } = rig.database;
    const who = await fillReadable(rig);
    await rig.verification.prompts(who.accountId);
    const { id } = (await who.view()).case;
    const taken = await Promise.all([stores.cases.takePrompts(id), stores.cases.takePrompts(id)]);
    expect(taken.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('takes prompts once, in time and from the one who was asked', async () => {
    const { verification, database } = rig;
    const pictures = readablePictures();
    const who = await fillReadable(rig, pictures);
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
    const who = await fillReadable(rig, pictures);
    const prompts = (await verification.prompts(who.accountId)) ?? [];
    const frames = await Promise.all(prompts.map((one) => pictures.following(one)));
    const busy = await pictures.selfie({ fails: 'busy' });
    expect(await verification.add(who.accountId, 'selfie', busy, frames)).toMatchObject({ reason: 'busy' });
  });

  it('has a person look where no prompt was answered', async () => {
    const who = await fillReadable(rig, readablePictures(), { frames: async () => [] });
    expect((await who.submit()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['liveness_prompts'] },
    });
  });
});
