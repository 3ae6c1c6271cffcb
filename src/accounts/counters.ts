import type { Instant } from '../core/clock.ts';
import type { Hits, LimitStore } from './store.ts';

/**
 * At most `max` of `action` in any `window` milliseconds. Hits are kept in slots of `slot` milliseconds; a slot
 * counts until its last instant has left the window, so the bound is never exceeded, only reached a slot early.
 */
export type CounterRule<A extends string = string, S extends string = string> = {
  readonly name: string;
  readonly action: A;
  /** Whose count it is. */
  readonly scope: S;
  readonly window: number;
  readonly max: number;
  readonly slot: number;
};

export type CounterVerdict<R> =
  | { readonly ok: true }
  /** `retryAfter`: whole seconds until the same attempt would pass, never too few. */
  | { readonly ok: false; readonly rule: R; readonly retryAfter: number };

export type Counters<R extends CounterRule, T> = {
  /**
   * Counts one `action` against every rule, or none of them when any is exhausted. Must run in the transaction of
   * what it guards: the rows stay locked until it ends, so parallel attempts cannot pass together.
   */
  take(
    store: LimitStore,
    action: R['action'],
    subject: T,
    now: Instant,
    scopes?: readonly R['scope'][],
  ): Promise<CounterVerdict<R>>;
  /** Takes back what {@link take} counted at `now`, after a success. */
  giveBack(store: LimitStore, action: R['action'], subject: T, now: Instant): Promise<void>;
  /** What {@link take} would answer, without counting. */
  peek(
    store: LimitStore,
    action: R['action'],
    subject: T,
    now: Instant,
    scopes?: readonly R['scope'][],
  ): Promise<CounterVerdict<R>>;
};

/** Counts by rules; `keyOf` says whose count a rule means, undefined when it means nobody here. */
export function createCounters<R extends CounterRule, T>(
  rules: readonly R[],
  keyOf: (rule: R, subject: T) => string | undefined,
): Counters<R, T> {
  const select = (action: R['action'], subject: T, scopes?: readonly R['scope'][]) =>
    rules
      .filter((rule) => rule.action === action && (!scopes || scopes.includes(rule.scope)))
      .map((rule) => ({ rule, key: keyOf(rule, subject) }))
      .filter((entry): entry is { rule: R; key: string } => entry.key !== undefined);
  const keys = (entries: readonly { key: string }[]) => entries.map(({ key }) => key);
  const expiry = (rule: R, now: Instant) => now + rule.window + rule.slot;

  return {
    async take(store, action, subject, now, scopes) {
      const entries = select(action, subject, scopes);
      const stored = await store.lock(keys(entries), now);
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
          expiresAt: expiry(rule, now),
        })),
      );
      return verdict;
    },
    async giveBack(store, action, subject, now) {
      const entries = select(action, subject);
      const stored = await store.lock(keys(entries), now);
      await store.write(
        entries.map(({ rule, key }) => ({
          key,
          hits: remove(rule, stored[key] ?? [], now),
          expiresAt: expiry(rule, now),
        })),
      );
    },
    async peek(store, action, subject, now, scopes) {
      const entries = select(action, subject, scopes);
      const stored = await store.read(keys(entries));
      return judge(
        entries.map(({ rule, key }) => ({ rule, hits: prune(rule, stored[key] ?? [], now) })),
        now,
      );
    },
  };
}

/** The longest wait of all exhausted rules, because the person must outlast each of them. */
function judge<R extends CounterRule>(
  counted: readonly { rule: R; hits: Hits }[],
  now: Instant,
): CounterVerdict<R> {
  let worst: CounterVerdict<R> = { ok: true };
  for (const { rule, hits } of counted) {
    const retryAfter = wait(rule, hits, now);
    if (retryAfter > 0 && (worst.ok || retryAfter > worst.retryAfter))
      worst = { ok: false, rule, retryAfter };
  }
  return worst;
}

function wait(rule: CounterRule, hits: Hits, now: Instant): number {
  let surplus = hits.reduce((sum, [, count]) => sum + count, 0) - rule.max + 1;
  for (const [start, count] of hits) {
    if (surplus <= 0) break;
    surplus -= count;
    if (surplus <= 0) return Math.max(1, Math.ceil((start + rule.slot - 1 + rule.window - now) / 1000));
  }
  // A rule whose maximum is zero never passes; the window is the honest thing to say.
  return surplus > 0 ? Math.ceil(rule.window / 1000) : 0;
}

function prune(rule: CounterRule, hits: Hits, now: Instant): Hits {
  return hits.filter(([start]) => start + rule.slot - 1 + rule.window > now).toSorted(([a], [b]) => a - b);
}

function add(rule: CounterRule, hits: Hits, now: Instant): Hits {
  const slot = now - (now % rule.slot);
  if (!hits.some(([start]) => start === slot)) return [...hits, [slot, 1]];
  return hits.map(([start, count]) => [start, start === slot ? count + 1 : count]);
}

function remove(rule: CounterRule, hits: Hits, now: Instant): Hits {
  const slot = now - (now % rule.slot);
  return hits
    .map(([start, count]): [Instant, number] => [start, start === slot ? count - 1 : count])
    .filter(([, count]) => count > 0);
}
