import type { DomainName, EmailAddress } from '../accounts/index.ts';
import type { CompanyEmailProof, CompanyEmailRequest, CompanyEmailStore } from '../companies/index.ts';
import type { Instant } from '../core/clock.ts';
import type { AccountId, ChallengeId, CompanyId, MessageId, StaffId } from '../core/ids.ts';
import type { Handle } from './handle.ts';
import { EMAIL_INDEX } from './mails.ts';

/** A request is kept this long after its code, so that a late answer is told why. */
const RETENTION = 3_600_000;

export function bindCompanyEmails({ knex, vault, clock, dialect }: Handle): CompanyEmailStore {
  const domains = () => knex<DomainRow>('company_domains');
  /** Under the account's key, so that erasing the account erases the address. */
  const place = (table: Table, accountId: AccountId, companyId: CompanyId) => ({
    table,
    column: 'address',
    row: `${accountId}:${companyId}`,
  });
  const open = async (table: Table, row: Pair & { address: Buffer }) => {
    const { account_id: account, company_id: company, address } = row;
    return (await vault.openText(account, place(table, account, company), address)) as
      EmailAddress | undefined;
  };

  const findRequest = async (accountId: AccountId, companyId: CompanyId, lock: boolean) => {
    const query = knex<RequestRow>('company_email_requests')
      .where({ account_id: accountId, company_id: companyId })
      .first();
    const row = lock && dialect === 'postgres' ? await query.forUpdate() : await query;
    const email = row && (await open('company_email_requests', row));
    return row && email !== undefined ? toRequest(row, email) : undefined;
  };

  return {
    async bind(companyId, domain, by) {
      const bound = await domains()
        .insert({ company_id: companyId, domain, bound_by: by, bound_at: clock.now() })
        .onConflict(['company_id', 'domain'])
        .ignore()
        .returning('domain');
      return bound.length === 1;
    },
    async unbind(companyId, domain) {
      return (await domains().where({ company_id: companyId, domain }).delete()) === 1;
    },
    async isBound(companyId, domain, hold) {
      const query = domains().where({ company_id: companyId, domain }).first();
      return (hold && dialect === 'postgres' ? await query.forUpdate() : await query) !== undefined;
    },
    async listDomains(companyId) {
      const rows = await domains().where({ company_id: companyId }).orderBy('domain');
      return rows.map((row) => ({ domain: row.domain, boundBy: row.bound_by, boundAt: row.bound_at }));
    },
    async request({ accountId, companyId, challengeId, messageId, domain, email, expiresAt }) {
      const table = 'company_email_requests';
      await knex(table)
        .insert({
          account_id: accountId,
          company_id: companyId,
          challenge_id: challengeId,
          message_id: messageId,
          domain,
          address: await vault.seal(accountId, place(table, accountId, companyId), email),
          code_expires_at: expiresAt,
          expires_at: expiresAt + RETENTION,
        })
        .onConflict(['account_id', 'company_id'])
        .merge();
    },
    findRequest: (accountId, companyId) => findRequest(accountId, companyId, false),
    lockRequest: (accountId, companyId) => findRequest(accountId, companyId, true),
    async prove({ accountId, companyId, domain, email, mailbox, provedAt, expiresAt }) {
      const table = 'company_email_proofs';
      const others = () =>
        knex<ProofRow>(table)
          .where({ company_id: companyId })
          .whereNot({ account_id: accountId })
          .whereIn('address_index', vault.indexCandidates(EMAIL_INDEX, mailbox));
      if (await others().where('expires_at', '>', provedAt).first()) return false;
      await others().delete();
      await knex(table)
        .insert({
          account_id: accountId,
          company_id: companyId,
          domain,
          address: await vault.seal(accountId, place(table, accountId, companyId), email),
          address_index: vault.index(EMAIL_INDEX, mailbox),
          proved_at: provedAt,
          expires_at: expiresAt,
        })
        .onConflict(['account_id', 'company_id'])
        .merge();
      return true;
    },
    async findProof(accountId, companyId, now) {
      const row = await knex<ProofRow>('company_email_proofs')
        .where({ account_id: accountId, company_id: companyId })
        .where('expires_at', '>', now)
        .first();
      const email = row && (await open('company_email_proofs', row));
      return row && email !== undefined ? toProof(row, email) : undefined;
    },
    async listProved(companyId, domain, now) {
      return knex<ProofRow>('company_email_proofs')
        .where({ company_id: companyId, domain })
        .where('expires_at', '>', now)
        .orderBy('account_id')
        .pluck('account_id');
    },
    async purge(now, limit) {
      const purged = await Promise.all([
        deleteExpiredPairs('company_email_requests', now, limit),
        deleteExpiredPairs('company_email_proofs', now, limit),
      ]);
      return Math.max(...purged);
    },
  };

  async function deleteExpiredPairs(table: Table, now: Instant, limit: number): Promise<number> {
    const expired = knex(table)
      .where('expires_at', '<=', now)
      .orderBy('expires_at')
      .limit(limit)
      .select('account_id', 'company_id');
    return knex(table).whereIn(['account_id', 'company_id'], expired).delete();
  }
}

type Table = 'company_email_requests' | 'company_email_proofs';
type Pair = { account_id: AccountId; company_id: CompanyId };
type DomainRow = {
  company_id: CompanyId;
  domain: DomainName;
  bound_by: AccountId | StaffId;
  bound_at: number;
};
type RequestRow = Pair & {
  challenge_id: ChallengeId;
  message_id: MessageId;
  domain: DomainName;
  address: Buffer;
  code_expires_at: number;
};
type ProofRow = Pair & {
  domain: DomainName;
  address: Buffer;
  address_index: string;
  proved_at: number;
  expires_at: number;
};

function toRequest(row: RequestRow, email: EmailAddress): CompanyEmailRequest {
  return {
    accountId: row.account_id,
    companyId: row.company_id,
    challengeId: row.challenge_id,
    messageId: row.message_id,
    domain: row.domain,
    email,
    expiresAt: row.code_expires_at,
  };
}

function toProof(row: ProofRow, email: EmailAddress): CompanyEmailProof {
  return {
    accountId: row.account_id,
    companyId: row.company_id,
    domain: row.domain,
    email,
    provedAt: row.proved_at,
    expiresAt: row.expires_at,
  };
}
