/**
 * What happened, and what has to be done about it. Events are appended and jobs enqueued by the feature that changes
 * a fact, within the same transaction: either the fact, its event and its work are stored, or none of them.
 */
export { eventCatalogue, eventRetention, type AppEvent, type EventType } from './catalogue.ts';
export type { EventStore, StoredEvent } from './event-store.ts';
export type { ClaimedJob, JobKind, JobPayloads, JobStore, NewJob } from './job-store.ts';
