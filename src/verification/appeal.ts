import { failed, ok, type Result } from '../core/result.ts';
import type { AccountId } from '../core/ids.ts';
import { loadView, type Saved } from './answers.ts';
import type { VerificationDeps } from './dependencies.ts';
import { personalImages } from './image-categories.ts';
import { isAboutPerson } from './scope.ts';
import type { CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';
import { advanceCase } from './transition.ts';

/** Longest text of an objection, in characters. */
export const LONGEST_APPEAL = 2000;

export type Appeals = {
  /** Whether the rejected case can be objected to now: once, and while its pictures are still there. */
  mayAppeal(view: CaseView): boolean;
  /** The person objects to a rejection: another reviewer looks. `text` says why. */
  appeal(accountId: AccountId, text: string): Promise<Result<Saved, 'closed' | 'empty' | 'too_long'>>;
};

export function createAppeals<S extends VerificationStores>({
  transact,
  clock,
  policy,
  companies,
  recompute,
}: VerificationDeps<S>): Appeals {
  const mayAppeal = ({ case: { state, appeal, decision, scope }, images }: CaseView): boolean => {
    if (state !== 'rejected' || appeal !== undefined) return false;
    if (isAboutPerson({ scope })) return images.some(({ kind }) => personalImages.includes(kind));
    // The licence is kept for longer; who objects has the same time.
    return (decision?.decidedAt ?? 0) + policy.personImagesKept > clock.now();
  };

  return {
    mayAppeal,
    async appeal(accountId, text) {
      const grounds = text.trim();
      if (grounds === '') return failed('empty');
      if ([...grounds].length > LONGEST_APPEAL) return failed('too_long');
      return transact(async (bound) => {
        const view = await loadView(bound, accountId);
        if (!view || !mayAppeal(view)) return failed('closed');
        const { id: caseId, answers } = view.case;
        const moved = await advanceCase(bound, view.case, {
          event: 'appeal',
          by: 'person',
          change: { appeal: grounds },
        });
        if (!moved) return failed('closed');
        await bound.images.scheduleDestruction(caseId, personalImages, undefined);
        if (answers.company) await companies.apply(bound, { accountId, caseId, ...answers.company });
        await recompute(bound, accountId);
        return ok({ view: (await loadView(bound, accountId)) as CaseView });
      });
    },
  };
}
