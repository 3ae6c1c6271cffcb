import { failed, ok, type Result } from '../core/result.ts';
import { loadView, retire, type Editor, type SaveFailure, type Saved } from './answers.ts';
import { isOnRecord } from './authority.ts';
import { editableStates } from './case-machine.ts';
import type { CaseAnswers, VerificationCase } from './case.ts';
import { recordConsent } from './consents.ts';
import type { VerificationDeps } from './dependencies.ts';
import { chinaDay } from './documents/calendar.ts';
import { imagesOutside, isAboutCompany, isAboutPerson, scopeNow } from './scope.ts';
import { isComplete, type CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';
import { advanceCase } from './transition.ts';

export type SubmitFailure =
  | SaveFailure
  /** A step is not done. */
  | 'incomplete'
  /** The document ran out while the case was being filled in; the person enters a valid one. */
  | 'document_expired';

export type Submission = {
  /** The official source that knows documents like this one, where there is one: the person is asked before it is. */
  officialSource(view: CaseView): { readonly comparesFaces: boolean } | undefined;
  /**
   * Hands a complete case over: company, status and the job that examines it, in one transaction. `askSource` answers the
   * question whether the official source may be asked; without a yes it is not, and a person may have to look.
   */
  submit(
    editor: Editor,
    askSource?: { readonly granted: boolean; readonly language: string },
  ): Promise<Result<Saved, SubmitFailure>>;
  /**
   * Median milliseconds from submission to decision of recent cases, of those decided by `by` alone where it is given;
   * undefined while there are too few to be honest.
   */
  reviewTime(by?: 'machine' | 'reviewer'): Promise<number | undefined>;
};

const RECENT = 50;
const ENOUGH = 5;

export function createSubmission<S extends VerificationStores>(deps: VerificationDeps<S>): Submission {
  const { stores, transact, clock, policy, authority, companies, recompute } = deps;

  const officialSource: Submission['officialSource'] = ({ case: { answers, scope } }) =>
    authority && isAboutPerson({ scope }) && answers.documentType && isOnRecord(answers.documentType)
      ? { comparesFaces: authority.comparesFaces }
      : undefined;

  return {
    officialSource,
    submit: ({ accountId, version }, askSource) =>
      transact(async (bound) => {
        const view = await loadView(bound, accountId);
        if (!view || !editableStates.includes(view.case.state)) return failed('closed');
        if (view.case.version !== version) return failed('stale');
        // Time alone may have ended what the case relied on.
        const scope = await scopeNow(deps, bound, { ...view.case, state: 'resubmission' });
        if (scope !== view.case.scope) {
          if (!(await bound.cases.update(view.case, { scope }))) return failed('stale');
          await recompute(bound, accountId);
          return failed('incomplete');
        }
        const answers = answersWithin(view.case);
        const { person, company } = answers;
        if (!isComplete(view)) return failed('incomplete');
        const now = clock.now();
        const expiresOn = person?.document.expiresOn;
        if (expiresOn !== undefined && expiresOn < chinaDay(now)) return failed('document_expired');

        const caseId = view.case.id;
        await retire(bound, caseId, imagesOutside(scope));
        const companyId = company && (await companies.apply(bound, { accountId, caseId, ...company }));
        const { authority: _, ...consents } = view.case.consents;
        const receipt =
          askSource &&
          officialSource(view) &&
          (await recordConsent(bound, accountId, { purpose: 'authority', ...askSource }));
        const submitted = await advanceCase(bound, view.case, {
          event: 'submit',
          by: 'person',
          change: {
            answers,
            ...(companyId ? { companyId } : {}),
            consents: receipt?.granted ? { ...consents, authority: receipt.id } : consents,
            redo: [],
            round: view.case.round + 1,
            submittedAt: now,
            expiresAt: now + policy.caseKept,
          },
        });
        if (!submitted) return failed('stale');
        await bound.jobs.enqueue({ kind: 'case.examine', payload: { caseId } });
        await recompute(bound, accountId);
        return ok({ view: (await loadView(bound, accountId)) as CaseView });
      }),
    async reviewTime(by) {
      const times = (await stores.cases.recentReviewTimes(RECENT, by)).sort((a, b) => a - b);
      return times.length < ENOUGH ? undefined : times[Math.floor(times.length / 2)];
    },
  };
}

/** What was answered about something else than the case is about is not handed over, and not kept. */
function answersWithin({ answers, scope }: VerificationCase): CaseAnswers {
  const { company, withoutSupporting, person, documentType } = answers;
  return {
    ...(isAboutCompany({ scope }) && company ? { company } : {}),
    ...(isAboutCompany({ scope }) && withoutSupporting ? { withoutSupporting } : {}),
    ...(isAboutPerson({ scope }) && documentType ? { documentType } : {}),
    ...(isAboutPerson({ scope }) && person ? { person } : {}),
    ...(answers.wanted ? { wanted: answers.wanted } : {}),
  };
}
