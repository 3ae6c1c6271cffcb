import type { Clock } from '../core/clock.ts';
import type { StreamId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Attempt, Delivering } from './delivering.ts';
import { pauseAfter, signalPolicy } from './policy.ts';
import type { DeliveryStore, StreamStore } from './stores.ts';
import type { Delivery, Stream } from './stream.ts';

export type Dispatcher = {
  start(): void;
  /** Looks for something to send now instead of at the next look. */
  wake(): void;
  /** Sends until nothing is due; for tests and the test kit, where the clock stands still. */
  drain(): Promise<void>;
  /** Sends nothing more and waits for what is under way. */
  stop(): Promise<void>;
};

export type DispatcherDependencies = {
  readonly streams: StreamStore;
  readonly deliveries: DeliveryStore;
  readonly send: Delivering['send'];
  /** Disables a stream by itself, with notice. */
  readonly disable: (stream: Stream, reason: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly pollMs?: number;
};

/**
 * Posts what streams are owed. Every stream is served by itself, so that one that does not answer holds up no other; about
 * one subject one delivery is under way at a time, the oldest. A killed process loses nothing: its leases run out.
 */
export function createDispatcher(dependencies: DispatcherDependencies): Dispatcher {
  const { streams, deliveries, send, disable, clock, random, log, pollMs = 500 } = dependencies;
  const serving = new Map<StreamId, Promise<void>>();
  let takingBack: Promise<void> | undefined;
  let looking: Promise<number> | undefined;
  /** Somebody asked to look while somebody looked. */
  let again = false;
  /** A stream had more to send than who serves it may have seen. */
  let missed = false;
  let started = false;
  let closing = false;
  let timer: NodeJS.Timeout | undefined;

  /** Starts serving what is due and is not being served; answers how many streams that were. */
  async function look(): Promise<number> {
    const due = await streams.due(clock.now());
    const fresh = due.filter(({ id }) => !serving.has(id));
    missed ||= fresh.length < due.length;
    for (const { id } of fresh) {
      const done = serve(id)
        .catch((error: unknown) => log.error('signals could not be sent', { error }))
        .finally(() => {
          serving.delete(id);
          if (missed && !closing) void fill();
        });
      serving.set(id, done);
    }
    return fresh.length;
  }

  async function lookUntilQuiet(): Promise<number> {
    let begun = 0;
    do {
      [again, missed] = [false, false];
      begun += await look();
    } while (again);
    return begun;
  }

  const fill = (): Promise<number> => {
    again = true;
    return (looking ??= lookUntilQuiet()
      .catch((error: unknown) => {
        log.error('signals unavailable', { error });
        return 0;
      })
      .finally(() => (looking = undefined)));
  };

  async function serve(id: StreamId): Promise<void> {
    while (!closing) {
      const stream = await streams.find(id);
      if (!stream) return;
      const now = clock.now();
      // One at a time until the receiver is known to be back.
      const width = stream.failures > 0 ? 1 : signalPolicy.width;
      const only = stream.state === 'enabled' ? undefined : 'ssf.stream_updated';
      const claimed = await deliveries.claim(id, now, now + signalPolicy.lease, width, only);
      if (claimed.length === 0) return;
      const attempts = await Promise.all(claimed.map((delivery) => attempt(delivery, stream)));
      if (!(await settle(stream, claimed, attempts))) return;
    }
  }

  async function attempt(delivery: Delivery, stream: Stream): Promise<Attempt> {
    try {
      return await send(delivery, stream);
    } catch (error) {
      log.error('signal failed', { clientId: stream.clientId, kind: delivery.type, error });
      return { outcome: 'failed', code: 'internal' };
    }
  }

  /** False when the stream is to be left alone for now. */
  async function settle(
    stream: Stream,
    claimed: readonly Delivery[],
    attempts: readonly Attempt[],
  ): Promise<boolean> {
    for (const [at, { id }] of claimed.entries()) {
      const { outcome, code } = attempts[at] as Attempt;
      if (outcome === 'delivered') await deliveries.finish(stream.id, id, {});
      else if (outcome === 'refused' || stream.state !== 'enabled')
        await deliveries.finish(stream.id, id, { refused: code });
      else await deliveries.release([id], code);
    }
    const gone = attempts.find(({ outcome }) => outcome === 'gone');
    const failure = gone ?? attempts.find(({ outcome }) => outcome === 'failed');
    const now = clock.now();
    if (!failure) {
      await streams.succeeded(stream.id, now);
      return true;
    }
    const failingSince = stream.failingSince ?? now;
    const pause = pauseAfter(now - failingSince, random.int(1000) / 1000);
    await streams.failed(stream.id, failure.code, failingSince, now + pause);
    log.debug('receiver does not take signals', { clientId: stream.clientId, code: failure.code });
    if (stream.state !== 'enabled') return false;
    if (gone) await disable(stream, 'gone');
    else if (now - failingSince >= signalPolicy.failingLimit) await disable(stream, 'not_delivered');
    return false;
  }

  return {
    start() {
      started = true;
      timer = setInterval(() => void fill(), pollMs);
      timer.unref();
      takingBack = deliveries
        .takeBack()
        .catch((error: unknown) => log.error('signals unavailable', { error }))
        .then(() => void (closing || fill()));
    },
    wake() {
      if (started && !closing) void fill();
    },
    async drain() {
      do {
        await Promise.all(serving.values());
      } while ((await fill()) > 0 || serving.size > 0);
    },
    async stop() {
      closing = true;
      clearInterval(timer);
      await takingBack;
      await looking;
      await Promise.all(serving.values());
    },
  };
}
