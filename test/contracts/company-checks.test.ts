import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareEntry } from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { StaffId } from '../../src/core/ids.ts';
import { createFakeRegistry } from '../../src/providers/registry/fake.ts';
import { chinaDay } from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { handIn, stateOf, verifiedCompany } from '../support/company-checks.ts';
import { createReviewRig, enrol, type ReviewRig } from '../support/review.ts';
import { createVerificationRig, newAccount, type VerificationRig } from '../support/verification.ts';

describeDatabases('company checks', (open) => {
  let review: ReviewRig;
  let rig: VerificationRig;
  let [ann, bob] = ['' as StaffId, '' as StaffId];
  beforeAll(async () => {
    review = createReviewRig(await open());
    rig = review.verification;
    ann = (await enrol(review.review, 'ann')).staff.id;
    bob = (await enrol(review.review, 'bob')).staff.id;
  });
  afterAll(() => review.close());

  const detailsOf = async (id: Parameters<typeof stateOf>[1], field: string) =>
    (await rig.database.stores.companies.listDetails(id)).filter((one) => one.field === field);

  it('renews a lapsed company by a licence that agrees, with everybody’s status, and no reviewer', async () => {
    const { companyId, owner, key, licence } = await verifiedCompany(rig);
    const { clock, stores } = rig.database;
    clock.advance(days(200));
    await rig.companies.sweep(100);
    expect(await stateOf(rig, companyId)).toBe('lapsed');
    rig.recomputed.length = 0;
    const check = await handIn(rig, key('licence_renewal'), await licence());
    expect(check).toMatchObject({ state: 'approved', decidedBy: 'machine' });
    expect(check.findings.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(rig.recomputed).toEqual([owner]);
    expect(await stores.companies.find(companyId)).toMatchObject({
      state: 'verified',
      verifiedAt: clock.now(),
      recheckAt: clock.now() + days(180),
    });
  });

  it.each([
    ['another name', { name: '样本新名有限公司' }, {}, 'company_name'],
    ['another legal representative', { legalRepresentative: '样本丙' }, {}, 'legal_representative'],
    ['another company', { code: '91350100M000100Y43' }, {}, 'credit_code'],
    ['a picture of a screen', {}, { quality: { screen: 1 } }, 'picture'],
    ['a picture that nobody could look at', {}, { fails: 'unavailable' }, 'reading'],
  ] as const)('leaves a licence of %s to a reviewer', async (_, saying, over, doubtful) => {
    const { companyId, key, licence } = await verifiedCompany(rig);
    const before = await rig.database.stores.companies.find(companyId);
    rig.database.clock.advance(days(1));
    const check = await handIn(rig, key('licence_renewal'), await licence(saying, over));
    expect(check.state).toBe('submitted');
    expect(check.findings.find(({ outcome }) => outcome !== 'ok')?.code).toBe(doubtful);
    expect(await rig.database.stores.companies.find(companyId)).toEqual(before);
  });

  it('leaves a licence that has run out to a reviewer', async () => {
    const { key, licence, company } = await verifiedCompany(rig);
    const lines = [
      '营业执照',
      `统一社会信用代码 ${company.code}`,
      `名称 ${company.name}`,
      `类型 ${company.type}`,
      `法定代表人 ${company.legalRepresentative}`,
      '营业期限 2001年01月01日至2021年01月01日',
    ];
    const check = await handIn(rig, key('licence_renewal'), await licence({}, { lines }));
    expect(check.findings.find(({ outcome }) => outcome !== 'ok')).toEqual({
      code: 'validity',
      outcome: 'attention',
      detail: 'expired',
    });
  });

  it.each([
    ['match', '', 'approved'],
    ['not_operating', '注销', 'submitted'],
    ['no_record', '查无', 'submitted'],
    ['unavailable', '停用', 'submitted'],
  ] as const)('asks the registry, where there is one: %s', async (said, marked, state) => {
    const { clock } = rig.database;
    const registry = createFakeRegistry('development', { clock, compare: compareEntry });
    const other = createVerificationRig(rig.database, { registry });
    const { key, licence } = await verifiedCompany(other, { name: `${marked}样本有限公司` });
    const check = await handIn(other, key('licence_renewal'), await licence());
    expect(check.state).toBe(state);
    const finding = { code: 'registry', outcome: 'attention', detail: said };
    expect(check.findings.at(-1)).toEqual(said === 'match' ? { code: 'registry', outcome: 'ok' } : finding);
    await other.close();
  });

  it('takes a changed name over when a reviewer accepts it, and keeps the one before', async () => {
    const { companyId, key, licence, company } = await verifiedCompany(rig);
    const { clock, stores } = rig.database;
    clock.advance(days(10));
    const check = await handIn(rig, key('licence_renewal'), await licence({ name: '样本新名有限公司' }));
    const { companyChecks } = review.review;
    expect(await companyChecks.claim(check.id, ann)).toMatchObject({ ok: true });
    const decided = await companyChecks.decide({
      checkId: check.id,
      staffId: ann,
      version: check.version,
      decision: 'approve',
      message: undefined,
      name: '样本新名有限公司',
      legalRepresentative: company.legalRepresentative,
    });
    expect(decided).toEqual({ ok: true });
    expect(await stores.companies.find(companyId)).toMatchObject({
      name: '样本新名有限公司',
      verifiedAt: clock.now(),
    });
    const names = await detailsOf(companyId, 'name');
    expect(names).toMatchObject([
      { value: company.name, validUntil: names[1]?.validFrom },
      { value: '样本新名有限公司', source: 'staff', validUntil: undefined },
    ]);
    expect(await stores.companies.listNames(companyId)).toEqual([company.name, '样本新名有限公司']);
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
  });

  it('is decided once by two reviewers at once, and by nobody who does not hold it', async () => {
    const { key, asking, licence } = await verifiedCompany(rig);
    const check = await handIn(rig, key('authorisation_letter', await asking()), await licence());
    const { companyChecks } = review.review;
    const claims = await Promise.all([ann, bob].map((staffId) => companyChecks.claim(check.id, staffId)));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
    const holder = claims[0]?.ok ? ann : bob;
    const decide = (staffId: StaffId) =>
      companyChecks.decide({
        checkId: check.id,
        staffId,
        version: check.version,
        decision: 'approve',
        message: undefined,
      });
    const decided = await Promise.all([decide(ann), decide(bob), decide(holder)]);
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
        companyChecks.decide({
          checkId: check.id,
          staffId: ann,
          version: check.version,
          decision: 'approve',
          message: undefined,
        }),
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
    const given = { checkId: check.id, staffId: ann, version: check.version, message: undefined } as const;
    expect(await companyChecks.decide({ ...given, decision: 'approve' })).toMatchObject({
      reason: 'membership_over',
    });
    expect(await stores.companyChecks.find(check.id)).toMatchObject({
      state: 'withdrawn',
      reason: 'membership_over',
    });
    expect((await stores.memberships.find(id))?.state).toBe('ended');
  });

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
