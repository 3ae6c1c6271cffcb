import type { AccountId } from '../core/ids.ts';
import type { Consent, ConsentStore, Grantable } from '../oidc/index.ts';
import type { Handle } from './handle.ts';

export function bindConsents({ knex }: Handle): ConsentStore {
  return {
    async find(accountId, clientId) {
      const row = await knex<ConsentRow>('consents')
        .where({ account_id: accountId, client_id: clientId })
        .first();
      return row && fromRow(row);
    },
    async list(accountId) {
      const rows = await knex<ConsentRow>('consents').where({ account_id: accountId }).orderBy('granted_at');
      return rows.map(fromRow);
    },
    async write({ accountId, clientId, grantedAt, updatedAt, ...granted }) {
      await knex('consents')
        .insert({
          account_id: accountId,
          client_id: clientId,
          granted: JSON.stringify(granted),
          granted_at: grantedAt,
          updated_at: updatedAt,
        })
        .onConflict(['account_id', 'client_id'])
        .merge(['granted', 'granted_at', 'updated_at']);
    },
    async findBySubject(clientId, subject) {
      const row = await knex<ConsentRow>('consents').where({ client_id: clientId, subject }).first();
      return row && fromRow(row);
    },
    async listUnnamed(clientId, limit) {
      const unnamed = knex<ConsentRow>('consents').where({ client_id: clientId, subject: null });
      return (await unnamed.limit(limit)).map(fromRow);
    },
    async nameSubject(accountId, clientId, subject) {
      await knex<ConsentRow>('consents')
        .where({ account_id: accountId, client_id: clientId })
        .update({ subject });
    },
    async listOfCompany(clientId, companyId, { after, limit }) {
      const members = knex('memberships').where({ company_id: companyId }).select('account_id');
      const query = knex<ConsentRow>('consents')
        .where({ client_id: clientId })
        .whereIn('account_id', members)
        .orderBy('account_id')
        .limit(limit);
      if (after !== undefined) void query.where('account_id', '>', after);
      return (await query).map(fromRow);
    },
    remove: async (accountId, clientId) =>
      (await knex('consents').where({ account_id: accountId, client_id: clientId }).delete()) === 1,
  };
}

type ConsentRow = {
  account_id: AccountId;
  client_id: string;
  subject: string | null;
  granted: string;
  granted_at: number;
  updated_at: number;
};

function fromRow(row: ConsentRow): Consent {
  return {
    ...(JSON.parse(row.granted) as Grantable & Pick<Consent, 'unasked'>),
    accountId: row.account_id,
    clientId: row.client_id,
    grantedAt: row.granted_at,
    updatedAt: row.updated_at,
  };
}
