import type { Instant } from '../core/clock.ts';
import type { CaseId } from '../core/ids.ts';

/** What was asked of a source about a case; its answer, where there is one, stands beside it. */
export type SourceCheck = {
  readonly reference: string;
  readonly caseId: CaseId;
  readonly round: number;
  readonly source: string;
  readonly attempts: number;
  readonly askedAt: Instant;
  /** Absent until the source answered, or nobody waits for it any longer. */
  readonly outcome: string | undefined;
};

/** Checks of one kind (official source, registry); one a case and round. */
export type SourceCheckStore<Check extends SourceCheck, Answer> = {
  /**
   * Takes the check of a case and round for asking until `leaseUntil`; `mine` is false when it was answered already or
   * another process is asking. One reference a case and round, so that asking again after a crash is the same question.
   */
  begin(
    check: Pick<SourceCheck, 'caseId' | 'round' | 'source'>,
    now: Instant,
    leaseUntil: Instant,
  ): Promise<{ readonly check: Check; readonly mine: boolean }>;
  /** Records the answer; false when there is one: the first stands. */
  answer(reference: string, answer: Answer, now: Instant): Promise<boolean>;
  /** Gives the check back, to be asked again later. */
  release(reference: string): Promise<void>;
  /** The check of the newest round. */
  ofCase(caseId: CaseId): Promise<Check | undefined>;
};
