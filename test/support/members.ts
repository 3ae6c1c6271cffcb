import {
  createCompanies,
  createInvitations,
  createMembers,
  defaultCompanyPolicy,
  type CompanyPolicy,
  type Invitations,
  type Members,
} from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';
import { createEntitlements, defaultPolicy, deriveCompanies } from '../../src/entitlements/index.ts';
import type { Stores } from '../../src/storage/stores.ts';
import type { TestDatabase } from './databases.ts';
import { creditCode, specimenPerson } from './specimens.ts';
import { verifiedPerson } from './verified-person.ts';

export type MembersRig = {
  readonly members: Members<Stores>;
  readonly invitations: Invitations;
  /** Somebody with an account; verified unless said otherwise. */
  person(over?: { verified?: boolean }): Promise<AccountId>;
  /** A company that stands verified, with nobody in it. */
  company(): Promise<{ id: CompanyId; code: string }>;
  /** Moves what time changes. */
  sweep(): Promise<void>;
  /** Lets somebody act for a company, as an approved verification does. */
  join(
    accountId: AccountId,
    companyId: CompanyId,
    role?: 'recruiter' | 'administrator',
  ): Promise<MembershipId>;
};

/** Members and invitations on a test database, with accounts, verified people and the real derivation of the status. */
export function createMembersRig(
  { stores, transact, clock, dependencies }: TestDatabase,
  over: Partial<CompanyPolicy> = {},
): MembersRig {
  const { ids, random } = dependencies;
  const entitlements = createEntitlements({ transact, entitlements: stores.entitlements, clock });
  const deps = {
    stores,
    transact,
    clock,
    random,
    policy: { ...defaultCompanyPolicy, ...over },
    recompute: async (bound: Stores, accountId: AccountId) =>
      void (await entitlements.recompute(bound, accountId)),
    async isEligible(bound: Stores, accountId: AccountId, companyId: CompanyId) {
      const facts = await bound.entitlements.facts(accountId);
      const standings = facts ? deriveCompanies(facts, clock.now(), defaultPolicy) : [];
      return standings.some((one) => one.companyId === companyId && one.status === 'eligible');
    },
    isVerified: async (bound: Stores, accountId: AccountId) =>
      (await bound.persons.find(accountId))?.state === 'verified',
  };
  const companies = createCompanies<Stores>({ ...deps, remind: async () => {} });
  let phones = 0;
  return {
    members: createMembers<Stores>(deps),
    invitations: createInvitations<Stores>(deps),
    async person({ verified = true } = {}) {
      const id = ids.next('acc');
      const now = clock.now();
      await transact(async (bound) => {
        const phone = `+86138${String((phones += 1)).padStart(8, '0')}` as never;
        await bound.accounts.create({ id, phone, roles: ['recruiter'], locale: 'zh-CN' }, now);
        if (!verified) return;
        const { name, number } = specimenPerson();
        await bound.persons.verify(
          verifiedPerson(id, now, { claims: { name, documentNumber: number }, validUntil: now + days(3650) }),
        );
      });
      return id;
    },
    company: () =>
      transact(async (bound) => {
        const code = creditCode();
        const { id } = await bound.companies.ensure(code, '样本公司');
        const now = clock.now();
        await bound.companies.advance(id, 'unclaimed', 'pending');
        await bound.companies.advance(id, 'pending', 'verified', {
          verifiedAt: now,
          recheckAt: now + days(180),
        });
        return { id, code };
      }),
    sweep: async () => void (await companies.sweep(100)),
    join: (accountId, companyId, role = 'recruiter') =>
      transact(async (bound) => {
        const { id } = await bound.memberships.ensure(accountId, companyId);
        await bound.memberships.advance(id, 'requested', 'active', {
          role,
          evidence: 'legal_representative',
          activatedAt: clock.now(),
        });
        await entitlements.recompute(bound, accountId);
        return id;
      }),
  };
}
