import { hours, minutes, seconds } from '../core/clock.ts';

/** Everything about delivering signals that is a number. Periods in milliseconds. */
export const signalPolicy = {
  /**
   * A receiver that fails is tried again after this share of the time for which it has been failing. A restart or a
   * deployment should cost it nothing: as long as it has been away for no longer than `patience`, pauses end at `patientPause`.
   */
  pauseShare: 0.1,
  shortestPause: seconds(0.5),
  patience: minutes(10),
  patientPause: seconds(1),
  longestPause: hours(1),
  /** Pauses are drawn up to this share shorter, so that streams do not try together. */
  jitter: 0.25,
  /** A stream that has failed for so long is disabled. */
  failingLimit: hours(72),
  /** A delivery belongs to one process for so long: longer than any request lasts, and what a killed one held waits for it. */
  lease: seconds(15),
  sendTimeout: seconds(10),
  /** Deliveries of one stream that are under way at once, each about another subject. */
  width: 8,
  streamsPerClient: 10,
  verificationInterval: seconds(30),
  /** Events in one answer to a poll, unless the receiver asks for fewer. */
  eventsPerPoll: 100,
  longestPoll: seconds(10),
  /** Subjects that one stream can refuse to hear of. */
  removedSubjects: 10_000,
} as const;

export type SignalPolicy = { readonly [K in keyof typeof signalPolicy]: number };

/** Whole milliseconds until a stream that has been failing since `failingFor` milliseconds is tried again; `draw` is in [0, 1). */
export function pauseAfter(failingFor: number, draw: number, policy: SignalPolicy = signalPolicy): number {
  const wanted = Math.max(
    policy.shortestPause,
    Math.min(failingFor * policy.pauseShare, policy.patientPause),
    (failingFor - policy.patience) * policy.pauseShare,
  );
  return Math.round(Math.min(wanted, policy.longestPause) * (1 - policy.jitter * draw));
}
