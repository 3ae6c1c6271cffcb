/** Milliseconds since 1970-01-01T00:00:00Z. All stored instants use this unit. */
export type Instant = number;

export type Clock = { now(): Instant };

export const systemClock: Clock = { now: () => Date.now() };

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/** UTC+8, all year: what is added to an instant to read China's day and hour as if they were UTC. */
export const chinaOffset: number = hours(8);

/** A clock that stands still until it is moved; for tests and the test kit. */
export class ManualClock implements Clock {
  #now: Instant;

  constructor(start: Instant = Date.now()) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock by `ms` milliseconds; a negative value moves it back. */
  advance(ms: number): void {
    this.#now += ms;
  }

  set(instant: Instant): void {
    this.#now = instant;
  }
}
