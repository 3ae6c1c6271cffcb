import {
  eventCatalogue,
  eventRetention,
  type AppEvent,
  type EventStore,
  type StoredEvent,
} from '../events/index.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

/** `tell` learns of every event at once, still within the transaction. */
export function bindEvents(
  { knex, clock, ids }: Handle,
  tell: (event: StoredEvent) => Promise<void>,
): EventStore {
  return {
    async append(event) {
      const id = ids.next('evt');
      const occurredAt = clock.now();
      const payload = eventCatalogue[event.type].payload.parse(event.payload);
      await knex('events').insert({
        id,
        type: event.type,
        subject: event.subject,
        payload: JSON.stringify(payload),
        occurred_at: occurredAt,
        expires_at: occurredAt + eventRetention,
      });
      await tell({ ...event, id, occurredAt });
      return id;
    },
    async listBySubject(subject, limit) {
      const rows = await knex<EventRow>('events').where({ subject }).orderBy('id').limit(limit);
      return rows.map(fromRow);
    },
    purge: (now, limit) => deleteExpired(knex, 'events', 'id', now, limit),
  };
}

type EventRow = { id: string; type: AppEvent['type']; subject: string; payload: string; occurred_at: number };

function fromRow(row: EventRow): StoredEvent {
  const payload = JSON.parse(row.payload) as never;
  return {
    id: row.id as StoredEvent['id'],
    type: row.type,
    subject: row.subject,
    payload,
    occurredAt: row.occurred_at,
  };
}
