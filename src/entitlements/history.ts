import { canonicalJson, type Json } from '../core/canonical-json.ts';
import { days, type Instant } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { Facts } from './facts.ts';
import type { EntitlementStore } from './store.ts';

/** How long facts are kept after they ended, in milliseconds: as long as the events and decisions that they explain. */
export const factsKept: number = days(3 * 366);

/**
 * Keeps the facts a status was derived from, when they are others than before. A clock that went back does not make
 * the record run backwards: the snapshot in force is corrected instead.
 */
export async function keepFacts(
  store: Pick<EntitlementStore, 'snapshot' | 'writeSnapshot'>,
  facts: Facts,
  now: Instant,
): Promise<void> {
  const before = await store.snapshot(facts.accountId);
  const kept = recorded(facts, before?.facts);
  if (before && textOf(recorded(before.facts)) === textOf(kept)) return;
  await store.writeSnapshot(kept, Math.max(now, before?.validFrom ?? now));
}

/** The facts as they were at `at`; undefined when nothing was kept of that time. */
export async function factsAt(
  store: Pick<EntitlementStore, 'snapshotsUntil'>,
  accountId: AccountId,
  at: Instant,
): Promise<Facts | undefined> {
  const [snapshot] = await store.snapshotsUntil(accountId, at, 1);
  return snapshot && (snapshot.validUntil === null || at < snapshot.validUntil) ? snapshot.facts : undefined;
}

/** Memberships in a fixed order, and the number proven when it was first: proving it again changes nothing. */
function recorded(facts: Facts, before: Facts = facts): Facts {
  const { account, memberships } = facts;
  const again = account.phoneVerifiedAt !== null && before.account.phoneVerifiedAt !== null;
  return {
    ...facts,
    account: again ? { ...account, phoneVerifiedAt: before.account.phoneVerifiedAt } : account,
    memberships: [...memberships].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function textOf(facts: Facts): string {
  return canonicalJson(JSON.parse(JSON.stringify(facts)) as Json);
}
