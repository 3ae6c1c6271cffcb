import type { AccountId, CompanyId } from '../core/ids.ts';
import type { ActingChoiceStore } from '../oidc/index.ts';
import type { Handle } from './handle.ts';

type Row = { account_id: AccountId; client_id: string; company_id: CompanyId; chosen_at: number };

export function bindActingChoices({ knex }: Handle): ActingChoiceStore {
  const of = (accountId: AccountId, clientId: string) =>
    knex<Row>('acting_choices').where({ account_id: accountId, client_id: clientId });
  return {
    last: async (accountId, clientId) => (await of(accountId, clientId).first('company_id'))?.company_id,
    async remember(accountId, clientId, companyId, now) {
      await knex<Row>('acting_choices')
        .insert({ account_id: accountId, client_id: clientId, company_id: companyId, chosen_at: now })
        .onConflict(['account_id', 'client_id'])
        .merge(['company_id', 'chosen_at']);
    },
    async forget(accountId, clientId) {
      await of(accountId, clientId).delete();
    },
  };
}
