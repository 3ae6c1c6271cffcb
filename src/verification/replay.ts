import type { Instant } from '../core/clock.ts';
import type { CaseId } from '../core/ids.ts';
import { judge, type Verdict } from './judge.ts';
import type { VerificationPolicy } from './policy.ts';
import { partsOf } from './scope.ts';
import type { CaseStore } from './stores.ts';

/** A past case under another policy. */
export type Replayed = {
  readonly caseId: CaseId;
  readonly before: Verdict;
  readonly after: Verdict;
};

const BATCH = 200;

/**
 * Judges the cases submitted since `since` again, from the findings that were stored, oldest first. Changes nothing, and
 * looks at nothing personal.
 */
export async function* replay(
  cases: Pick<CaseStore, 'listJudged'>,
  policy: VerificationPolicy,
  since: Instant,
): AsyncGenerator<Replayed> {
  let after: CaseId | undefined;
  for (;;) {
    const judged = await cases.listJudged(since, after, BATCH);
    for (const { id, round, scope, findings, verdict } of judged) {
      after = id;
      if (!verdict) continue;
      const resubmissionsLeft = Math.max(0, policy.resubmissionsPerCase - Math.max(0, round - 1));
      const again = judge(findings, {
        ...policy.judgement,
        version: policy.version,
        parts: partsOf(scope),
        resubmissionsLeft,
      });
      yield { caseId: id, before: verdict, after: again };
    }
    if (judged.length < BATCH) return;
  }
}
