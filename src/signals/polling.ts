import { setTimeout } from 'node:timers/promises';
import type { StreamId } from '../core/ids.ts';
import type { Delivering } from './delivering.ts';
import { signalPolicy } from './policy.ts';
import type { DeliveryStore, StreamStore } from './stores.ts';
import type { Stream } from './stream.ts';

/** A poll as RFC 8936 section 2.2 describes it. */
export type PollRequest = {
  readonly maxEvents?: number | undefined;
  readonly returnImmediately?: boolean | undefined;
  readonly ack?: readonly string[] | undefined;
  readonly setErrs?: Readonly<Record<string, { readonly err: string }>> | undefined;
};

export type PollAnswer = {
  /** `jti` → token; at most one about each subject, so that their order does not depend on how this is read. */
  readonly sets: Readonly<Record<string, string>>;
  readonly moreAvailable: boolean;
};

export type Polling = {
  /** Undefined when the stream is not the app's, or is not polled. Returns early when `signal` is aborted. */
  poll(
    clientId: string,
    streamId: string,
    request: PollRequest,
    signal: AbortSignal,
  ): Promise<PollAnswer | undefined>;
  /** Answers those that wait, if there is something for them. */
  wake(): void;
};

export type PollingDependencies = {
  readonly streams: StreamStore;
  readonly deliveries: DeliveryStore;
  readonly tokenOf: Delivering['tokenOf'];
  readonly now: () => number;
  readonly lookMs?: number;
};

export function createPolling(dependencies: PollingDependencies): Polling {
  const { streams, deliveries, tokenOf, now, lookMs = 500 } = dependencies;
  let waiting = new AbortController();

  async function acknowledge({ id }: Stream, { ack = [], setErrs = {} }: PollRequest): Promise<void> {
    let taken = false;
    for (const jti of ack) taken = (await deliveries.finish(id, jti, {})) || taken;
    for (const [jti, { err }] of Object.entries(setErrs)) {
      await deliveries.finish(id, jti, { refused: /^[\w.-]{1,64}$/.test(err) ? err : 'unnamed_error' });
    }
    if (taken) await streams.succeeded(id, now());
  }

  async function fetch(stream: Stream, limit: number): Promise<PollAnswer> {
    const sets: Record<string, string> = {};
    const heads = await deliveries.heads(stream.id, limit);
    for (const delivery of heads) {
      if (stream.state !== 'enabled' && delivery.type !== 'ssf.stream_updated') continue;
      const token = await tokenOf(delivery, stream);
      if (token === undefined)
        await deliveries.finish(stream.id, delivery.id, { refused: 'subject_removed' });
      else sets[delivery.id] = token;
    }
    const { pending } = await deliveries.backlog(stream.id);
    return { sets, moreAvailable: stream.state === 'enabled' && pending > Object.keys(sets).length };
  }

  /** Until something was stored here, or another process may have stored something. */
  async function wait(signal: AbortSignal): Promise<void> {
    await setTimeout(lookMs, undefined, { signal: AbortSignal.any([signal, waiting.signal]) }).catch(
      () => {},
    );
  }

  return {
    async poll(clientId, streamId, request, signal) {
      const find = async () => {
        const stream = await streams.find(streamId as StreamId);
        return stream?.clientId === clientId && stream.method === 'poll' ? stream : undefined;
      };
      const first = await find();
      if (!first) return undefined;
      await acknowledge(first, request);
      const limit = Math.min(request.maxEvents ?? signalPolicy.eventsPerPoll, signalPolicy.eventsPerPoll);
      // RFC 8936 section 2.4.2: who asks for no events only acknowledges.
      if (limit === 0) return { sets: {}, moreAvailable: (await deliveries.backlog(first.id)).pending > 0 };
      const end = performance.now() + signalPolicy.longestPoll;
      for (;;) {
        const stream = await find();
        if (!stream) return undefined;
        const answer = await fetch(stream, limit);
        const isOver = request.returnImmediately || signal.aborted || performance.now() >= end;
        if (isOver || Object.keys(answer.sets).length > 0) return answer;
        await wait(signal);
      }
    },
    wake() {
      const before = waiting;
      waiting = new AbortController();
      before.abort();
    },
  };
}
