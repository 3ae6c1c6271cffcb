import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { CaseId, StaffId } from '../../../core/ids.ts';
import type {
  CaseDesk,
  Decision,
  DeskFailure,
  OpenedCase,
  ReviewDecisions,
  ReviewQueue,
  Shown,
  StaffAccounts,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { maySeeHistory } from './case-record.ts';
import { caseView } from './case-view.ts';
import { caseIdOf, consoleFrame, isCaseId, shortId, staffNames } from './console.ts';
import { decisionLine } from './record-lines.ts';
import {
  isRevealReason,
  readDecision,
  shownBefore,
  typedDecision,
  type ReadDecision,
} from './decision-form.ts';

type Deps = {
  clock: Clock;
  queue: ReviewQueue;
  desk: CaseDesk;
  decisions: ReviewDecisions;
  accounts: StaffAccounts;
  gate: StaffGate;
};

type Extra = { errors?: readonly object[]; notice?: string; status?: number };
type RouteContext = Context & { params: Record<string, string> };

/** A case: its evidence for the one who holds it, and the decision. */
export function staffCasePages({ clock, queue, desk, decisions, accounts, gate }: Deps): Router<State> {
  const router = new Router<State>();

  async function renderCase(ctx: Context, opened: OpenedCase, shown: Shown, extra: Extra): Promise<void> {
    const nameOf = await staffNames(accounts);
    const view = caseView(opened, { ctx, clock, nameOf, masked: shown.masked });
    const { errors, notice } = extra;
    const after = await lastDone(ctx);
    const data = { ...consoleFrame(ctx, 'case'), ...view, errors, notice, after, values: typedDecision(ctx) };
    ctx.state.render('staff-case', data, extra.status ?? 200);
  }

  /** The case with `shown`, or why it cannot be seen. */
  async function showCase(ctx: RouteContext, shown: Shown, extra: Extra = {}): Promise<void> {
    const caseId = caseIdOf(ctx);
    const result = await desk.open(caseId, staffOf(ctx).staff.id, shown);
    if (result.ok) return renderCase(ctx, result.opened, shown, extra);
    if (result.reason !== 'pictures_first') return renderUnavailable(ctx, caseId, result.reason);
    const errors = [{ field: '', message: 'review.error.pictures_first' }];
    return showCase(ctx, { ...shown, opinions: false }, { ...extra, errors, status: 409 });
  }

  /** A case that cannot be shown: who has it or what became of it, and whatever was typed, ready to be copied. */
  async function renderUnavailable(ctx: Context, caseId: CaseId, reason: DeskFailure): Promise<void> {
    if (reason === 'not_found') throw new AppError('not_found');
    const values = typedDecision(ctx);
    const nameOf = await staffNames(accounts);
    const history = await desk.history(caseId);
    const standing = history?.decisions.at(-1);
    const isPost = ctx.method === 'POST';
    ctx.state.render(
      'staff-case-unavailable',
      {
        ...consoleFrame(ctx, 'case'),
        caseId,
        short: shortId(caseId),
        reason,
        standing: reason === 'closed' && standing ? decisionLine(ctx, standing, nameOf) : undefined,
        canSeeHistory: history !== undefined && maySeeHistory(ctx, history),
        typed: ['message', 'note'].flatMap((name) => (values[name] ? [{ name, text: values[name] }] : [])),
      },
      isPost ? 409 : 200,
    );
  }

  /** What this person did before they were taken to this case. */
  async function lastDone(ctx: Context) {
    const asked = ctx.method === 'GET' ? ctx.query['after'] : undefined;
    if (!isCaseId(asked)) return undefined;
    const { id: staffId } = staffOf(ctx).staff;
    const history = await desk.history(asked);
    const decision = history?.decisions.findLast((one) => one.staffId === staffId);
    const waits = history?.waitingFor.includes(staffId);
    if (!waits && !decision) return undefined;
    const { t } = ctx.state;
    const title = waits ? t('review.after.waits_title') : decision && t(`review.decided.${decision.kind}`);
    return { title, short: shortId(asked), href: `/staff/cases/${asked}/decided` };
  }

  router.get('/staff/cases/:id', gate.admit, (ctx) => showCase(ctx, {}));

  router.post('/staff/cases/:id/opinions', gate.admit, (ctx) =>
    showCase(ctx, { ...shownBefore(ctx), opinions: true }),
  );

  router.post('/staff/cases/:id/reveal', gate.admit, async (ctx) => {
    const { reveal_reason: masked } = fieldsOf(ctx);
    if (isRevealReason(masked)) return showCase(ctx, { ...shownBefore(ctx), masked });
    const errors = [{ field: 'reveal_reason', message: 'review.error.reveal_reason_missing' }];
    return showCase(ctx, shownBefore(ctx), { errors, status: 422 });
  });

  router.post('/staff/cases/:id/decide', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const { id: staffId } = staffOf(ctx).staff;
    const showAgain = (extra: Extra) => showCase(ctx, shownBefore(ctx), extra);
    const form = readDecision(ctx);
    if (!form.ok) return showAgain({ errors: form.errors, status: 422 });
    const result = await ('agreement' in form
      ? decisions.agree({ caseId, staffId, ...form.agreement })
      : decisions.decide({ caseId, staffId, ...form.decision }));
    if (result.ok) return goOn(ctx, caseId, staffId);
    // The same form once more, by a second click or from a second tab: what was wanted has happened.
    if (result.reason === 'own_opinion' || isSameDecision(result.standing, staffId, form)) {
      return redirect(ctx, `/staff/cases/${caseId}/decided`);
    }
    if (result.reason === 'claim_expired') {
      const again = await queue.claim(caseId, staffId);
      return showAgain({ ...(again.ok ? { notice: 'claim_renewed' } : {}), status: 409 });
    }
    if (result.reason === 'changed') return showAgain({ notice: 'changed', status: 409 });
    const errors = [{ field: '', message: `review.error.decide_${result.reason}` }];
    return showAgain({ errors, status: 409 });
  });

  /** Straight to the next case, where that was asked for and there is one. */
  async function goOn(ctx: Context, caseId: CaseId, staffId: StaffId): Promise<void> {
    const next = fieldsOf(ctx)['then'] === 'next' ? await queue.claimNext(staffId) : undefined;
    redirect(
      ctx,
      next?.ok ? `/staff/cases/${next.claim.caseId}?after=${caseId}` : `/staff/cases/${caseId}/decided`,
    );
  }

  return router;
}

function isSameDecision(
  standing: Decision | undefined,
  staffId: StaffId,
  form: ReadDecision & { ok: true },
): boolean {
  if (standing?.staffId !== staffId) return false;
  return 'agreement' in form ? standing.firstStaffId !== undefined : standing.kind === form.decision.decision;
}
