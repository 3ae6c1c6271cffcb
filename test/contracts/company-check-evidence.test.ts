import { afterAll, beforeAll, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import { handIn, openCheckDesk, verifiedCompany } from '../support/company-checks.ts';
import { describeDatabases } from '../support/databases.ts';
import type { ReviewRig } from '../support/review.ts';
import { newAccount, type VerificationRig } from '../support/verification.ts';

describeDatabases('the evidence of a company check', (open) => {
  let review: ReviewRig;
  let rig: VerificationRig;
  beforeAll(async () => {
    ({ review, rig } = await openCheckDesk(open));
  });
  afterAll(() => review.close());

  it('is not shown to who has nothing to do with the company, nor taken from who does not represent it', async () => {
    const { companyId, key, asking, licence, owner } = await verifiedCompany(rig);
    const { stores, transact } = rig.database;
    const stranger = newAccount();
    expect(await rig.companyChecks.view(key('licence_renewal', stranger))).toBeUndefined();
    const add = async (accountId: typeof owner) =>
      rig.companyChecks.addPicture(key('licence_renewal', accountId), await licence());
    expect(await add(stranger)).toMatchObject({ reason: 'not_found' });
    expect(await add(await asking())).toMatchObject({ reason: 'not_administrator' });
    const colleague = await asking();
    await transact(async (bound) => {
      const theirs = (await bound.memberships.findFor(colleague, companyId))!;
      await bound.memberships.advance(theirs.id, 'evidence_pending', 'active', { role: 'administrator' });
    });
    expect(await add(owner)).toMatchObject({ reason: 'not_administrator' });
    expect(await add(colleague)).toMatchObject({ ok: true });
    const { id } = (await stores.memberships.findFor(colleague, companyId))!;
    await stores.memberships.advance(id, 'active', 'removed');
    expect(await rig.companyChecks.submit(key('licence_renewal', colleague), {})).toMatchObject({
      reason: 'not_found',
    });
  });

  it('destroys a picture that was replaced or taken back, keeps evidence for two years, and the record for three', async () => {
    const { key, asking, licence } = await verifiedCompany(rig);
    const { clock, stores } = rig.database;
    await rig.companyChecks.sweep(clock.now(), 100);
    const files = rig.files().length;
    const letter = key('authorisation_letter', await asking());
    for (let nth = 0; nth < 2; nth++) await rig.companyChecks.addPicture(letter, await licence());
    expect(rig.files()).toHaveLength(files + 2);
    await rig.companyChecks.sweep(clock.now(), 100);
    expect(rig.files()).toHaveLength(files + 1);
    await rig.companyChecks.withdraw(letter);
    await rig.companyChecks.sweep(clock.now(), 100);
    expect(rig.files()).toHaveLength(files);
    const renewed = await handIn(rig, key('licence_renewal'), await licence());
    expect(renewed.state).toBe('approved');
    const { id } = (await stores.checkPictures.current(renewed.id))!;
    clock.advance(days(2 * 365));
    await rig.companyChecks.sweep(clock.now(), 100);
    expect(await rig.objects.get(id)).toBeDefined();
    clock.advance(days(3));
    await rig.companyChecks.sweep(clock.now(), 100);
    expect(await rig.objects.get(id)).toBeUndefined();
    expect(await stores.companyChecks.find(renewed.id)).toBeDefined();
    clock.advance(days(366));
    await rig.companyChecks.sweep(clock.now(), 100);
    expect(await stores.companyChecks.find(renewed.id)).toBeUndefined();
  });

  it('ends a check that nobody went on with', async () => {
    const { key, asking, licence } = await verifiedCompany(rig);
    const letter = key('authorisation_letter', await asking());
    await rig.companyChecks.addPicture(letter, await licence());
    rig.database.clock.advance(days(31));
    await rig.companyChecks.sweep(rig.database.clock.now(), 100);
    expect((await rig.companyChecks.view(letter))?.check).toMatchObject({
      state: 'withdrawn',
      reason: 'abandoned',
    });
  });
});
