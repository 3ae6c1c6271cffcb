import type { Instant } from '../core/clock.ts';
import type { EventId } from '../core/ids.ts';
import type { AppEvent } from './catalogue.ts';

export type StoredEvent = AppEvent & { readonly id: EventId; readonly occurredAt: Instant };

export type EventStore = {
  /** Appends an event; throws when its payload does not match the catalogue. */
  append(event: AppEvent): Promise<EventId>;
  /** Events about `subject`, oldest first, at most `limit`. */
  listBySubject(subject: string, limit: number): Promise<StoredEvent[]>;
  /** Deletes at most `limit` expired events and returns how many. */
  purge(now: Instant, limit: number): Promise<number>;
};
