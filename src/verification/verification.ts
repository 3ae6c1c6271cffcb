import { createAnswers, type Answers } from './answers.ts';
import { createClosing, type Closing } from './closing.ts';
import { createDecisions } from './decisions.ts';
import type { VerificationDeps } from './dependencies.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import type { CaseReview } from './review.ts';
import type { VerificationStores } from './stores.ts';
import { createSubmission, type Submission } from './submission.ts';

export type Verification<S> = Answers & Evidence & Submission & Closing & CaseReview<S>;

/** Everything verification can do, made once by app.ts. */
export function createVerification<S extends VerificationStores>(deps: VerificationDeps<S>): Verification<S> {
  const evidence = createEvidence(deps);
  return {
    ...createAnswers(deps),
    ...evidence,
    ...createSubmission(deps),
    ...createClosing(deps, evidence),
    ...createDecisions(deps),
  };
}
