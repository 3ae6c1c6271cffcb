import Router from '@koa/router';
import type { Clock } from '../../../core/clock.ts';
import type { CaseId, StaffId } from '../../../core/ids.ts';
import type { QueuedCase, ReviewQueue, StaffAccounts } from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { mayStaff } from '../../../review/index.ts';
import { formatMoment } from '../../dates.ts';
import { caseIdOf, consoleFrame, formatAge, homeOf, shortId, staffNames } from './console.ts';

const notices = new Set([
  'password',
  'queue_empty',
  'held_by_other',
  'not_in_review',
  'too_many_claims',
  'released',
]);

/** The queue: what waits and since when, nothing about anybody; claiming, releasing, the next case. */
export function staffQueuePages(deps: {
  clock: Clock;
  queue: ReviewQueue;
  accounts: StaffAccounts;
  gate: StaffGate;
}): Router<State> {
  const { clock, queue, accounts, gate } = deps;
  const router = new Router<State>();

  router.get('/staff', gate.admit, async (ctx) => {
    const { staff } = staffOf(ctx);
    if (!mayStaff(staff.role, 'review')) return redirect(ctx, homeOf(staff));
    const { cases, waiting, claimed } = await queue.list();
    const nameOf = await staffNames(accounts);
    const asked = ctx.query['notice'];
    ctx.state.render('staff-queue', {
      ...consoleFrame(ctx, 'queue'),
      waiting,
      claimed,
      notice: typeof asked === 'string' && notices.has(asked) ? asked : undefined,
      rows: cases.map((queued) => toRow(ctx, queued, staff.id, nameOf, clock.now())),
    });
  });

  router.post('/staff/next', gate.admit, async (ctx) => {
    const { except } = fieldsOf(ctx);
    const result = await queue.claimNext(staffOf(ctx).staff.id, except as CaseId | undefined);
    redirect(ctx, result.ok ? `/staff/cases/${result.claim.caseId}` : `/staff?notice=${result.reason}`);
  });

  router.post('/staff/cases/:id/claim', gate.admit, async (ctx) => {
    const caseId = caseIdOf(ctx);
    const result = await queue.claim(caseId, staffOf(ctx).staff.id);
    redirect(ctx, result.ok ? `/staff/cases/${caseId}` : `/staff?notice=${result.reason}`);
  });

  router.post('/staff/cases/:id/release', gate.admit, async (ctx) => {
    await queue.release(caseIdOf(ctx), staffOf(ctx).staff.id);
    redirect(ctx, '/staff?notice=released');
  });

  return router;
}

function toRow(
  ctx: Context,
  { caseId, submittedAt, round, claim }: QueuedCase,
  self: StaffId,
  nameOf: (id: StaffId) => string,
  now: number,
) {
  const { t, lang } = ctx.state;
  return {
    caseId,
    short: shortId(caseId),
    age: formatAge(t, now - submittedAt),
    submitted: formatMoment(lang, submittedAt),
    submittedIso: new Date(submittedAt).toISOString(),
    round,
    holder: claim && nameOf(claim.staffId),
    isOwn: claim?.staffId === self,
    minutesLeft: claim && Math.max(1, Math.ceil((claim.expiresAt - now) / 60_000)),
  };
}
