import type { Knex } from 'knex';
import { days } from '../core/clock.ts';
import type { StreamId } from '../core/ids.ts';
import type { Delivery, DeliveryStore, NewDelivery } from '../signals/index.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

/** What was not delivered is kept for so long, to be sent or replayed. */
const UNDELIVERED_KEPT = days(30);
/** What was delivered can be looked at for so long. */
const DELIVERED_KEPT = days(7);

export function bindDeliveries(handle: Handle): DeliveryStore {
  const { knex, dialect, clock, beforeCommit, onEnqueue } = handle;
  let waiting: { delivery: NewDelivery; again: boolean }[] = [];

  /** Within a transaction its last act: the row of a subject is held for as short as can be, and always in one order. */
  const flush = async (): Promise<void> => {
    const given = waiting;
    waiting = [];
    const subjects = [...new Set(given.map(({ delivery }) => delivery.subject))].sort();
    for (const subject of subjects) {
      const positions = new Map<string, number>();
      for (const { delivery, again } of given.filter((one) => one.delivery.subject === subject)) {
        const { eventId } = delivery;
        const position = positions.get(eventId) ?? (await nextPosition(subject));
        positions.set(eventId, position);
        await insert(delivery, position, again);
      }
    }
    onEnqueue();
  };

  const nextPosition = async (subject: string): Promise<number> => {
    const expiresAt = clock.now() + 2 * UNDELIVERED_KEPT;
    const [row] = await knex<PositionRow>('signal_positions')
      .insert({ subject, position: 1, expires_at: expiresAt })
      .onConflict('subject')
      .merge({ position: knex.raw('signal_positions.position + 1') as never, expires_at: expiresAt })
      .returning('position');
    return (row as PositionRow).position;
  };

  const insert = async (delivery: NewDelivery, position: number, again: boolean): Promise<void> => {
    const now = clock.now();
    const fresh = {
      position,
      state: 'pending' as const,
      attempts: 0,
      lease_until: null,
      error: null,
      finished_at: null,
      expires_at: now + UNDELIVERED_KEPT,
    };
    const added = knex<DeliveryRow>('signal_deliveries')
      .insert({
        id: delivery.id,
        stream_id: delivery.streamId,
        subject: delivery.subject,
        event_id: delivery.eventId,
        type: delivery.type,
        payload: JSON.stringify(delivery.payload),
        occurred_at: delivery.occurredAt,
        created_at: now,
        ...fresh,
      })
      .onConflict('id');
    await (again ? added.merge(fresh).whereNot('signal_deliveries.state', 'pending') : added.ignore());
  };

  const headsOf = (streamId: StreamId, limit: number, only?: string) => {
    const heads = knex('signal_deliveries as d')
      .where({ 'd.stream_id': streamId, 'd.state': 'pending' })
      .whereNotExists((earlier) =>
        earlier
          .from('signal_deliveries as e')
          .select(knex.raw('1'))
          .whereRaw(
            `e.stream_id = d.stream_id and e.subject = d.subject and e.state = 'pending' and e.position < d.position`,
          ),
      )
      .orderBy(['d.created_at', 'd.position'])
      .limit(limit);
    return only === undefined ? heads : heads.where('d.type', only);
  };

  return {
    async enqueue(deliveries, { again = false } = {}) {
      if (deliveries.length === 0) return;
      const first = waiting.length === 0;
      waiting.push(...deliveries.map((delivery) => ({ delivery, again })));
      if (!beforeCommit) return flush();
      if (first) beforeCommit(flush, 'first');
    },
    async claim(streamId, now, leaseUntil, limit, only) {
      const heads = headsOf(streamId, limit, only)
        .where((free) => free.whereNull('d.lease_until').orWhere('d.lease_until', '<=', now))
        .select('d.id');
      if (dialect === 'postgres') void heads.forUpdate('d').skipLocked();
      const rows = await knex<DeliveryRow>('signal_deliveries')
        .whereIn('id', heads)
        .where('state', 'pending')
        .update({ lease_until: leaseUntil, attempts: knex.raw('attempts + 1') as never })
        .returning('*');
      return rows.map(fromRow);
    },
    heads: async (streamId, limit) =>
      (await headsOf(streamId, limit).select<DeliveryRow[]>('d.*')).map(fromRow),
    async release(ids, error) {
      await knex<DeliveryRow>('signal_deliveries')
        .whereIn('id', ids)
        .where({ state: 'pending' })
        .update({ lease_until: null, error });
    },
    async takeBack() {
      if (dialect !== 'sqlite') return;
      await knex<DeliveryRow>('signal_deliveries').whereNotNull('lease_until').update({ lease_until: null });
    },
    async finish(streamId, id, { refused }) {
      const now = clock.now();
      const changed = await knex<DeliveryRow>('signal_deliveries')
        .where({ id, stream_id: streamId, state: 'pending' })
        .update({
          state: refused === undefined ? 'delivered' : 'refused',
          error: refused ?? null,
          lease_until: null,
          finished_at: now,
          expires_at: now + (refused === undefined ? DELIVERED_KEPT : UNDELIVERED_KEPT),
        });
      return changed === 1;
    },
    async list(streamId, { state, limit }) {
      const rows = knex<DeliveryRow>('signal_deliveries')
        .where({ stream_id: streamId })
        .orderBy([
          { column: 'created_at', order: 'desc' },
          { column: 'position', order: 'desc' },
        ])
        .limit(limit);
      if (state !== undefined) void rows.where({ state });
      return (await rows).map(fromRow);
    },
    async backlog(streamId) {
      const row = await knex('signal_deliveries')
        .where({ stream_id: streamId, state: 'pending' })
        .count({ pending: '*' })
        .min({ oldest: 'created_at' })
        .first<{ pending: number | string; oldest: number | null }>();
      return { pending: Number(row?.pending ?? 0), oldest: row?.oldest ?? undefined };
    },
    async drop(streamId) {
      await knex('signal_deliveries').where({ stream_id: streamId, state: 'pending' }).delete();
    },
    purge: (now, limit) => purge(knex, now, limit),
  };
}

async function purge(knex: Knex, now: number, limit: number): Promise<number> {
  const deliveries = await deleteExpired(knex, 'signal_deliveries', 'id', now, limit);
  const positions = await deleteExpired(knex, 'signal_positions', 'subject', now, limit);
  return Math.max(deliveries, positions);
}

type PositionRow = { subject: string; position: number; expires_at: number };

type DeliveryRow = {
  id: string;
  stream_id: StreamId;
  subject: string;
  position: number;
  event_id: string;
  type: string;
  payload: string;
  occurred_at: number;
  state: Delivery['state'];
  attempts: number;
  lease_until: number | null;
  error: string | null;
  created_at: number;
  finished_at: number | null;
  expires_at: number;
};

function fromRow(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    streamId: row.stream_id,
    subject: row.subject as Delivery['subject'],
    eventId: row.event_id,
    type: row.type,
    payload: JSON.parse(row.payload) as Delivery['payload'],
    occurredAt: row.occurred_at,
    state: row.state,
    attempts: row.attempts,
    error: row.error ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
  };
}
