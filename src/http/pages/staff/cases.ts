import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { CaseId } from '../../../core/ids.ts';
import {
  mayStaff,
  revealReasons,
  type CaseDesk,
  type CaseHistory,
  type Decision,
  type DeskFailure,
  type OpenedCase,
  type ReviewDecisions,
  type ReviewQueue,
  type RevealReason,
  type StaffAccounts,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { caseView, viewLine } from './case-view.ts';
import { formatMoment } from '../../dates.ts';
import { caseIdOf, consoleFrame, shortId, staffNames } from './console.ts';
import { readDecision, typedDecision } from './decision-form.ts';

type Deps = {
  clock: Clock;
  queue: ReviewQueue;
  desk: CaseDesk;
  decisions: ReviewDecisions;
  accounts: StaffAccounts;
  gate: StaffGate;
};

type Extra = { errors?: readonly object[]; notice?: string; isRevealed?: boolean; status?: number };

/** A case: its evidence for the one who holds it, the decision, and the record of both. */
export function staffCasePages({ clock, queue, desk, decisions, accounts, gate }: Deps): Router<State> {
  const router = new Router<State>();

  async function renderCase(ctx: Context, opened: OpenedCase, extra: Extra = {}): Promise<void> {
    const nameOf = await staffNames(accounts);
    const view = caseView(opened, { ctx, clock, nameOf, isRevealed: extra.isRevealed ?? false });
    const { errors, notice } = extra;
    const data = { ...consoleFrame(ctx, 'case'), ...view, errors, notice, values: typedDecision(ctx) };
    ctx.state.render('staff-case', data, extra.status ?? 200);
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

  router.get('/staff/cases/:id', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const result = await desk.open(caseId, staffOf(ctx).staff.id);
    return result.ok ? renderCase(ctx, result.opened) : renderUnavailable(ctx, caseId, result.reason);
  });

  router.post('/staff/cases/:id/reveal', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const { id: staffId } = staffOf(ctx).staff;
    const { reveal_reason: reason } = fieldsOf(ctx);
    if (!isRevealReason(reason)) {
      const opened = await desk.open(caseId, staffId);
      if (!opened.ok) return renderUnavailable(ctx, caseId, opened.reason);
      const errors = [{ field: 'reveal_reason', message: 'review.error.reveal_reason_missing' }];
      return renderCase(ctx, opened.opened, { errors, status: 422 });
    }
    const result = await desk.reveal(caseId, staffId, reason);
    if (!result.ok) return renderUnavailable(ctx, caseId, result.reason);
    return renderCase(ctx, result.opened, { isRevealed: true });
  });

  router.post('/staff/cases/:id/decide', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const { id: staffId } = staffOf(ctx).staff;
    const form = readDecision(ctx);
    const showAgain = async (extra: Extra): Promise<void> => {
      const opened = await desk.open(caseId, staffId);
      return opened.ok
        ? renderCase(ctx, opened.opened, extra)
        : renderUnavailable(ctx, caseId, opened.reason);
    };
    if (!form.ok) return showAgain({ errors: form.errors, status: 422 });
    const result = await decisions.decide({ caseId, staffId, ...form.decision });
    if (result.ok) return redirect(ctx, `/staff/cases/${caseId}/decided`);
    if (
      result.reason === 'not_in_review' &&
      isSameDecision(result.standing, staffId, form.decision.decision)
    ) {
      return redirect(ctx, `/staff/cases/${caseId}/decided`);
    }
    if (result.reason === 'claim_expired') {
      const again = await queue.claim(caseId, staffId);
      if (again.ok) return showAgain({ notice: 'claim_renewed', status: 409 });
      return showAgain({ status: 409 });
    }
    if (result.reason === 'changed') return showAgain({ notice: 'changed', status: 409 });
    const errors = [{ field: '', message: `review.error.decide_${result.reason}` }];
    return showAgain({ errors, status: 409 });
  });

  router.get('/staff/cases/:id/decided', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const history = await desk.history(caseId);
    const decision = history?.decisions.findLast((one) => one.staffId === staffOf(ctx).staff.id);
    if (!history || !decision) throw new AppError('not_found');
    const { waiting } = await queue.list();
    ctx.state.render('staff-decided', {
      ...consoleFrame(ctx, 'case'),
      caseId,
      short: shortId(caseId),
      waiting,
      decision: decisionLine(ctx, decision, await staffNames(accounts)),
    });
  });

  router.get('/staff/cases/:id/history', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const history = await desk.history(caseId);
    if (!history) throw new AppError('not_found');
    const isHolder = await queue.isHeldBy(caseId, staffOf(ctx).staff.id);
    if (!isHolder && !maySeeHistory(ctx, history)) throw new AppError('forbidden');
    const nameOf = await staffNames(accounts);
    const { t, lang } = ctx.state;
    ctx.state.render('staff-history', {
      ...consoleFrame(ctx, 'case'),
      caseId,
      short: shortId(caseId),
      accountId: history.evidence.case.accountId,
      state: t(`review.state.${history.evidence.case.state}`),
      entries: history.evidence.history.map((entry) => ({
        title: t(`review.event.${entry.event}`),
        at: formatMoment(lang, entry.at),
        atIso: new Date(entry.at).toISOString(),
        by: t(`review.actor.${entry.by}`),
      })),
      decisions: history.decisions.map((decision) => decisionLine(ctx, decision, nameOf)),
      views: history.views.map((view) => viewLine(view, ctx, nameOf)),
    });
  });

  return router;
}

/** Who oversees, and whoever took part in the decision, may read the record of a case. */
function maySeeHistory(ctx: Context, history: CaseHistory): boolean {
  const { staff } = staffOf(ctx);
  return mayStaff(staff.role, 'oversee') || history.decisions.some(({ staffId }) => staffId === staff.id);
}

function decisionLine(ctx: Context, decision: Decision, nameOf: (id: Decision['staffId']) => string) {
  const { t, lang } = ctx.state;
  return {
    kind: decision.kind,
    title: t(`review.decided.${decision.kind}`),
    by: nameOf(decision.staffId),
    at: formatMoment(lang, decision.occurredAt),
    reasons: decision.reasons.map(({ reason, step }) => ({
      step: step && t(`review.step.${step}`),
      text: t(`review.reason.${reason}.staff`),
      toPerson: t(`review.reason.${reason}.person`),
    })),
    message: decision.message,
    note: decision.note,
  };
}

function isRevealReason(reason: string | undefined): reason is RevealReason {
  return (revealReasons as readonly (string | undefined)[]).includes(reason);
}

/** A second click, or the same form sent from a second tab: what was wanted has happened. */
function isSameDecision(
  standing: Decision | undefined,
  staffId: Decision['staffId'],
  kind: Decision['kind'],
): boolean {
  return standing?.staffId === staffId && standing.kind === kind;
}
