import type { CaseEntry, CaseView } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { whereTo, type VerifyDependencies } from './journey.ts';
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

/** Everything the status page shows: where it stands, why, what is next and what can be done now. */
export async function statusPage(ctx: Context, view: CaseView, dependencies: VerifyDependencies) {
  const { verification, contact, findApp } = dependencies;
  const { state, accountId, origin, decision } = view.case;
  const waiting = state === 'submitted' || state === 'in_review';
  const typical = waiting ? await verification.reviewTime() : undefined;
  const app = origin && (await findApp(origin.interaction, accountId));
  const history = await verification.history(view.case.id);
  return {
    state,
    tone: tones[state],
    timeline: [...history.map((entry) => toItem(ctx, entry)), ...upcoming(ctx, state, typical)],
    reasons: sayReasons(ctx, grounds(state, history)),
    message: ['resubmission', 'rejected', 'approved'].includes(state) ? decision?.message : undefined,
    continueHref: state === 'open' || state === 'resubmission' ? whereTo(view) : undefined,
    mayStartAgain: ['approved', 'rejected', 'withdrawn', 'revoked'].includes(state),
    mayStop: state !== 'withdrawn' && state !== 'revoked',
    backTo: app && { name: app.name, href: `/interaction/${origin.interaction}/continue` },
    contact,
  };
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
  if (state !== 'submitted' && state !== 'in_review') return [];
  const body =
    typical === undefined
      ? t('verify.next.review_time_unknown')
      : t('verify.next.review_time', { time: sayDuration(ctx, typical) });
  return [
    { title: t('verify.next.review'), body, by: t('verify.by.reviewer'), state: 'current' },
    { title: t('verify.next.result'), body: t('verify.next.result_body'), state: 'next' },
  ];
}
