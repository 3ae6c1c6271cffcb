import type { AuditLog } from '../audit/index.ts';
import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, EventId, StreamId } from '../core/ids.ts';
import type { EventStore, EventType, StoredEvent } from '../events/index.ts';
import type { Delivery, NewDelivery, Stream, StreamActor, StreamState } from './stream.ts';

export type NewStream = Pick<
  Stream,
  'id' | 'clientId' | 'method' | 'endpointUrl' | 'eventsRequested' | 'description'
> & {
  /** The authorization header of a push, the key of a webhook; sealed. */
  readonly secret: string | undefined;
};

export type StreamChange = Partial<
  Pick<Stream, 'method' | 'endpointUrl' | 'eventsRequested' | 'description'>
> & {
  /** `null` forgets it; absent keeps it. */
  readonly secret?: string | null;
};

export type StreamStore = {
  create(stream: NewStream): Promise<Stream>;
  find(id: StreamId): Promise<Stream | undefined>;
  list(clientId?: string): Promise<Stream[]>;
  /** The opened secret. */
  secret(id: StreamId): Promise<string | undefined>;
  update(id: StreamId, change: StreamChange): Promise<void>;
  setState(id: StreamId, state: StreamState, by: StreamActor, reason: string | undefined): Promise<void>;
  /** False when there is none. */
  remove(id: StreamId): Promise<boolean>;
  /** Streams that push and may be tried at `now`, with something to send. */
  due(now: Instant): Promise<Stream[]>;
  succeeded(id: StreamId, now: Instant): Promise<void>;
  failed(id: StreamId, error: string, failingSince: Instant, nextAttemptAt: Instant): Promise<void>;
  /**
   * Notes that a verification was asked for, unless one was after `notSince`; then false. Who asks is there: what waits
   * for the next attempt is due.
   */
  askVerification(id: StreamId, now: Instant, notSince: Instant): Promise<boolean>;
  /** Subjects, as the receiver names them, of which it wants to hear nothing. */
  removeSubject(id: StreamId, subject: string): Promise<void>;
  addSubject(id: StreamId, subject: string): Promise<void>;
  isRemoved(id: StreamId, subject: string): Promise<boolean>;
  countRemoved(id: StreamId): Promise<number>;
};

export type DeliveryStore = {
  /**
   * Adds deliveries at the end of the caller's transaction, those about one subject in the order of commits. One that is
   * there already stays as it is; `again`: it is sent once more, after everything else about its subject.
   */
  enqueue(deliveries: readonly NewDelivery[], options?: { readonly again?: boolean }): Promise<void>;
  /**
   * Leases the oldest pending delivery about each subject of the stream to the caller, at most `limit`. What is leased to
   * somebody else holds back the later ones about its subject. `only`: of this type alone.
   */
  claim(
    streamId: StreamId,
    now: Instant,
    leaseUntil: Instant,
    limit: number,
    only?: string,
  ): Promise<Delivery[]>;
  /** The oldest pending delivery about each subject, at most `limit`, without leasing it; for who comes to fetch. */
  heads(streamId: StreamId, limit: number): Promise<Delivery[]>;
  release(ids: readonly string[], error: string): Promise<void>;
  /** At a start: frees what a process that was killed had leased, where there can be no other process that holds it. */
  takeBack(): Promise<void>;
  finish(streamId: StreamId, id: string, outcome: { readonly refused?: string }): Promise<boolean>;
  /** Newest first. */
  list(
    streamId: StreamId,
    filter: { readonly state?: Delivery['state']; readonly limit: number },
  ): Promise<Delivery[]>;
  /** How many are pending, and since when the oldest. */
  backlog(streamId: StreamId): Promise<{ readonly pending: number; readonly oldest: Instant | undefined }>;
  /** Deletes what is pending. */
  drop(streamId: StreamId): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};

/** What an app was given about a person. */
export type Permission = {
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  /** The companies that the person's grants to the app act for. */
  readonly actsFor?: readonly string[];
};

export type ReceiverStore = {
  /** What each of these apps was given about the account, where it was given something and still is. */
  ofAccount(accountId: AccountId, clientIds: readonly string[]): Promise<Map<string, Permission>>;
  /** The same about anybody who acts for the company. */
  ofCompany(companyId: CompanyId, clientIds: readonly string[]): Promise<Map<string, Permission>>;
  /** Events of these types that are younger than `after`, oldest first, at most `limit`. */
  eventsAfter(
    after: { readonly at: Instant; readonly id: EventId | '' },
    types: readonly EventType[],
    limit: number,
  ): Promise<StoredEvent[]>;
  findEvent(id: string): Promise<StoredEvent | undefined>;
};

export type SignalStores = {
  readonly streams: StreamStore;
  readonly deliveries: DeliveryStore;
  readonly receivers: ReceiverStore;
  readonly events: EventStore;
  readonly audit: AuditLog;
};
