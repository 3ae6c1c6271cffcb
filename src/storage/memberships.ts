import type { AccountId, CaseId, CompanyId, MembershipId } from '../core/ids.ts';
import type { Membership, MembershipStore } from '../companies/index.ts';
import type { Handle } from './handle.ts';

type MembershipRow = {
  id: MembershipId;
  account_id: AccountId;
  company_id: CompanyId;
  role: Membership['role'];
  state: Membership['state'];
  evidence: Membership['evidence'] | null;
  case_id: CaseId | null;
  valid_until: number | null;
  next_change_at: number | null;
  activated_at: number | null;
  ended_at: number | null;
  ended_reason: string | null;
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
    async listDue(now, limit) {
      const rows = await table().where('next_change_at', '<=', now).orderBy('next_change_at').limit(limit);
      return rows.map(toMembership);
    },
    async ensure(accountId, companyId) {
      const now = clock.now();
      await table()
        .insert({
          id: ids.next('mem'),
          account_id: accountId,
          company_id: companyId,
          role: 'recruiter',
          state: 'requested',
          created_at: now,
          updated_at: now,
        })
        .onConflict(['account_id', 'company_id'])
        .ignore();
      return (await findFor(accountId, companyId)) as Membership;
    },
    async advance(id, from, to, change = {}) {
      const { caseId, role, evidence, validUntil, nextChangeAt, activatedAt, endedAt, endedReason } = change;
      const changed = await table()
        .where({ id, state: from })
        .update({
          state: to,
          updated_at: clock.now(),
          ...(caseId === undefined ? {} : { case_id: caseId }),
          ...(role === undefined ? {} : { role }),
          ...(evidence === undefined ? {} : { evidence }),
          ...(validUntil === undefined ? {} : { valid_until: validUntil }),
          ...(nextChangeAt === undefined ? {} : { next_change_at: nextChangeAt }),
          ...(activatedAt === undefined
            ? {}
            : { activated_at: activatedAt, ended_at: null, ended_reason: null }),
          ...(endedAt === undefined ? {} : { ended_at: endedAt }),
          ...(endedReason === undefined ? {} : { ended_reason: endedReason }),
        });
      return changed === 1;
    },
  };
}

function toMembership(row: MembershipRow): Membership {
  return {
    id: row.id,
    accountId: row.account_id,
    companyId: row.company_id,
    role: row.role,
    state: row.state,
    evidence: row.evidence ?? undefined,
    caseId: row.case_id ?? undefined,
    validUntil: row.valid_until ?? undefined,
    nextChangeAt: row.next_change_at ?? undefined,
    activatedAt: row.activated_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    endedReason: row.ended_reason ?? undefined,
  };
}
