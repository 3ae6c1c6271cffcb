import type { StreamId } from '../core/ids.ts';
import type { Stream, StreamChange, StreamStore } from '../signals/index.ts';
import type { Handle } from './handle.ts';

export function bindStreams({ knex, vault, clock }: Handle): StreamStore {
  const place = (id: StreamId) => ({ table: 'signal_streams', column: 'secret', row: id });
  const seal = (id: StreamId, secret: string) => vault.seal(id, place(id), secret);
  const find: StreamStore['find'] = async (id) => {
    const row = await knex<StreamRow>('signal_streams').where({ id }).first();
    return row && fromRow(row);
  };
  const change = (id: StreamId, columns: Partial<StreamRow>) =>
    knex<StreamRow>('signal_streams').where({ id }).update(columns);

  return {
    find,
    async create({ id, clientId, method, endpointUrl, eventsRequested, description, secret }) {
      const now = clock.now();
      await knex<StreamRow>('signal_streams').insert({
        id,
        client_id: clientId,
        method,
        endpoint_url: endpointUrl ?? null,
        secret: secret === undefined ? null : await seal(id, secret),
        events_requested: eventsRequested === undefined ? null : JSON.stringify(eventsRequested),
        description: description ?? null,
        state: 'enabled',
        state_by: 'receiver',
        failures: 0,
        created_at: now,
        updated_at: now,
      });
      return (await find(id)) as Stream;
    },
    async list(clientId) {
      const rows = knex<StreamRow>('signal_streams').orderBy('id');
      if (clientId !== undefined) void rows.where({ client_id: clientId });
      return (await rows).map(fromRow);
    },
    async secret(id) {
      const row = await knex<StreamRow>('signal_streams').where({ id }).first('secret');
      return row?.secret ? vault.openText(id, place(id), row.secret) : undefined;
    },
    async update(id, given) {
      await change(id, { ...(await toColumns(id, given, seal)), updated_at: clock.now() });
    },
    async setState(id, state, by, reason) {
      await change(id, {
        state,
        state_by: by,
        reason: reason ?? null,
        updated_at: clock.now(),
        ...(state === 'enabled' ? { failures: 0, failing_since: null, next_attempt_at: null } : {}),
      });
    },
    async remove(id) {
      await vault.destroy(id);
      return (await knex('signal_streams').where({ id }).delete()) === 1;
    },
    async due(now) {
      const rows = await knex<StreamRow>('signal_streams as s')
        .whereIn('s.method', ['push', 'webhook'])
        .where((any) => any.whereNull('s.next_attempt_at').orWhere('s.next_attempt_at', '<=', now))
        .whereExists((pending) =>
          pending
            .from('signal_deliveries as d')
            .select(knex.raw('1'))
            .whereRaw(`d.stream_id = s.id and d.state = 'pending'`)
            .whereRaw('(d.lease_until is null or d.lease_until <= ?)', [now])
            .whereRaw(`(s.state = 'enabled' or d.type = 'ssf.stream_updated')`),
        )
        .select('s.*');
      return rows.map(fromRow);
    },
    async succeeded(id, now) {
      await change(id, {
        failures: 0,
        failing_since: null,
        next_attempt_at: null,
        last_error: null,
        last_delivered_at: now,
      });
    },
    async failed(id, error, failingSince, nextAttemptAt) {
      await change(id, {
        failures: knex.raw('failures + 1') as never,
        failing_since: failingSince,
        next_attempt_at: nextAttemptAt,
        last_error: error,
      });
    },
    askVerification: async (id, now, notSince) =>
      (await knex('signal_streams')
        .where({ id })
        .where((any) =>
          any.whereNull('verification_asked_at').orWhere('verification_asked_at', '<=', notSince),
        )
        .update({ verification_asked_at: now, next_attempt_at: null })) === 1,
    async removeSubject(id, subject) {
      await knex('signal_removed_subjects')
        .insert({ stream_id: id, subject, removed_at: clock.now() })
        .onConflict(['stream_id', 'subject'])
        .ignore();
    },
    async addSubject(id, subject) {
      await knex('signal_removed_subjects').where({ stream_id: id, subject }).delete();
    },
    async countRemoved(id) {
      const row = await knex('signal_removed_subjects')
        .where({ stream_id: id })
        .count({ count: '*' })
        .first<{ count: number | string }>();
      return Number(row?.count ?? 0);
    },
    isRemoved: async (id, subject) =>
      (await knex('signal_removed_subjects').where({ stream_id: id, subject }).first()) !== undefined,
  };
}

type StreamRow = {
  id: StreamId;
  client_id: string;
  method: Stream['method'];
  endpoint_url: string | null;
  secret: Buffer | null;
  events_requested: string | null;
  description: string | null;
  state: Stream['state'];
  state_by: Stream['stateBy'];
  reason: string | null;
  failures: number;
  failing_since: number | null;
  next_attempt_at: number | null;
  last_error: string | null;
  last_delivered_at: number | null;
  created_at: number;
  updated_at: number;
};

async function toColumns(
  id: StreamId,
  change: StreamChange,
  seal: (id: StreamId, secret: string) => Promise<Buffer>,
): Promise<Partial<StreamRow>> {
  const { method, secret } = change;
  return {
    ...(method === undefined ? {} : { method }),
    ...('endpointUrl' in change ? { endpoint_url: change.endpointUrl ?? null } : {}),
    ...('eventsRequested' in change
      ? { events_requested: change.eventsRequested ? JSON.stringify(change.eventsRequested) : null }
      : {}),
    ...('description' in change ? { description: change.description ?? null } : {}),
    ...(secret === undefined ? {} : { secret: secret === null ? null : await seal(id, secret) }),
  };
}

function fromRow(row: StreamRow): Stream {
  return {
    id: row.id,
    clientId: row.client_id,
    method: row.method,
    endpointUrl: row.endpoint_url ?? undefined,
    hasSecret: row.secret !== null,
    eventsRequested:
      row.events_requested === null ? undefined : (JSON.parse(row.events_requested) as string[]),
    description: row.description ?? undefined,
    state: row.state,
    stateBy: row.state_by,
    reason: row.reason ?? undefined,
    failures: row.failures,
    failingSince: row.failing_since ?? undefined,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    lastError: row.last_error ?? undefined,
    lastDeliveredAt: row.last_delivered_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
