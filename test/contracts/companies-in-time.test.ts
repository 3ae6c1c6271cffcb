import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCompanies,
  defaultCompanyPolicy,
  type Companies,
  type Ending,
} from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { newAccount } from '../support/verification.ts';

describeDatabases('companies and memberships in time', (open) => {
  let database: TestDatabase;
  let companies: Companies<Stores>;
  const reminded: (Ending & { told: readonly AccountId[] })[] = [];
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
      remind: async (_, ending, told) => void reminded.push({ ...ending, told }),
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
    const until = (await database.stores.companies.find(companyId))?.recheckAt;
    const verification = { companyId, what: 'verification', told: [accountId] } as const;
    expect(reminded).toEqual([{ ...verification, until }]);
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
    expect(reminded.at(-1)).toEqual({ ...verification, until: undefined });
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

  describe('a licence to recruit for others', () => {
    const show = (companyId: CompanyId, value: string, until: number) =>
      database.stores.companies.setDetail(companyId, {
        field: 'commercial_licence',
        value,
        source: 'staff',
        at: database.clock.now(),
        until,
      });
    async function commercial() {
      const made = await verified();
      await database.stores.companies.advance(made.companyId, 'verified', 'verified', {
        accountClass: 'commercial',
      });
      reminded.length = 0;
      return made;
    }
    /** What was told since it was asked last, however often it is looked at, by two processes too. */
    async function told() {
      await Promise.all([companies.sweep(100), companies.sweep(100)]);
      await companies.sweep(100);
      return reminded.splice(0);
    }

    it('is announced to administrators two weeks, one week and one day before its end, and when it has ended', async () => {
      const { accountId, companyId } = await commercial();
      const { clock } = database;
      const until = clock.now() + days(30);
      await show(companyId, '京人服证字0100号', until);
      const licence = { companyId, what: 'commercial_licence', told: [accountId] };
      expect(await told()).toEqual([]);
      for (const day of [14, 7, 1]) {
        clock.set(until - days(day) - 1);
        expect(await told()).toEqual([]);
        clock.set(until - days(day));
        expect(await told()).toEqual([{ ...licence, until }]);
      }
      clock.set(until);
      expect(await told()).toEqual([{ ...licence, until: undefined }]);
      clock.advance(days(30));
      expect(await told()).toEqual([]);
      expect(await stateOf(companyId)).toBe('verified');
    });

    it('is not announced where the next one is on record, or nobody needs it', async () => {
      const renewed = await commercial();
      const { clock, stores } = database;
      const until = clock.now() + days(10);
      await show(renewed.companyId, '京人服证字0101号', until);
      expect(await told()).toMatchObject([{ companyId: renewed.companyId, until }]);
      await show(renewed.companyId, '京人服证字0101号', until + days(100));
      const own = await commercial();
      await show(own.companyId, '京人服证字0102号', until);
      await stores.companies.advance(own.companyId, 'verified', 'verified', { accountClass: 'own' });
      clock.set(until);
      expect(await told()).toEqual([]);
    });
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
