import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import {
  mayStaff,
  type CaseDesk,
  type CaseHistory,
  type ReviewQueue,
  type StaffAccounts,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { staffOf, type StaffGate } from '../../staff-session.ts';
import { caseIdOf, consoleFrame, shortId, staffNames } from './console.ts';
import { decisionLine, opinionLine, viewLine } from './record-lines.ts';

type Deps = { queue: ReviewQueue; desk: CaseDesk; accounts: StaffAccounts; gate: StaffGate };

/** What was done with a case: right after deciding it, and later. */
export function staffRecordPages({ queue, desk, accounts, gate }: Deps): Router<State> {
  const router = new Router<State>();

  router.get('/staff/cases/:id/decided', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const { id: staffId } = staffOf(ctx).staff;
    const history = await desk.history(caseId);
    const waitsForAnother = history?.waitingFor.includes(staffId) ?? false;
    const decision = history?.decisions.findLast((one) => one.staffId === staffId);
    if (!history || (!decision && !waitsForAnother)) throw new AppError('not_found');
    const { waiting } = await queue.list(staffId);
    ctx.state.render('staff-decided', {
      ...consoleFrame(ctx, 'case'),
      caseId,
      short: shortId(caseId),
      waiting,
      waitsForAnother,
      decision: waitsForAnother
        ? undefined
        : decision && decisionLine(ctx, decision, await staffNames(accounts)),
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
      opinions: history.opinions.map((opinion) => opinionLine(ctx, opinion, nameOf)),
      waiting: history.waitingFor.length,
      views: history.views.map((view) => viewLine(view, ctx, nameOf)),
    });
  });

  return router;
}

/** Who oversees, and whoever took part in the decision, may read the record of a case. */
export function maySeeHistory(ctx: Context, { decisions, opinions, waitingFor }: CaseHistory): boolean {
  const { staff } = staffOf(ctx);
  const tookPart = [...decisions, ...opinions].map(({ staffId }) => staffId);
  return mayStaff(staff.role, 'oversee') || [...tookPart, ...waitingFor].includes(staff.id);
}
