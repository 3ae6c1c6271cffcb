import { days, hours, minutes, type Instant } from '../core/clock.ts';
import { createCounters, type CounterRule, type CounterVerdict } from './counters.ts';
import { addressBuckets } from './network.ts';
import { countryOf, numberPrefix, type PhoneNumber } from './phone.ts';
import type { LimitStore } from './store.ts';

/** What is counted: a message sent, a code tried, a password tried. */
export type LimitedAction = 'send' | 'code' | 'password';

/** Whose count it is. `abroad` counts only numbers from outside the default country, together. */
export type LimitScope =
  'number' | 'number_prefix' | 'address' | 'network' | 'country' | 'abroad' | 'installation';

export type LimitRule = CounterRule<LimitedAction, LimitScope>;

export type LimitSettings = {
  /** Messages a day for the whole installation. */
  readonly dailyBudget: number;
  /**
   * Multiplies every cap that is not about one number. 1 in production; larger where all visitors share one
   * address, as in development and in test suites.
   */
  readonly sharedFactor: number;
};

/** The limits of rules.md section 4, as data. */
export function limitRules({ dailyBudget, sharedFactor }: LimitSettings): readonly LimitRule[] {
  const rule = (
    action: LimitedAction,
    scope: LimitScope,
    window: number,
    max: number,
    slot: number,
  ): LimitRule => ({ name: `${action}_${scope}_${window / 60_000}m`, action, scope, window, max, slot });
  const shared = (max: number) => Math.ceil(max * sharedFactor);
  return [
    rule('send', 'number', minutes(1), 1, 1),
    rule('send', 'number', hours(1), 5, 1),
    rule('send', 'number', days(1), 10, 1),
    rule('send', 'number_prefix', hours(1), shared(30), minutes(1)),
    rule('send', 'number_prefix', days(1), shared(120), minutes(30)),
    rule('send', 'address', hours(1), shared(20), minutes(1)),
    rule('send', 'address', days(1), shared(60), minutes(30)),
    rule('send', 'network', hours(1), shared(100), minutes(1)),
    rule('send', 'network', days(1), shared(500), minutes(30)),
    rule('send', 'country', hours(1), Math.max(1, Math.ceil(dailyBudget / 4)), minutes(1)),
    rule('send', 'abroad', days(1), Math.max(1, Math.ceil(dailyBudget / 10)), minutes(30)),
    rule('send', 'installation', days(1), dailyBudget, minutes(30)),
    rule('code', 'number', hours(1), 10, 1),
    rule('code', 'number', days(1), 30, 1),
    rule('code', 'address', hours(1), shared(60), minutes(1)),
    rule('password', 'number', hours(1), 10, 1),
    rule('password', 'number', days(1), 30, 1),
    rule('password', 'address', hours(1), shared(30), minutes(1)),
    rule('password', 'network', hours(1), shared(150), minutes(1)),
  ];
}

/** Who acts: the number it is about and the address it comes from. */
export type LimitSubject = { readonly phone: PhoneNumber; readonly ip: string };

export type LimitVerdict = CounterVerdict<LimitRule>;

export type Limits = {
  /**
   * Counts one `action` against every rule, or none of them when any is exhausted. Must run in the transaction of
   * what it guards: the rows stay locked until it ends, so parallel attempts cannot pass together.
   */
  take(
    store: LimitStore,
    action: LimitedAction,
    subject: LimitSubject,
    now: Instant,
    scopes?: readonly LimitScope[],
  ): Promise<LimitVerdict>;
  /** Takes back what {@link take} counted at `now`, after a success. */
  giveBack(store: LimitStore, action: LimitedAction, subject: LimitSubject, now: Instant): Promise<void>;
  /** What {@link take} would answer for the number alone, without counting. */
  peek(store: LimitStore, action: LimitedAction, phone: PhoneNumber, now: Instant): Promise<LimitVerdict>;
};

export function createLimits(rules: readonly LimitRule[], homeCountry: string): Limits {
  const counters = createCounters(rules, (rule, subject: LimitSubject) => keyOf(rule, subject, homeCountry));
  return {
    take: counters.take,
    giveBack: counters.giveBack,
    peek: (store, action, phone, now) => counters.peek(store, action, { phone, ip: '' }, now, ['number']),
  };
}

function keyOf(rule: LimitRule, { phone, ip }: LimitSubject, homeCountry: string): string | undefined {
  const subject = {
    number: () => phone,
    number_prefix: () => numberPrefix(phone),
    address: () => addressBuckets(ip).address,
    network: () => addressBuckets(ip).network,
    country: () => countryOf(phone),
    abroad: () => (countryOf(phone) === homeCountry ? undefined : 'abroad'),
    installation: () => 'all',
  }[rule.scope]();
  return subject === undefined ? undefined : `${rule.name}:${subject}`;
}
