import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareEntry } from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { StaffId } from '../../src/core/ids.ts';
import { createFakeRegistry } from '../../src/providers/registry/fake.ts';
import { handIn, openCheckDesk, stateOf, verifiedCompany } from '../support/company-checks.ts';
import { describeDatabases } from '../support/databases.ts';
import type { ReviewRig } from '../support/review.ts';
import { createVerificationRig, type VerificationRig } from '../support/verification.ts';

describeDatabases('the renewal of a company’s licence', (open) => {
  let review: ReviewRig;
  let rig: VerificationRig;
  let ann: StaffId;
  beforeAll(async () => {
    ({ review, rig, ann } = await openCheckDesk(open));
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
});
