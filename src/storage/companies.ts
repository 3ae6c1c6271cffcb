import type { AccountId, CaseId, CompanyId, MembershipId } from '../core/ids.ts';
import type { Company, CompanyStore, Membership, MembershipStore } from '../companies/index.ts';
import type { Handle } from './handle.ts';

type CompanyRow = {
  id: CompanyId;
  credit_code: string;
  name: string;
  state: Company['state'];
  verified_at: number | null;
  recheck_at: number | null;
  created_at: number;
  updated_at: number;
};

export function bindCompanies({ knex, clock, ids }: Handle): CompanyStore {
  const table = () => knex<CompanyRow>('companies');
  const findByCode = async (creditCode: string) => {
    const row = await table().where({ credit_code: creditCode }).first();
    return row && toCompany(row);
  };
  return {
    findByCode,
    async find(id) {
      const row = await table().where({ id }).first();
      return row && toCompany(row);
    },
    async ensure(creditCode, name) {
      const now = clock.now();
      await table()
        .insert({
          id: ids.next('com'),
          credit_code: creditCode,
          name,
          state: 'unclaimed',
          created_at: now,
          updated_at: now,
        })
        .onConflict('credit_code')
        .ignore();
      return (await findByCode(creditCode)) as Company;
    },
    async advance(id, from, to, { name, verifiedAt, recheckAt } = {}) {
      const changed = await table()
        .where({ id, state: from })
        .update({
          state: to,
          updated_at: clock.now(),
          ...(name === undefined ? {} : { name }),
          ...(verifiedAt === undefined ? {} : { verified_at: verifiedAt }),
          ...(recheckAt === undefined ? {} : { recheck_at: recheckAt }),
        });
      return changed === 1;
    },
    async addName(id, name) {
      await knex('company_names')
        .insert({ company_id: id, name, first_given_at: clock.now() })
        .onConflict(['company_id', 'name'])
        .ignore();
    },
    async listNames(id) {
      const rows = await knex<{ company_id: CompanyId; name: string; first_given_at: number }>(
        'company_names',
      )
        .where({ company_id: id })
        .orderBy('first_given_at')
        .orderBy('name');
      return rows.map(({ name }) => name);
    },
  };
}

type MembershipRow = {
  id: MembershipId;
  account_id: AccountId;
  company_id: CompanyId;
  role: Membership['role'];
  state: Membership['state'];
  case_id: CaseId | null;
  valid_until: number | null;
  activated_at: number | null;
  ended_at: number | null;
  created_at: number;
  updated_at: number;
};

export function bindMemberships({ knex, clock, ids }: Handle): MembershipStore {
  const table = () => knex<MembershipRow>('memberships');
  const list = async (where: Partial<MembershipRow>): Promise<Membership[]> => {
    const rows = await table().where(where).orderBy('id');
    return rows.map(toMembership);
  };
  const findFor = async (accountId: AccountId, companyId: CompanyId) =>
    (await list({ account_id: accountId, company_id: companyId }))[0];
  return {
    findFor,
    find: async (id) => (await list({ id }))[0],
    listByAccount: (accountId) => list({ account_id: accountId }),
    listByCompany: (companyId) => list({ company_id: companyId }),
    listByCase: (caseId) => list({ case_id: caseId }),
    async ensure(accountId, companyId, caseId) {
      const now = clock.now();
      await table()
        .insert({
          id: ids.next('mem'),
          account_id: accountId,
          company_id: companyId,
          role: 'recruiter',
          state: 'in_review',
          case_id: caseId,
          created_at: now,
          updated_at: now,
        })
        .onConflict(['account_id', 'company_id'])
        .ignore();
      return (await findFor(accountId, companyId)) as Membership;
    },
    async advance(id, from, to, { caseId, activatedAt, endedAt } = {}) {
      const changed = await table()
        .where({ id, state: from })
        .update({
          state: to,
          updated_at: clock.now(),
          ...(caseId === undefined ? {} : { case_id: caseId }),
          ...(activatedAt === undefined ? {} : { activated_at: activatedAt, ended_at: null }),
          ...(endedAt === undefined ? {} : { ended_at: endedAt }),
        });
      return changed === 1;
    },
  };
}

function toCompany(row: CompanyRow): Company {
  return {
    id: row.id,
    creditCode: row.credit_code,
    name: row.name,
    state: row.state,
    verifiedAt: row.verified_at ?? undefined,
    recheckAt: row.recheck_at ?? undefined,
  };
}

function toMembership(row: MembershipRow): Membership {
  return {
    id: row.id,
    accountId: row.account_id,
    companyId: row.company_id,
    role: row.role,
    state: row.state,
    caseId: row.case_id ?? undefined,
    validUntil: row.valid_until ?? undefined,
    activatedAt: row.activated_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  };
}
