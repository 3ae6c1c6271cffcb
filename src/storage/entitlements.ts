import type { AccountId, CompanyId, MembershipId } from '../core/ids.ts';
import type {
  AccountStanding,
  CaseScope,
  CaseState,
  EntitlementStore,
  Facts,
  MembershipFacts,
  PersonFacts,
  StoredStatus,
} from '../entitlements/index.ts';
import { bindSnapshots } from './fact-snapshots.ts';
import type { Handle } from './handle.ts';

/** The licence that was accepted last; it may have ended since. */
const newestLicence = `(select max(n.valid_from) from company_details as n
  where n.company_id = c.id and n.field = 'commercial_licence')`;

export function bindEntitlements({ knex, dialect }: Handle): EntitlementStore {
  const memberships = async (accountId: AccountId): Promise<MembershipFacts[]> => {
    const rows = await knex<MembershipRow>('memberships as m')
      .join('companies as c', 'c.id', 'm.company_id')
      .leftJoin('company_details as d', (on) =>
        on
          .on('d.company_id', '=', 'c.id')
          .andOnVal('d.field', '=', 'commercial_licence')
          .andOn('d.valid_from', '=', knex.raw(newestLicence)),
      )
      .where('m.account_id', accountId)
      .select(
        'm.id',
        'm.role',
        'm.state',
        'm.valid_until',
        'm.company_id',
        'c.name',
        'c.credit_code',
        'c.state as company_state',
        'c.verified_at',
        'c.recheck_at',
        'c.account_class',
        'd.company_id as licensed',
        'd.valid_until as licence_until',
      );
    return rows.map(toMembership);
  };

  return {
    async facts(accountId) {
      const account = await knex<AccountRow>('accounts').where({ id: accountId }).first();
      if (!account) return undefined;
      const person = await knex<PersonRow>('person_verifications').where({ account_id: accountId }).first();
      const newest = await knex<CaseRow>('verification_cases')
        .where({ account_id: accountId })
        .whereNot({ state: 'withdrawn' })
        .orderBy('created_at', 'desc')
        .first('state', 'scope');
      const hold = await knex<{ account_id: string }>('recruiter_holds')
        .where({ account_id: accountId })
        .first('account_id');
      return {
        accountId,
        account: {
          state: account.state,
          phoneVerifiedAt: account.phone_verified_at,
          candidate: Boolean(account.is_candidate),
          recruiter: Boolean(account.is_recruiter),
          resumeComplete: Boolean(account.resume_complete),
        },
        person: person && toPerson(person),
        caseState: newest?.state,
        caseScope: newest?.scope,
        memberships: await memberships(accountId),
        held: hold !== undefined,
      } satisfies Facts;
    },
    async lock(accountId) {
      // A transaction on SQLite is the only one that writes from its first statement on.
      if (dialect === 'postgres')
        await knex('accounts').where({ id: accountId }).forNoKeyUpdate().first('id');
    },
    async standing(accountId) {
      const row = await knex('accounts as a')
        .leftJoin('recruiter_statuses as s', 's.account_id', 'a.id')
        .where('a.id', accountId)
        .first<StandingRow>([...standingColumns]);
      return row && toStanding(accountId, row);
    },
    async status(accountId) {
      const row = await knex<StatusRow>('recruiter_statuses').where({ account_id: accountId }).first();
      return row && toStatus(accountId, row);
    },
    async writeStatus(status) {
      await knex('recruiter_statuses')
        .insert({
          account_id: status.accountId,
          status: status.status,
          reasons: JSON.stringify(status.reasons),
          next_step: status.nextStep,
          company_id: status.companyId,
          company_code: status.companyCode,
          requirements: JSON.stringify(status.requirements),
          companies: JSON.stringify(status.companies),
          derived_at: status.derivedAt,
          recheck_at: status.recheckAt,
        })
        .onConflict('account_id')
        .merge();
    },
    async dueForRecheck(now, limit) {
      const rows = await knex<StatusRow>('recruiter_statuses')
        .where('recheck_at', '<=', now)
        .orderBy('recheck_at')
        .limit(limit)
        .select('account_id');
      return rows.map(({ account_id }) => account_id);
    },
    async accountsOf(companyId, page) {
      const query = knex<{ account_id: AccountId; company_id: CompanyId }>('memberships')
        .where({ company_id: companyId })
        .distinct('account_id')
        .orderBy('account_id');
      if (page) void query.limit(page.limit);
      if (page?.after !== undefined) void query.where('account_id', '>', page.after);
      return (await query).map(({ account_id }) => account_id);
    },
    ...bindSnapshots(knex),
  };
}

export const standingColumns: readonly string[] = [
  'a.state',
  'a.is_candidate',
  'a.is_recruiter',
  'a.updated_at',
  's.status',
  's.reasons',
  's.next_step',
  's.company_id',
  's.company_code',
  's.requirements',
  's.companies',
  's.derived_at',
  's.recheck_at',
];

type AccountRow = {
  id: AccountId;
  state: Facts['account']['state'];
  phone_verified_at: number | null;
  is_candidate: number | boolean;
  is_recruiter: number | boolean;
  resume_complete: number | boolean;
  updated_at: number;
};

type CaseRow = { account_id: AccountId; state: CaseState; scope: CaseScope; created_at: number };

type PersonRow = {
  account_id: AccountId;
  state: PersonFacts['state'];
  level: PersonFacts['level'];
  verified_at: number;
  valid_until: number | null;
};

type MembershipRow = {
  id: MembershipId;
  role: MembershipFacts['role'];
  state: MembershipFacts['state'];
  valid_until: number | null;
  company_id: CompanyId;
  name: string;
  credit_code: string;
  company_state: MembershipFacts['company']['state'];
  verified_at: number | null;
  recheck_at: number | null;
  account_class: 'own' | 'commercial' | 'public';
  licensed: CompanyId | null;
  licence_until: number | null;
};

type StatusRow = {
  account_id: AccountId;
  status: StoredStatus['status'];
  reasons: string;
  next_step: StoredStatus['nextStep'];
  company_id: CompanyId | null;
  company_code: string | null;
  requirements: string;
  companies: string;
  derived_at: number;
  recheck_at: number | null;
};

/** The status columns are null where none was derived yet. */
export type StandingRow = Pick<AccountRow, 'state' | 'is_candidate' | 'is_recruiter' | 'updated_at'> &
  Partial<StatusRow>;

export function toStanding(accountId: AccountId, row: StandingRow): AccountStanding {
  return {
    state: row.state,
    candidate: Boolean(row.is_candidate),
    recruiter: Boolean(row.is_recruiter),
    changedAt: row.updated_at,
    status: row.status ? toStatus(accountId, row as StatusRow) : undefined,
  };
}

function toStatus(accountId: AccountId, row: StatusRow): StoredStatus {
  return {
    accountId,
    status: row.status,
    reasons: JSON.parse(row.reasons) as StoredStatus['reasons'],
    nextStep: row.next_step,
    companyId: row.company_id,
    companyCode: row.company_code,
    requirements: JSON.parse(row.requirements) as StoredStatus['requirements'],
    companies: JSON.parse(row.companies) as StoredStatus['companies'],
    derivedAt: row.derived_at,
    recheckAt: row.recheck_at,
  };
}

function toPerson(row: PersonRow): PersonFacts {
  return { state: row.state, level: row.level, verifiedAt: row.verified_at, validUntil: row.valid_until };
}

function toMembership(row: MembershipRow): MembershipFacts {
  return {
    id: row.id,
    role: row.role,
    state: row.state,
    validUntil: row.valid_until,
    company: {
      id: row.company_id,
      name: row.name,
      creditCode: row.credit_code,
      state: row.company_state,
      verifiedAt: row.verified_at,
      recheckAt: row.recheck_at,
      lacksLicence: row.account_class === 'commercial' && row.licensed === null,
      licenceUntil: row.account_class === 'commercial' ? row.licence_until : null,
    },
  };
}
