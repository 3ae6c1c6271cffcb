import type { AuditActor } from '../audit/index.ts';
import type { Clock, Instant } from '../core/clock.ts';
import type { EventId, Ids, StreamId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { deliveriesFor } from './fan-out.ts';
import { signalFor, signalTypes } from './mapping.ts';
import { signalPolicy } from './policy.ts';
import type { SignalStores } from './stores.ts';
import { tellStream } from './streams.ts';
import type { Delivery, Stream, StreamState } from './stream.ts';

export type StreamOverview = {
  readonly stream: Stream;
  readonly pending: number;
  /** Since when the oldest has been waiting. */
  readonly oldest: Instant | undefined;
  readonly latest: readonly Delivery[];
};

export type ReplayFrom = { readonly at: Instant } | { readonly eventId: string };

/** What operators and staff do with streams; all of it is in the audit log. */
export type SignalOperations = {
  list(latest?: number): Promise<StreamOverview[]>;
  deliveries(
    id: string,
    filter: { state?: Delivery['state']; limit: number },
  ): Promise<Delivery[] | undefined>;
  /** `secret` is shown once; it is stored sealed. */
  addWebhook(
    input: { clientId: string; url: string; events: readonly string[] | undefined },
    by: AuditActor,
  ): Promise<Result<{ stream: Stream; secret: string }, 'too_many'>>;
  enable(id: string, by: AuditActor): Promise<boolean>;
  disable(id: string, by: AuditActor, reason: string | undefined): Promise<boolean>;
  remove(id: string, by: AuditActor): Promise<boolean>;
  /**
   * Sends once more what happened from an instant or an event on, as far as the app may know it today, with the same ids.
   * Answers how many events.
   */
  replay(
    id: string,
    from: ReplayFrom,
    by: AuditActor,
  ): Promise<Result<{ count: number }, 'unknown' | 'disabled' | 'unknown_event'>>;
  /** The program itself gives a stream up, with notice. */
  giveUp(stream: Stream, reason: string): Promise<void>;
};

export type OperatingDependencies = {
  readonly issuer: string;
  readonly transact: Transact<SignalStores>;
  readonly stores: Pick<SignalStores, 'streams' | 'deliveries' | 'receivers'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly warn: (stream: Stream, reason: string) => void;
};

type Place = { readonly at: Instant; readonly id: EventId | '' };

const REPLAY_BATCH = 200;

export function createOperations(dependencies: OperatingDependencies): SignalOperations {
  const { issuer, transact, stores: outer, clock, ids, random, warn } = dependencies;

  /** SSF 1.0 section 8.1.5: the receiver is told of a change that it did not ask for. */
  async function setState(
    stores: SignalStores,
    stream: Stream,
    to: StreamState,
    by: 'operator' | 'system',
    reason: string | undefined,
  ): Promise<void> {
    await stores.streams.setState(stream.id, to, by, reason);
    const payload = { status: to, ...(reason === undefined ? {} : { reason }) };
    await tellStream(stores, { clock, ids }, stream.id, 'ssf.stream_updated', payload);
    if (to !== 'disabled') return;
    const { clientId } = stream;
    await stores.events.append({
      type: 'signals.stream_disabled',
      subject: stream.id,
      payload: { clientId, reason: reason ?? 'operator' },
    });
  }

  const withStream = <T>(
    id: string,
    work: (stores: SignalStores, stream: Stream) => Promise<T>,
  ): Promise<T | undefined> =>
    transact(async (stores) => {
      const stream = await stores.streams.find(id as StreamId);
      return stream && work(stores, stream);
    });

  return {
    async list(latest = 0) {
      const all: StreamOverview[] = [];
      for (const stream of await outer.streams.list()) {
        const backlog = await outer.deliveries.backlog(stream.id);
        const shown = latest > 0 ? await outer.deliveries.list(stream.id, { limit: latest }) : [];
        all.push({ stream, ...backlog, latest: shown });
      }
      return all;
    },
    async deliveries(id, filter) {
      if (!(await outer.streams.find(id as StreamId))) return undefined;
      return outer.deliveries.list(id as StreamId, filter);
    },
    addWebhook: ({ clientId, url, events }, by) =>
      transact(async ({ streams, audit }) => {
        if ((await streams.list(clientId)).length >= signalPolicy.streamsPerClient) return failed('too_many');
        const id = ids.next('str');
        const secret = `whsec_${random.bytes(32).toString('base64')}`;
        const stream = await streams.create({
          id,
          clientId,
          method: 'webhook',
          endpointUrl: url,
          eventsRequested: events,
          description: undefined,
          secret,
        });
        await audit.append({ actor: by, action: 'signals.webhook_added', target: id, details: { clientId } });
        return ok({ stream, secret });
      }),
    enable: async (id, by) =>
      (await withStream(id, async (stores, stream) => {
        await setState(stores, stream, 'enabled', 'operator', undefined);
        await stores.audit.append({ actor: by, action: 'signals.stream_enabled', target: stream.id });
        return true;
      })) ?? false,
    disable: async (id, by, reason) =>
      (await withStream(id, async (stores, stream) => {
        await setState(stores, stream, 'disabled', 'operator', reason);
        await stores.audit.append({ actor: by, action: 'signals.stream_disabled', target: stream.id });
        return true;
      })) ?? false,
    remove: async (id, by) =>
      (await withStream(id, async ({ streams, audit }, stream) => {
        const { clientId } = stream;
        await audit.append({
          actor: by,
          action: 'signals.stream_removed',
          target: stream.id,
          details: { clientId },
        });
        return streams.remove(stream.id);
      })) ?? false,
    async replay(id, from, by) {
      const stream = await outer.streams.find(id as StreamId);
      if (!stream) return failed('unknown');
      if (stream.state === 'disabled') return failed('disabled');
      const start = await startOf(from);
      if (!start) return failed('unknown_event');
      await transact(({ audit }) =>
        audit.append({
          actor: by,
          action: 'signals.replayed',
          target: id,
          details: { from: new Date(start.at).toISOString() },
        }),
      );
      return ok({ count: await resend(stream, start) });
    },
    async giveUp(stream, reason) {
      await transact((stores) => setState(stores, stream, 'disabled', 'system', reason));
      warn(stream, reason);
    },
  };

  /** The first event to send; ids sort within an instant. */
  async function startOf(from: ReplayFrom): Promise<Place | undefined> {
    if ('at' in from) return { at: from.at, id: '' };
    const event = await outer.receivers.findEvent(from.eventId);
    return event && { at: event.occurredAt, id: event.id };
  }

  async function resend(stream: Stream, start: Place): Promise<number> {
    let count = 0;
    let after: Place = { at: start.at - 1, id: '' };
    for (;;) {
      const events = await outer.receivers.eventsAfter(after, signalTypes, REPLAY_BATCH);
      for (const event of events) {
        const row = signalFor(event.type);
        if (!row || (event.occurredAt <= start.at && event.id < start.id)) continue;
        const owed = await deliveriesFor(outer, event, row, [stream], issuer);
        if (owed.length === 0) continue;
        await transact(({ deliveries }) => deliveries.enqueue(owed, { again: true }));
        count += 1;
      }
      const last = events.at(-1);
      if (!last || events.length < REPLAY_BATCH) return count;
      after = { at: last.occurredAt, id: last.id };
    }
  }
}
