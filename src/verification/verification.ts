import { createAnswers, type Answers } from './answers.ts';
import { createAppeals, type Appeals } from './appeal.ts';
import { createClosing, type Closing } from './closing.ts';
import { createConcerns, type Concerns } from './concerns.ts';
import { createDecisions } from './decisions.ts';
import type { VerificationDeps } from './dependencies.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import { createExamination, type Examination } from './examination.ts';
import { createExaminer } from './examiner.ts';
import type { CaseReview } from './review.ts';
import { createScoping, type Scoping } from './scope.ts';
import type { VerificationStores } from './stores.ts';
import { createSubmission, type Submission } from './submission.ts';

export type Verification<S> = Answers &
  Evidence &
  Submission &
  Examination &
  Closing &
  Appeals &
  Concerns &
  Scoping<S> &
  CaseReview<S>;

/** Everything verification can do, made once by app.ts. */
export function createVerification<S extends VerificationStores>(deps: VerificationDeps<S>): Verification<S> {
  const examiner = createExaminer(deps);
  const evidence = createEvidence(deps, examiner);
  const decisions = createDecisions(deps);
  return {
    ...createAnswers(deps),
    ...evidence,
    ...createSubmission(deps),
    ...createExamination(deps, examiner, decisions),
    ...createClosing(deps, evidence),
    ...createAppeals(deps),
    ...createConcerns(deps),
    ...createScoping(deps),
    ...decisions,
  };
}
