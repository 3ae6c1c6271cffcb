import type { Clock } from '../core/clock.ts';
import type { Ids, StreamId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { deliveryId } from './fan-out.ts';
import { subjectKey, type SubjectIdentifier } from './messages.ts';
import { signalPolicy } from './policy.ts';
import type { SignalStores, StreamChange } from './stores.ts';
import type { Stream, StreamEventType, StreamState } from './stream.ts';

/** What a receiver says about a stream of its own. */
export type StreamWish = Pick<Stream, 'eventsRequested' | 'description'> & {
  readonly method: 'push' | 'poll';
  readonly endpointUrl: string | undefined;
  /** `null`: none; undefined: as it is. */
  readonly authorization: string | null | undefined;
};

/** What an app can do with its own streams. Another app's stream, and a webhook, is not there. */
export type ReceiverStreams = {
  list(clientId: string): Promise<Stream[]>;
  find(clientId: string, streamId: string): Promise<Stream | undefined>;
  create(clientId: string, wish: StreamWish): Promise<Result<{ stream: Stream }, 'too_many'>>;
  change(clientId: string, streamId: string, wish: StreamWish): Promise<Stream | undefined>;
  remove(clientId: string, streamId: string): Promise<boolean>;
  setState(
    clientId: string,
    streamId: string,
    state: StreamState,
    reason: string | undefined,
  ): Promise<Result<{ stream: Stream }, 'unknown' | 'disabled_by_operator'>>;
  /** False when there is no such stream. Whether there is such a subject is not said (SSF 1.0 section 9.1). */
  addSubject(clientId: string, streamId: string, subject: SubjectIdentifier): Promise<boolean>;
  removeSubject(
    clientId: string,
    streamId: string,
    subject: SubjectIdentifier,
  ): Promise<Result<object, 'unknown' | 'too_many'>>;
  /** Puts a verification event into the stream, with the receiver's `state` in it. */
  verify(
    clientId: string,
    streamId: string,
    state: string | undefined,
  ): Promise<Result<object, 'unknown' | 'too_soon'>>;
};

export type StreamsDependencies = {
  readonly transact: Transact<SignalStores>;
  readonly stores: Pick<SignalStores, 'streams'>;
  readonly clock: Clock;
  readonly ids: Ids;
};

export function createReceiverStreams(dependencies: StreamsDependencies): ReceiverStreams {
  const { transact, stores: outer, clock, ids } = dependencies;

  const own = async (
    { streams }: Pick<SignalStores, 'streams'>,
    clientId: string,
    streamId: string,
  ): Promise<Stream | undefined> => {
    const stream = await streams.find(streamId as StreamId);
    return stream?.clientId === clientId && stream.method !== 'webhook' ? stream : undefined;
  };
  const withOwn = <T>(
    clientId: string,
    streamId: string,
    work: (stores: SignalStores, stream: Stream) => Promise<T>,
  ): Promise<T | undefined> =>
    transact(async (stores) => {
      const stream = await own(stores, clientId, streamId);
      return stream && work(stores, stream);
    });

  return {
    list: async (clientId) =>
      (await outer.streams.list(clientId)).filter(({ method }) => method !== 'webhook'),
    find: (clientId, streamId) => own(outer, clientId, streamId),
    create: (clientId, { authorization, ...wish }) =>
      transact(async ({ streams }) => {
        if ((await streams.list(clientId)).length >= signalPolicy.streamsPerClient) return failed('too_many');
        const id = ids.next('str');
        return ok({
          stream: await streams.create({ id, clientId, ...wish, secret: authorization ?? undefined }),
        });
      }),
    change: (clientId, streamId, wish) =>
      withOwn(clientId, streamId, async ({ streams }, stream) => {
        await streams.update(stream.id, toChange(stream, wish));
        return streams.find(stream.id);
      }),
    remove: async (clientId, streamId) =>
      (await withOwn(clientId, streamId, ({ streams }, { id }) => streams.remove(id))) ?? false,
    setState: async (clientId, streamId, state, reason) =>
      (await withOwn(clientId, streamId, async ({ streams, deliveries }, stream) => {
        if (stream.state === 'disabled' && stream.stateBy === 'operator')
          return failed('disabled_by_operator');
        await streams.setState(stream.id, state, 'receiver', reason);
        // SSF 1.0 section 8.1.2: a stream that its receiver disabled holds nothing.
        if (state === 'disabled') await deliveries.drop(stream.id);
        return ok({ stream: (await streams.find(stream.id)) as Stream });
      })) ?? failed('unknown'),
    addSubject: async (clientId, streamId, subject) =>
      (await withOwn(clientId, streamId, async ({ streams }, { id }) => {
        await streams.addSubject(id, subjectKey(subject));
        return true;
      })) ?? false,
    removeSubject: async (clientId, streamId, subject) =>
      (await withOwn(clientId, streamId, async ({ streams }, { id }) => {
        if ((await streams.countRemoved(id)) >= signalPolicy.removedSubjects) return failed('too_many');
        await streams.removeSubject(id, subjectKey(subject));
        return ok();
      })) ?? failed('unknown'),
    verify: async (clientId, streamId, state) =>
      (await withOwn(clientId, streamId, async (stores, { id }) => {
        const now = clock.now();
        if (!(await stores.streams.askVerification(id, now, now - signalPolicy.verificationInterval)))
          return failed('too_soon');
        await tellStream(
          stores,
          { clock, ids },
          id,
          'ssf.verification',
          state === undefined ? {} : { state },
        );
        return ok();
      })) ?? failed('unknown'),
  };
}

/** A header that is not mentioned stays with the address it was given for, and goes to no other. */
function toChange(stream: Stream, { authorization, ...wish }: StreamWish): StreamChange {
  const secret =
    authorization === undefined && wish.endpointUrl !== stream.endpointUrl ? null : authorization;
  return { ...wish, ...(secret === undefined ? {} : { secret }) };
}

/** Puts an event about the stream itself into it. */
export async function tellStream(
  { deliveries }: Pick<SignalStores, 'deliveries'>,
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
  streamId: StreamId,
  type: StreamEventType,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const eventId = ids.next('evt');
  const id = deliveryId(eventId, streamId);
  await deliveries.enqueue([
    { id, streamId, subject: streamId, eventId, type, payload, occurredAt: clock.now() },
  ]);
}
