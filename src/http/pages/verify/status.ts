import { LONGEST_APPEAL, type CaseEntry, type CaseView } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { wayBack, whereTo, type VerifyDependencies } from './journey.ts';
import { sayDuration, sayMoment, sayReasons } from './wording.ts';

/** Tone of the tag beside the title. */
const tones = {
  open: 'info',
  submitted: 'info',
  in_review: 'info',
  resubmission: 'warning',
  approved: 'success',
  rejected: 'danger',
  withdrawn: 'neutral',
  revoked: 'danger',
} as const;

/** Seconds after which a browser without script looks again. */
const REFRESH = 5;

/** Everything the status page shows: where it stands, why, what is next and what can be done now. */
export async function statusPage(ctx: Context, view: CaseView, dependencies: VerifyDependencies) {
  const { verification, contact, findApp } = dependencies;
  const { state, scope, accountId, answers, decision, appeal } = view.case;
  const typical = state === 'in_review' ? await verification.reviewTime('reviewer') : undefined;
  const history = await verification.history(view.case.id);
  const hold = await dependencies.hold(accountId);
  const rejected = history.findLast(({ event }) => event === 'reject');
  return {
    state,
    tone: tones[state],
    lead: hold && state === 'approved' ? 'held' : leadOf(view.case),
    // Whoever is verified may have a further company, or only themself, looked at.
    mayChoose: state === 'approved',
    subject: scope,
    company: answers.company?.name,
    timeline: [...history.map((entry) => toItem(ctx, entry)), ...upcoming(ctx, state, typical)],
    reasons: sayReasons(ctx, grounds(state, history)),
    message: ['resubmission', 'rejected', 'approved'].includes(state) ? decision?.message : undefined,
    continueHref: state === 'open' || state === 'resubmission' ? whereTo(view) : undefined,
    knownElsewhere: verification.knownElsewhere(view.case) && state !== 'approved',
    mayAppeal: verification.mayAppeal(view),
    appealed: rejected !== undefined && appeal !== undefined,
    longestAppeal: LONGEST_APPEAL,
    mayStartAgain: ['approved', 'rejected', 'withdrawn', 'revoked'].includes(state),
    mayStop: state !== 'withdrawn' && state !== 'revoked',
    hold,
    backTo: await wayBack(view.case, findApp),
    contact,
    // While the machine looks, the page follows by itself.
    refresh: state === 'submitted' ? REFRESH : undefined,
  };
}

function leadOf({ state, scope, appeal }: CaseView['case']): string {
  if (state === 'in_review' && appeal !== undefined) return 'in_review_again';
  return state === 'approved' && scope !== 'person_and_company' ? `approved_${scope}` : state;
}

/** What the present state rests on, where it is one that has to be explained. */
function grounds(state: CaseView['case']['state'], history: readonly CaseEntry[]): CaseEntry['reasons'] {
  const explained = ['resubmission', 'rejected', 'revoked'].includes(state);
  return explained ? (history.findLast((entry) => entry.state === state)?.reasons ?? []) : [];
}

function toItem(ctx: Context, { event, by, at, reasons }: CaseEntry) {
  const { t } = ctx.state;
  const attention = event === 'ask_again' || event === 'reject' || event === 'revoke';
  const named = reasons.map(({ reason }) => reason).filter((reason) => event !== 'approve' && reason !== '');
  return {
    title: t(`verify.event.${event}`),
    at: sayMoment(ctx, at),
    atIso: new Date(at).toISOString(),
    by: t(`verify.by.${by}`),
    body: named.map((reason) => t(`review.reason.${reason}.person`)).join(' '),
    state: attention ? 'attention' : 'done',
  };
}

/** What has not happened yet, with the time it takes where that is known from real cases. */
function upcoming(ctx: Context, state: CaseView['case']['state'], typical: number | undefined) {
  const { t } = ctx.state;
  if (state === 'open') return [{ title: t('verify.next.finish'), state: 'current' }];
  if (state === 'resubmission') return [{ title: t('verify.next.redo'), state: 'current' }];
  const result = { title: t('verify.next.result'), body: t('verify.next.result_body'), state: 'next' };
  if (state === 'submitted') {
    const body = t('verify.next.machine_body');
    return [{ title: t('verify.next.machine'), body, by: t('verify.by.machine'), state: 'current' }, result];
  }
  if (state !== 'in_review') return [];
  const body =
    typical === undefined
      ? t('verify.next.review_time_unknown')
      : t('verify.next.review_time', { time: sayDuration(ctx, typical) });
  return [{ title: t('verify.next.review'), body, by: t('verify.by.reviewer'), state: 'current' }, result];
}
