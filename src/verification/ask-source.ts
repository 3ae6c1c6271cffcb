import { minutes } from '../core/clock.ts';
import type { VerificationCase } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import type { SourceCheck, SourceCheckStore } from './source-check.ts';
import type { VerificationStores } from './stores.ts';

/** Longer than any adapter waits for its source. */
const LEASE = minutes(2);

/** `retryable` is there where the source is unavailable. */
type Answered = { readonly outcome: string; readonly retryable?: boolean };

/**
 * Asks a source about a case, once a round. The question is recorded before it is asked and its answer before it counts,
 * so that after a crash the same question is put again under the same reference and the first answer stands.
 * `pending`: nobody answered yet, or another process is asking.
 */
export async function askSource<
  S extends VerificationStores,
  Check extends SourceCheck,
  Answer extends Answered,
>(
  { clock, policy }: Pick<VerificationDeps<S>, 'clock' | 'policy'>,
  checks: SourceCheckStore<Check, Answer>,
  { id: caseId, round }: Pick<VerificationCase, 'id' | 'round'>,
  source: string,
  ask: (reference: string) => Promise<Answer>,
): Promise<Check | 'pending'> {
  const now = clock.now();
  const { check, mine } = await checks.begin({ caseId, round, source }, now, now + LEASE);
  if (check.outcome) return check;
  if (!mine) return 'pending';
  const answer = await ask(check.reference);
  const waited = clock.now() - check.askedAt;
  if (answer.outcome === 'unavailable' && answer.retryable && waited < policy.authorityPatience) {
    await checks.release(check.reference);
    return 'pending';
  }
  await checks.answer(check.reference, answer, clock.now());
  return (await checks.ofCase(caseId)) ?? 'pending';
}
