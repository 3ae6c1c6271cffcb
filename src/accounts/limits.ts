import { days, hours, minutes, type Instant } from '../core/clock.ts';
import { addressBuckets } from './network.ts';
import { countryOf, numberPrefix, type PhoneNumber } from './phone.ts';
import type { Hits, LimitStore } from './store.ts';

/** What is counted: a message sent, a code tried, a password tried. */
export type LimitedAction = 'send' | 'code' | 'password';

/** Whose count it is. `abroad` counts only numbers from outside the default country, together. */
export type LimitScope =
  'number' | 'number_prefix' | 'address' | 'network' | 'country' | 'abroad' | 'installation';

/**
 * At most `max` of `action` in any `window` milliseconds. Hits are kept in slots of `slot` milliseconds; a slot
 * counts until its last instant has left the window, so the bound is never exceeded, only reached a slot early.
 */
export type LimitRule = {
  readonly name: string;
  readonly action: LimitedAction;
  readonly scope: LimitScope;
  readonly window: number;
  readonly max: number;
  readonly slot: number;
};

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

export type LimitVerdict =
  | { readonly ok: true }
  /** `retryAfter`: whole seconds until the same attempt would pass, never too few. */
  | { readonly ok: false; readonly rule: LimitRule; readonly retryAfter: number };

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
  const select = (action: LimitedAction, subject: LimitSubject) =>
    rules
      .filter((rule) => rule.action === action)
      .map((rule) => ({ rule, key: keyOf(rule, subject, homeCountry) }))
      .filter((entry): entry is { rule: LimitRule; key: string } => entry.key !== undefined);

  return {
    async take(store, action, subject, now, scopes) {
      const entries = select(action, subject).filter(({ rule }) => !scopes || scopes.includes(rule.scope));
      const stored = await store.lock(
        entries.map(({ key }) => key),
        now,
      );
      const counted = entries.map(({ rule, key }) => ({
        rule,
        key,
        hits: prune(rule, stored[key] ?? [], now),
      }));
      const verdict = judge(counted, now);
      if (!verdict.ok) return verdict;
      await store.write(
        counted.map(({ rule, key, hits }) => ({
          key,
          hits: add(rule, hits, now),
          expiresAt: now + rule.window + rule.slot,
        })),
      );
      return verdict;
    },
    async giveBack(store, action, subject, now) {
      const entries = select(action, subject);
      const stored = await store.lock(
        entries.map(({ key }) => key),
        now,
      );
      await store.write(
        entries.map(({ rule, key }) => ({
          key,
          hits: remove(rule, stored[key] ?? [], now),
          expiresAt: now + rule.window + rule.slot,
        })),
      );
    },
    async peek(store, action, phone, now) {
      const entries = select(action, { phone, ip: '' }).filter(({ rule }) => rule.scope === 'number');
      const stored = await store.read(entries.map(({ key }) => key));
      return judge(
        entries.map(({ rule, key }) => ({ rule, hits: prune(rule, stored[key] ?? [], now) })),
        now,
      );
    },
  };
}

/** The longest wait of all exhausted rules, because the person must outlast each of them. */
function judge(counted: readonly { rule: LimitRule; hits: Hits }[], now: Instant): LimitVerdict {
  let worst: LimitVerdict = { ok: true };
  for (const { rule, hits } of counted) {
    const retryAfter = wait(rule, hits, now);
    if (retryAfter > 0 && (worst.ok || retryAfter > worst.retryAfter))
      worst = { ok: false, rule, retryAfter };
  }
  return worst;
}

function wait(rule: LimitRule, hits: Hits, now: Instant): number {
  let surplus = hits.reduce((sum, [, count]) => sum + count, 0) - rule.max + 1;
  for (const [start, count] of hits) {
    if (surplus <= 0) break;
    surplus -= count;
    if (surplus <= 0) return Math.max(1, Math.ceil((start + rule.slot - 1 + rule.window - now) / 1000));
  }
  // A rule whose maximum is zero never passes; the window is the honest thing to say.
  return surplus > 0 ? Math.ceil(rule.window / 1000) : 0;
}

function prune(rule: LimitRule, hits: Hits, now: Instant): Hits {
  return hits.filter(([start]) => start + rule.slot - 1 + rule.window > now).toSorted(([a], [b]) => a - b);
}

function add(rule: LimitRule, hits: Hits, now: Instant): Hits {
  const slot = now - (now % rule.slot);
  if (!hits.some(([start]) => start === slot)) return [...hits, [slot, 1]];
  return hits.map(([start, count]) => [start, start === slot ? count + 1 : count]);
}

function remove(rule: LimitRule, hits: Hits, now: Instant): Hits {
  const slot = now - (now % rule.slot);
  return hits
    .map(([start, count]): [Instant, number] => [start, start === slot ? count - 1 : count])
    .filter(([, count]) => count > 0);
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
