import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, StreamId } from '../core/ids.ts';

/** `push` (RFC 8935) and `poll` (RFC 8936) carry security event tokens; `webhook` plain JSON with a signature beside it. */
export type DeliveryMethod = 'push' | 'poll' | 'webhook';

export const streamStates = ['enabled', 'paused', 'disabled'] as const;
/** `paused`: what happens is held. `disabled`: nothing is sent; held only when it was not the receiver that wanted it so. */
export type StreamState = (typeof streamStates)[number];

/** Who put a stream into its state. */
export type StreamActor = 'receiver' | 'operator' | 'system';

/** One way in which one app hears what happens. */
export type Stream = {
  readonly id: StreamId;
  readonly clientId: string;
  readonly method: DeliveryMethod;
  /** Where events are posted to; undefined for `poll`. */
  readonly endpointUrl: string | undefined;
  /** Whether an authorization header (`push`) is stored; a webhook always has its secret. */
  readonly hasSecret: boolean;
  /** Event type URIs for `push` and `poll`, types of the catalogue for `webhook`; undefined: all it may have. */
  readonly eventsRequested: readonly string[] | undefined;
  readonly description: string | undefined;
  readonly state: StreamState;
  readonly stateBy: StreamActor;
  readonly reason: string | undefined;
  /** Attempts that failed since the last that did not. */
  readonly failures: number;
  readonly failingSince: Instant | undefined;
  readonly nextAttemptAt: Instant | undefined;
  /** A code, never what the receiver answered. */
  readonly lastError: string | undefined;
  readonly lastDeliveredAt: Instant | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What a stream says about itself, beside the events of the catalogue. */
export type StreamEventType = 'ssf.verification' | 'ssf.stream_updated';

export type DeliveryState = 'pending' | 'delivered' | 'refused';

/** One event on its way to one stream. */
export type Delivery = {
  /** The `jti` of its token and the `webhook-id`: the same whenever and however often it is sent. */
  readonly id: string;
  readonly streamId: StreamId;
  readonly subject: AccountId | CompanyId | StreamId;
  readonly eventId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly occurredAt: Instant;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly error: string | undefined;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | undefined;
};

export type NewDelivery = Pick<
  Delivery,
  'id' | 'streamId' | 'subject' | 'eventId' | 'type' | 'payload' | 'occurredAt'
>;

/** Whether what happens now is kept for the stream. */
export function holds({ state, stateBy }: Pick<Stream, 'state' | 'stateBy'>): boolean {
  return state !== 'disabled' || stateBy !== 'receiver';
}
