import type { Log } from '../core/log.ts';
import type { StoredEvent } from '../events/index.ts';
import { createDelivering, type DeliveringDependencies } from './delivering.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { fanOut } from './fan-out.ts';
import { createOperations, type OperatingDependencies, type SignalOperations } from './operating.ts';
import { createPolling, type Polling } from './polling.ts';
import type { SignalStores } from './stores.ts';
import { createReceiverStreams, type ReceiverStreams } from './streams.ts';

export type Signals = {
  /** Adds an event to what streams are owed, within the transaction that appends it. */
  fanOut(
    stores: Pick<SignalStores, 'streams' | 'deliveries' | 'receivers'>,
    event: StoredEvent,
  ): Promise<void>;
  readonly receivers: ReceiverStreams;
  readonly operations: SignalOperations;
  readonly poll: Polling['poll'];
  /** Something was committed that may have to be sent. */
  wake(): void;
  readonly start: Dispatcher['start'];
  readonly drain: Dispatcher['drain'];
  stop(): Promise<void>;
};

export type SignalDependencies = Omit<DeliveringDependencies, 'streams'> &
  Omit<OperatingDependencies, 'warn'> & { readonly log: Log };

/** The Shared Signals transmitter and the webhooks, over the outbox. */
export function createSignals(dependencies: SignalDependencies): Signals {
  const { issuer, stores, clock, random, log, sender } = dependencies;
  const { streams, deliveries } = stores;
  const operations = createOperations({
    ...dependencies,
    warn: ({ clientId }, reason) => log.warn('stream of signals disabled', { clientId, reason }),
  });
  const { send, tokenOf } = createDelivering({ ...dependencies, streams });
  const dispatcher = createDispatcher({
    streams,
    deliveries,
    send,
    disable: operations.giveUp,
    clock,
    random,
    log,
  });
  const polling = createPolling({ streams, deliveries, tokenOf, now: () => clock.now() });
  return {
    fanOut: (bound, event) => fanOut(bound, event, issuer),
    receivers: createReceiverStreams(dependencies),
    operations,
    poll: polling.poll,
    wake() {
      dispatcher.wake();
      polling.wake();
    },
    start: dispatcher.start,
    drain: dispatcher.drain,
    async stop() {
      await dispatcher.stop();
      sender.close();
    },
  };
}
