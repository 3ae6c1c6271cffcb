import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.ts';
import { creditCode, specimenPerson } from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  type VerificationRig,
} from '../support/verification.ts';

describeDatabases('giving a verification up', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it('stops and deletes: pictures, answers, status', async () => {
    const who = applicant(rig.verification, newAccount());
    await who.fill();
    const { case: submitted } = await who.submit();
    await rig.decide(submitted.id);
    const before = rig.files().length;
    expect(await rig.verification.withdraw(who.accountId, 'zh-CN')).toMatchObject({ ok: true });
    await rig.verification.destroyImages(submitted.id);
    const { case: withdrawn, images } = await who.view();
    expect(withdrawn).toMatchObject({ state: 'withdrawn', answers: {}, consents: {} });
    expect(images.map(({ kind }) => kind)).toEqual(['licence']);
    expect(rig.files().length).toBe(before - 3);
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
    await rig.decide((await who.submit()).case.id);
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
      await rig.decide((await who.submit()).case.id);
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
});
