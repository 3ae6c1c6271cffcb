import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CompanyCheck } from '../../src/companies/index.ts';
import { days, minutes } from '../../src/core/clock.ts';
import type { StaffId } from '../../src/core/ids.ts';
import { chinaDay } from '../../src/verification/index.ts';
import { handIn, openCheckDesk, verifiedCompany } from '../support/company-checks.ts';
import { describeDatabases } from '../support/databases.ts';
import type { ReviewRig } from '../support/review.ts';
import type { VerificationRig } from '../support/verification.ts';

describeDatabases('a company check under review', (open) => {
  let review: ReviewRig;
  let rig: VerificationRig;
  let [ann, bob] = ['' as StaffId, '' as StaffId];
  beforeAll(async () => {
    ({ review, rig, ann, bob } = await openCheckDesk(open));
  });
  afterAll(() => review.close());

  const approve = ({ id: checkId, version }: CompanyCheck, staffId: StaffId) =>
    review.review.companyChecks.decide({
      checkId,
      staffId,
      version,
      decision: 'approve',
      message: undefined,
    });

  it('puts a licence to recruit for others on record until its last day, and the next one after it', async () => {
    const { companyId, key, licence } = await verifiedCompany(rig);
    const { clock, stores } = rig.database;
    const { companyChecks } = review.review;
    const onRecord = async () =>
      (await stores.companies.listDetails(companyId)).filter(({ field }) => field === 'commercial_licence');
    const given = async (licenceNumber: string, until: string) => {
      const entry = { licenceNumber, until };
      const check = await handIn(rig, key('commercial_licence'), await licence(), entry);
      await companyChecks.claim(check.id, ann);
      const decision = {
        checkId: check.id,
        staffId: ann,
        version: check.version,
        message: undefined,
      } as const;
      const without = await companyChecks.decide({ ...decision, decision: 'approve', licenceNumber });
      expect(without).toMatchObject({ reason: 'until_empty' });
      expect(await companyChecks.decide({ ...decision, decision: 'approve', ...entry })).toEqual({
        ok: true,
      });
      return Date.parse(`${until}T24:00:00+08:00`);
    };
    const first = await given('京人服证字0100号', chinaDay(clock.now() + days(20)));
    expect(await onRecord()).toMatchObject([{ validUntil: first }]);
    clock.advance(days(10));
    // The same number, granted for longer.
    const second = await given('京人服证字0100号', chinaDay(clock.now() + days(100)));
    const records = await onRecord();
    expect(records).toMatchObject([{ validUntil: clock.now() }, { validUntil: second }]);
  });

  it('makes a member of who shows a letter, until the day it names', async () => {
    const { companyId, key, asking, licence } = await verifiedCompany(rig);
    const { clock, stores } = rig.database;
    const member = await asking();
    const until = chinaDay(clock.now() + days(90));
    const letter = key('authorisation_letter', member);
    const check = await handIn(rig, letter, await licence(), { until });
    const membership = async () => stores.memberships.findFor(member, companyId);
    expect((await membership())?.state).toBe('in_review');
    const { companyChecks } = review.review;
    await companyChecks.claim(check.id, ann);
    rig.recomputed.length = 0;
    const given = { checkId: check.id, staffId: ann, version: check.version, message: undefined } as const;
    expect(await companyChecks.decide({ ...given, decision: 'approve', until: '31.12.2030' })).toMatchObject({
      reason: 'until_form',
    });
    expect(await companyChecks.decide({ ...given, decision: 'approve', until })).toEqual({ ok: true });
    const validUntil = Date.parse(`${until}T24:00:00+08:00`);
    expect(await membership()).toMatchObject({
      state: 'active',
      evidence: 'authorisation_letter',
      validUntil,
    });
    expect(rig.recomputed).toEqual([member]);
    clock.set(validUntil);
    await rig.companies.sweep(100);
    expect((await membership())?.state).toBe('lapsed');
  });

  it('asks for other evidence when a letter is rejected, and says why', async () => {
    const { companyId, key, asking, licence } = await verifiedCompany(rig);
    const member = await asking();
    const letter = key('authorisation_letter', member);
    const check = await handIn(rig, letter, await licence());
    const { companyChecks } = review.review;
    await companyChecks.claim(check.id, ann);
    const given = { checkId: check.id, staffId: ann, version: check.version, decision: 'reject' } as const;
    expect(
      await companyChecks.decide({ ...given, reason: 'number_differs', message: undefined }),
    ).toMatchObject({
      reason: 'reason_unknown',
    });
    expect(await companyChecks.decide({ ...given, reason: 'seal_missing', message: '请加盖公章' })).toEqual({
      ok: true,
    });
    expect((await rig.database.stores.memberships.findFor(member, companyId))?.state).toBe(
      'evidence_pending',
    );
    expect((await rig.companyChecks.view(letter))?.check).toMatchObject({
      state: 'rejected',
      reason: 'seal_missing',
      details: { message: '请加盖公章' },
    });
    const now = rig.database.clock.now();
    const owed = await rig.database.stores.jobs.claim(now, now + minutes(1), 50, ['company.notice']);
    expect(owed.filter(({ payload }) => 'to' in payload && payload.to === 'evidence_pending')).toHaveLength(
      1,
    );
  });

  it('leaves nobody waiting for a letter of a company that is no more', async () => {
    const { companyId, key, asking, licence } = await verifiedCompany(rig);
    const member = await asking();
    const check = await handIn(rig, key('authorisation_letter', member), await licence());
    const { stores } = rig.database;
    await stores.companies.advance(companyId, 'verified', 'revoked');
    await review.review.companyChecks.claim(check.id, ann);
    expect(await approve(check, ann)).toMatchObject({ reason: 'company_over' });
    expect(await stores.companyChecks.find(check.id)).toMatchObject({
      state: 'withdrawn',
      reason: 'company_over',
    });
    expect((await stores.memberships.findFor(member, companyId))?.state).toBe('evidence_pending');
  });

  it('is decided once by two reviewers at once, and by nobody who does not hold it', async () => {
    const { key, asking, licence } = await verifiedCompany(rig);
    const check = await handIn(rig, key('authorisation_letter', await asking()), await licence());
    const { companyChecks } = review.review;
    const claims = await Promise.all([ann, bob].map((staffId) => companyChecks.claim(check.id, staffId)));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
    const holder = claims[0]?.ok ? ann : bob;
    const decided = await Promise.all([ann, bob, holder].map((staffId) => approve(check, staffId)));
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await companyChecks.open(check.id, holder)).toMatchObject({ reason: 'not_submitted' });
  });

  it('is either decided or taken back, never both', async () => {
    for (let round = 0; round < 4; round++) {
      const { companyId, key, asking, licence } = await verifiedCompany(rig);
      const member = await asking();
      const letter = key('authorisation_letter', member);
      const check = await handIn(rig, letter, await licence());
      const { companyChecks } = review.review;
      await companyChecks.claim(check.id, ann);
      const [decided, withdrawn] = await Promise.all([
        approve(check, ann),
        rig.companyChecks.withdraw(letter),
      ]);
      expect([decided.ok, withdrawn.ok].filter(Boolean)).toHaveLength(1);
      const { state } = (await rig.database.stores.memberships.findFor(member, companyId))!;
      expect(state).toBe(decided.ok ? 'active' : 'evidence_pending');
      expect((await rig.companyChecks.view(letter))?.check?.state).toBe(
        decided.ok ? 'approved' : 'withdrawn',
      );
    }
  });

  it('makes nobody a member who left meanwhile, and is closed by that', async () => {
    const { companyId, key, asking, licence } = await verifiedCompany(rig);
    const member = await asking();
    const check = await handIn(rig, key('authorisation_letter', member), await licence());
    const { stores } = rig.database;
    const { id } = (await stores.memberships.findFor(member, companyId))!;
    await stores.memberships.advance(id, 'in_review', 'ended');
    const { companyChecks } = review.review;
    await companyChecks.claim(check.id, ann);
    expect(await approve(check, ann)).toMatchObject({
      reason: 'membership_over',
    });
    expect(await stores.companyChecks.find(check.id)).toMatchObject({
      state: 'withdrawn',
      reason: 'membership_over',
    });
    expect((await stores.memberships.find(id))?.state).toBe('ended');
  });

  it('keeps reviewers away from their own company, also from what they hold already', async () => {
    const { key, asking, licence, company } = await verifiedCompany(rig);
    const check = await handIn(rig, key('authorisation_letter', await asking()), await licence());
    const { companyChecks, conflicts } = review.review;
    await companyChecks.claim(check.id, bob);
    await conflicts.add('bob', company.code);
    expect(await companyChecks.picture(check.id, bob)).toMatchObject({ reason: 'conflict_of_interest' });
    expect(await companyChecks.claim(check.id, bob)).toMatchObject({ reason: 'conflict_of_interest' });
    expect((await companyChecks.list(bob)).find((one) => one.check.id === check.id)?.bar).toBe(
      'conflict_of_interest',
    );
    expect(await companyChecks.claim(check.id, ann)).toMatchObject({ ok: true });
  });

  it('shows its picture only to who holds it, and writes every look down', async () => {
    const { key, asking, licence } = await verifiedCompany(rig);
    const check = await handIn(rig, key('authorisation_letter', await asking()), await licence());
    const { companyChecks, audit } = review.review;
    expect(await companyChecks.picture(check.id, ann)).toMatchObject({ reason: 'not_claimed' });
    await companyChecks.claim(check.id, ann);
    expect(await companyChecks.picture(check.id, bob)).toMatchObject({ reason: 'held_by_other' });
    expect(await companyChecks.open(check.id, ann)).toMatchObject({ ok: true });
    expect(await companyChecks.picture(check.id, ann)).toMatchObject({ ok: true });
    const records = await audit.newest({ limit: 3 });
    expect(records.map(({ action, target }) => [action, target])).toEqual([
      ['company_check.picture_seen', check.id],
      ['company_check.opened', check.id],
      ['company_check.claimed', check.id],
    ]);
  });
});
