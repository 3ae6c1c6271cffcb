import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseId } from '../../src/core/ids.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { createVerificationRig, newAccount, staffId, type VerificationRig } from '../support/verification.ts';

const language = 'zh-CN';

describeDatabases('an objection to a rejection', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it('lets a rejection be objected to once, while its pictures are there', async () => {
    const { verification, database } = rig;
    const pictures = readablePictures();
    const who = await fillReadable(rig, pictures, { handHeld: await pictures.handHeld() });
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
});
