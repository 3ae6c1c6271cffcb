import * as fc from 'fast-check';
import { deriveMembers } from '../../src/companies/derive-members.ts';
import { recordDetails } from '../../src/companies/details.ts';
import { createAccountClasses, createCompanies, defaultCompanyPolicy } from '../../src/companies/index.ts';
import { days, hours, minutes } from '../../src/core/clock.ts';
import type { AccountId, CaseId, CompanyId, StaffId } from '../../src/core/ids.ts';
import type { Entitlements } from '../../src/entitlements/index.ts';
import { createHolds } from '../../src/review/holds.ts';
import { createSuspensions } from '../../src/review/suspensions.ts';
import type { Stores } from '../../src/storage/stores.ts';
import type { Database } from '../../src/storage/database.ts';
import type { ManualClock } from '../../src/core/clock.ts';
import { creditCode } from './specimens.ts';
import { verifiedPerson } from './verified-person.ts';

/** One thing that happens to one of two people who have to do with one of two companies. */
export type Happening =
  | { kind: 'verify_person'; who: 0 | 1; level: 'rn1' | 'rn2'; validFor: number | undefined }
  | { kind: 'revoke_person' | 'hold' | 'lift' | 'disable' | 'enable'; who: 0 | 1 }
  | { kind: 'roles'; who: 0 | 1; recruiter: boolean }
  | { kind: 'apply' | 'approve' | 'reject' | 'withdraw' | 'revoke_membership'; who: 0 | 1; company: 0 | 1 }
  | { kind: 'revoke_company'; company: 0 | 1 }
  | { kind: 'class'; who: 0 | 1; company: 0 | 1; accountClass: 'own' | 'commercial' }
  | { kind: 'commercial_licence'; company: 0 | 1; validFor: number }
  | { kind: 'time'; by: number }
  | { kind: 'sweep' };

const who = fc.constantFrom(0 as const, 1 as const);
const span = fc.oneof(
  fc.integer({ min: 0, max: minutes(5) }),
  fc.integer({ min: 0, max: hours(30) }),
  fc.integer({ min: 0, max: days(200) }),
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('verify_person' as const),
    who,
    level: fc.constantFrom('rn1' as const, 'rn2' as const),
    validFor: fc.option(span, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constantFrom('revoke_person', 'hold', 'lift', 'disable', 'enable'),
    who,
  }) as fc.Arbitrary<Happening>,
  fc.record({ kind: fc.constant('roles' as const), who, recruiter: fc.boolean() }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('apply', 'approve', 'approve', 'reject', 'withdraw', 'revoke_membership'),
      who,
      company: who,
    }),
  },
  fc.record({ kind: fc.constant('revoke_company' as const), company: who }),
  fc.record({
    kind: fc.constant('class' as const),
    who,
    company: who,
    accountClass: fc.constantFrom('own' as const, 'commercial' as const),
  }),
  fc.record({ kind: fc.constant('commercial_licence' as const), company: who, validFor: span }),
  fc.record({ kind: fc.constant('time' as const), by: span }),
  fc.record({ kind: fc.constant('time' as const), by: fc.integer({ min: -hours(3), max: -1 }) }),
  fc.constant({ kind: 'sweep' as const }),
);

/** What a verification that goes well leaves behind, for histories that begin where something can be lost. */
const recruiting = (who: 0 | 1, company: 0 | 1): Happening[] => [
  { kind: 'verify_person', who, level: 'rn2', validFor: undefined },
  { kind: 'approve', who, company },
];

const recruitingForOthers = (who: 0 | 1, company: 0 | 1): Happening[] => [
  { kind: 'class', who, company, accountClass: 'commercial' },
  { kind: 'commercial_licence', company, validFor: days(60) },
];

export const histories: fc.Arbitrary<Happening[]> = fc
  .tuple(
    fc.constantFrom(
      [],
      recruiting(0, 0),
      [...recruiting(0, 0), ...recruiting(1, 0)],
      [...recruiting(0, 0), ...recruitingForOthers(0, 0)],
    ),
    fc.array(happening, { minLength: 1, maxLength: 10 }),
  )
  .map(([beginning, rest]) => [...beginning, ...rest]);

export type World = { readonly accounts: readonly AccountId[]; readonly companies: readonly string[] };

const staffId = 'stf_00000000000000000000000001' as StaffId;

/** What makes things happen as the program does: each in one transaction, with the services' own consequences. */
export function createHistorian(
  { handle, transact, stores }: Pick<Database, 'handle' | 'transact' | 'stores'>,
  clock: ManualClock,
  entitlements: Entitlements,
) {
  const { ids } = handle;
  let people = 0;
  const recompute = async (bound: Stores, accountId: AccountId) =>
    void (await entitlements.recompute(bound, accountId));
  const companies = createCompanies<Stores>({
    stores,
    transact,
    clock,
    policy: { ...defaultCompanyPolicy, recheckAfter: days(180) },
    recompute,
    remind: async () => {},
  });
  const classes = createAccountClasses<Stores>({ stores, transact, clock, recompute });
  const holds = createHolds<Stores>({ clock, stores, transact, recompute });
  const suspensions = createSuspensions<Stores>({ clock, transact, recompute });

  const settled = (accountId: AccountId, work: (bound: Stores) => Promise<unknown>) =>
    transact(async (bound) => {
      await work(bound);
      await recompute(bound, accountId);
    });

  async function newAccount(): Promise<AccountId> {
    const id = ids.next('acc');
    // One after the other: of thousands that are drawn, two would be the same.
    const phone = `+86138${String(people++).padStart(8, '0')}` as never;
    await settled(id, (bound) =>
      bound.accounts.create({ id, phone, roles: ['recruiter'], locale: 'en' }, clock.now()),
    );
    return id;
  }

  /** The case in which this person named this company. */
  const caseOf = (accountId: AccountId, company: number) => `cas_${accountId.slice(4)}${company}` as CaseId;

  return {
    async newWorld(): Promise<World> {
      return { accounts: [await newAccount(), await newAccount()], companies: [creditCode(), creditCode()] };
    },
    /** The next history does not wait for what time does to the people of this one. */
    async leave({ accounts, companies: codes }: World): Promise<void> {
      const { knex } = handle;
      await knex('recruiter_statuses').whereIn('account_id', accounts).update({ recheck_at: null });
      await knex('memberships').whereIn('account_id', accounts).update({ next_change_at: null });
      const left = knex('companies').whereIn('credit_code', codes);
      await knex('company_details')
        .whereIn('company_id', left.clone().select('id'))
        .update({ next_notice_at: null });
      await left.update({ next_change_at: null });
      await knex('person_verifications').whereIn('account_id', accounts).update({ valid_until: null });
    },
    async happen(world: World, one: Happening): Promise<void> {
      if (one.kind === 'time') return clock.advance(one.by);
      if (one.kind === 'sweep') {
        for (const accountId of await stores.persons.listRunOut(clock.now(), 1000)) {
          const now = clock.now();
          await settled(accountId, (bound) => bound.persons.expire(accountId, now, now + days(1)));
        }
        while ((await companies.sweep(1000)) >= 1000);
        while ((await entitlements.sweep(clock.now(), 1000)) === 1000);
        return;
      }
      if (one.kind === 'revoke_company') {
        const company = await stores.companies.findByCode(world.companies[one.company] ?? '');
        const reason = 'company_closed';
        if (company)
          await transact((bound) =>
            companies.revokeCompany(bound, { companyId: company.id, staffId, reason }),
          );
        return;
      }
      if (one.kind === 'commercial_licence')
        return showLicence(world.companies[one.company] ?? '', one.validFor);
      const accountId = world.accounts[one.who] as AccountId;
      const target = { accountId, staffId };
      switch (one.kind) {
        case 'verify_person':
          return settled(accountId, (bound) =>
            bound.persons.verify(
              verifiedPerson(accountId, clock.now(), {
                level: one.level,
                validUntil: one.validFor === undefined ? undefined : clock.now() + one.validFor,
                caseId: caseOf(accountId, 0),
              }),
            ),
          );
        case 'revoke_person':
          return settled(accountId, (bound) => bound.persons.revoke(accountId, 'x', clock.now() + days(1)));
        case 'roles':
          return settled(accountId, (bound) =>
            bound.accounts.setRoles(accountId, one.recruiter ? ['recruiter'] : ['candidate'], clock.now()),
          );
        case 'hold':
          return void (await holds.set({ ...target, reason: 'company_in_doubt', note: 'x' }));
        case 'lift':
          return void (await holds.lift(target));
        case 'disable':
          return void (await suspensions.disable({ ...target, reason: 'abuse' }));
        case 'enable':
          return void (await suspensions.enable(target));
        case 'class': {
          const company = await stores.companies.findByCode(world.companies[one.company] ?? '');
          if (company) await classes.choose({ companyId: company.id, accountId }, one.accountClass);
          return;
        }
        default:
          return withCompany(accountId, world.companies[one.company] ?? '', one.kind, one.company);
      }
    },
  };

  /** What a reviewer's yes to a licence to recruit for others leaves behind. */
  async function showLicence(code: string, validFor: number): Promise<void> {
    const company = await stores.companies.findByCode(code);
    if (!company) return;
    const now = clock.now();
    await transact(async (bound) => {
      await recordDetails(bound, company.id, { commercial_licence: 'x' }, 'staff', now, now + validFor);
      await deriveMembers(bound, company.id, recompute);
    });
  }

  async function withCompany(
    accountId: AccountId,
    code: string,
    kind: 'apply' | 'approve' | 'reject' | 'withdraw' | 'revoke_membership',
    company: number,
  ): Promise<void> {
    const caseId = caseOf(accountId, company);
    const found = await stores.companies.findByCode(code);
    const name = '示例科技有限公司';
    const companyId = found?.id as CompanyId;
    if (kind === 'apply') {
      return settled(accountId, (bound) =>
        companies.apply(bound, { accountId, caseId, name, creditCode: code }),
      );
    }
    if (kind === 'approve') {
      return settled(accountId, async (bound) => {
        const companyId = await companies.apply(bound, { accountId, caseId, name, creditCode: code });
        await companies.approve(bound, {
          accountId,
          caseId,
          companyId,
          name,
          evidence: 'review',
          details: {},
        });
      });
    }
    const membership = found && (await stores.memberships.findFor(accountId, companyId));
    if (!membership) return;
    if (kind === 'revoke_membership') {
      const { id: membershipId } = membership;
      const reason = 'left_the_company';
      await transact((bound) => companies.revokeMembership(bound, { membershipId, staffId, reason }));
      return;
    }
    const reasons = kind === 'reject' ? [{ step: 'company' as const, reason: 'company_not_operating' }] : [];
    const outcome = kind === 'reject' ? 'rejected' : 'ended_after_approval';
    return settled(accountId, (bound) =>
      companies.close(bound, { accountId, caseId, companyId, reasons, outcome }),
    );
  }
}
