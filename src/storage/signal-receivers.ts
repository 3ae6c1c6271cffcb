import type { Knex } from 'knex';
import type { StoredEvent } from '../events/index.ts';
import type { Permission, ReceiverStore } from '../signals/index.ts';
import type { Handle } from './handle.ts';

/** Who may hear of whom: from the consents, and for apps that ask for none from the grants that are in force. */
export function bindReceivers({ knex, clock }: Handle): ReceiverStore {
  const given = async (
    accounts: readonly string[] | Knex.QueryBuilder,
    clientIds: readonly string[],
  ): Promise<Map<string, Permission>> => {
    const found = new Map<string, Permission>();
    if (clientIds.length === 0) return found;
    const add = (clientId: string, { scopes, claims, actsFor = [] }: Permission) => {
      const before = found.get(clientId) ?? { scopes: [], claims: [] };
      found.set(clientId, {
        scopes: [...new Set([...before.scopes, ...scopes])],
        claims: [...new Set([...before.claims, ...claims])],
        actsFor: [...new Set([...(before.actsFor ?? []), ...actsFor])],
      });
    };
    const consents = await knex<ConsentRow>('consents')
      .whereIn('account_id', accounts as string[])
      .whereIn('client_id', clientIds)
      .select('client_id', 'granted');
    for (const { client_id, granted } of consents) add(client_id, JSON.parse(granted) as Permission);
    const grants = await knex<GrantRow>('artifacts')
      .whereIn('account_id', accounts as string[])
      .where({ model: 'Grant' })
      .where('expires_at', '>', clock.now())
      .select('payload');
    for (const { payload } of grants) {
      const { clientId, openid, company } = JSON.parse(payload) as GrantPayload;
      if (clientId === undefined || !clientIds.includes(clientId)) continue;
      add(clientId, {
        scopes: openid?.scope?.split(' ') ?? [],
        claims: openid?.claims ?? [],
        actsFor: company === undefined ? [] : [company],
      });
    }
    return found;
  };

  return {
    ofAccount: (accountId, clientIds) => given([accountId], clientIds),
    ofCompany: (companyId, clientIds) =>
      given(
        knex('memberships')
          .where({ company_id: companyId })
          .whereNotNull('activated_at')
          .whereNotIn('state', ['ended', 'removed', 'revoked'])
          .select('account_id'),
        clientIds,
      ),
    async eventsAfter({ at, id }, types, limit) {
      const rows = await knex<EventRow>('events')
        .where((later) =>
          later
            .where('occurred_at', '>', at)
            .orWhere((same) => same.where('occurred_at', at).where('id', '>', id)),
        )
        .whereIn('type', types as EventRow['type'][])
        .orderBy(['occurred_at', 'id'])
        .limit(limit);
      return rows.map(toEvent);
    },
    async findEvent(id) {
      const row = await knex<EventRow>('events')
        .where({ id: id as EventRow['id'] })
        .first();
      return row && toEvent(row);
    },
  };
}

type ConsentRow = { account_id: string; client_id: string; granted: string };
type GrantRow = { account_id: string; model: string; payload: string; expires_at: number };
type GrantPayload = { clientId?: string; company?: string; openid?: { scope?: string; claims?: string[] } };
type EventRow = {
  id: StoredEvent['id'];
  type: StoredEvent['type'];
  subject: string;
  payload: string;
  occurred_at: number;
};

function toEvent({ id, type, subject, payload, occurred_at }: EventRow): StoredEvent {
  return { id, type, subject, payload: JSON.parse(payload) as never, occurredAt: occurred_at };
}
