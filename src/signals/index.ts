/**
 * Signals: what happens to people and companies, told to the apps they use. The outbox of events is fanned out in the
 * transaction of the fact (`fan-out.ts`) by THE table of signals (`mapping.ts`), and delivered at least once and in order
 * for each subject: pushed or called (`dispatcher.ts`), or fetched (`polling.ts`). Apps manage their streams themselves
 * (`streams.ts`), operators watch over them (`operating.ts`).
 */
export type { SignToken } from './delivering.ts';
export { endpointProblem } from './endpoint.ts';
export { eventUri, eventUris, signalTable, signalTypes, type SignalRow } from './mapping.ts';
export type { SignalIdentities, SubjectIdentifier } from './messages.ts';
export type { ReplayFrom, SignalOperations, StreamOverview } from './operating.ts';
export { signalPolicy } from './policy.ts';
export type { PollAnswer, PollRequest } from './polling.ts';
export type { SignalAnswer, SignalRequest, SignalSender } from './sender.ts';
export { createSignals, type Signals } from './signals.ts';
export type {
  DeliveryStore,
  NewStream,
  Permission,
  ReceiverStore,
  SignalStores,
  StreamChange,
  StreamStore,
} from './stores.ts';
export {
  streamStates,
  type Delivery,
  type DeliveryState,
  type NewDelivery,
  type Stream,
  type StreamState,
} from './stream.ts';
export type { ReceiverStreams, StreamWish } from './streams.ts';
