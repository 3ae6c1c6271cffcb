import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCompanies, defaultCompanyPolicy, type Companies } from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { newAccount } from '../support/verification.ts';

describeDatabases('companies and memberships in time', (open) => {
  let database: TestDatabase;
  let companies: Companies<Stores>;
  const reminded: { id: CompanyId; lapsed: boolean; told: readonly AccountId[] }[] = [];
  const recomputed: AccountId[] = [];
  beforeAll(async () => {
    database = await open();
    const { clock, stores, transact } = database;
    companies = createCompanies<Stores>({
      stores,
      transact,
      clock,
      policy: defaultCompanyPolicy,
      recompute: async (_, accountId) => void recomputed.push(accountId),
      remind: async (_, { id, lapsed }, told) => void reminded.push({ id, lapsed, told }),
    });
  });
  afterAll(() => database.close());

  let made = 0;
  async function verified(licenceEnds?: number) {
    const accountId = newAccount();
    const code = `TEST${String((made += 1)).padStart(14, '0')}`;
    const application = { accountId, caseId: `cas_${made}` as never, name: '样本公司' };
    const companyId = await database.transact(async (bound) => {
      const id = await companies.apply(bound, { ...application, creditCode: code });
      await companies.approve(bound, {
        ...application,
        companyId: id,
        evidence: 'review',
        details: { legal_representative: '样本甲' },
        licenceEnds,
      });
      return id;
    });
    return { accountId, companyId, code };
  }
  const stateOf = async (id: CompanyId) => (await database.stores.companies.find(id))?.state;

  it('falls due two weeks before six months are over, reminds three times, and lapses with everybody’s status', async () => {
    const { clock } = database;
    const { accountId, companyId } = await verified();
    reminded.length = recomputed.length = 0;
    clock.advance(days(165));
    await companies.sweep(100);
    expect(await stateOf(companyId)).toBe('verified');
    clock.advance(days(1));
    await companies.sweep(100);
    await companies.sweep(100);
    expect(await stateOf(companyId)).toBe('due');
    expect(reminded).toEqual([{ id: companyId, lapsed: false, told: [accountId] }]);
    clock.advance(days(7));
    await companies.sweep(100);
    clock.advance(days(6));
    await companies.sweep(100);
    expect(reminded).toHaveLength(3);
    expect(await stateOf(companyId)).toBe('due');
    recomputed.length = 0;
    clock.advance(days(1));
    await companies.sweep(100);
    await companies.sweep(100);
    expect(await stateOf(companyId)).toBe('lapsed');
    expect(reminded.at(-1)).toEqual({ id: companyId, lapsed: true, told: [accountId] });
    expect(reminded).toHaveLength(4);
    expect(recomputed).toEqual([accountId]);
    const events = await database.stores.events.listBySubject(companyId, 100);
    expect(events.map(({ payload }) => (payload as { to: string }).to)).toEqual([
      'pending',
      'verified',
      'due',
      'lapsed',
    ]);
    expect((await database.stores.companyActivity.list(companyId, 10)).map(({ action }) => action)).toEqual([
      'company_lapsed',
      'company_due',
      'member_activated',
      'company_verified',
    ]);
  });

  it('lapses at once where nobody looked for half a year', async () => {
    const { companyId } = await verified();
    database.clock.advance(days(400));
    await companies.sweep(100);
    expect(await stateOf(companyId)).toBe('lapsed');
  });

  it('lapses with its licence', async () => {
    const { companyId } = await verified(database.clock.now() + days(20));
    database.clock.advance(days(6));
    await companies.sweep(100);
    expect(await stateOf(companyId)).toBe('due');
    database.clock.advance(days(14));
    await companies.sweep(100);
    expect(await stateOf(companyId)).toBe('lapsed');
  });

  it('is verified for another six months when it is verified while due', async () => {
    const { accountId, companyId } = await verified();
    const { clock, transact, stores } = database;
    clock.advance(days(170));
    await companies.sweep(100);
    const caseId = 'cas_again' as never;
    const again = { accountId, companyId, caseId, name: '样本公司', evidence: 'review' as const };
    await transact((bound) =>
      companies.approve(bound, { ...again, details: { legal_representative: '样本乙' } }),
    );
    clock.advance(days(20));
    await companies.sweep(100);
    expect(await stores.companies.find(companyId)).toMatchObject({ state: 'verified', reminders: 0 });
    const representatives = (await stores.companies.listDetails(companyId)).filter(
      ({ field }) => field === 'legal_representative',
    );
    expect(representatives).toMatchObject([
      { value: '样本甲', validUntil: representatives[1]?.validFrom },
      { value: '样本乙', validUntil: undefined },
    ]);
  });

  it('lets a membership with an end fall due and lapse', async () => {
    const { accountId, companyId } = await verified();
    const { clock, stores } = database;
    const membership = (await stores.memberships.findFor(accountId, companyId))!;
    const validUntil = clock.now() + days(20);
    await stores.memberships.advance(membership.id, 'active', 'active', {
      validUntil,
      nextChangeAt: validUntil - days(14),
    });
    const state = async () => (await stores.memberships.find(membership.id))?.state;
    clock.advance(days(6));
    await companies.sweep(100);
    expect(await state()).toBe('due');
    recomputed.length = 0;
    clock.advance(days(14));
    await Promise.all([companies.sweep(100), companies.sweep(100)]);
    expect(await state()).toBe('lapsed');
    expect(recomputed).toEqual([accountId]);
  });
});
