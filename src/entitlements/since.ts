import type { Instant } from '../core/clock.ts';
import { deriveRecruiter } from './derive.ts';
import type { RecruiterPolicy } from './policy.ts';
import type { Reason } from './reasons.ts';
import type { FactsSnapshot } from './store.ts';

/**
 * Since when a reason that is open at `at` is open without a break: the instant at which a fact or time alone opened it,
 * or the beginning of the record. `history` is what was kept until then, the newest first; undefined where it is empty.
 */
export function openSince(
  reason: Reason,
  history: readonly FactsSnapshot[],
  at: Instant,
  policy: RecruiterPolicy,
): Instant | undefined {
  let since: Instant | undefined;
  let until = at;
  for (const { facts, validFrom } of history) {
    for (const instant of changesOf({ facts, validFrom }, until, policy)) {
      if (!deriveRecruiter(facts, instant, policy).reasons.includes(reason)) return since;
      since = instant;
    }
    until = validFrom - 1;
  }
  return since;
}

/** The instants from `validFrom` to `until` at which these facts say something else, the latest first. */
function changesOf(
  { facts, validFrom }: Pick<FactsSnapshot, 'facts' | 'validFrom'>,
  until: Instant,
  policy: RecruiterPolicy,
): Instant[] {
  const instants: Instant[] = [];
  let next: Instant | null = validFrom;
  while (next !== null && next <= until) {
    instants.push(next);
    next = deriveRecruiter(facts, next, policy).recheckAt;
  }
  return instants.reverse();
}
