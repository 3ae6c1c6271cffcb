import Router from '@koa/router';
import { z } from 'zod';
import type { Clock } from '../../../core/clock.ts';
import type { StaffId } from '../../../core/ids.ts';
import {
  mayStaff,
  queueKinds,
  type QueuedCase,
  type ReviewQueue,
  type StaffAccounts,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { formatMoment } from '../../dates.ts';
import { caseIdOf, consoleFrame, formatAge, homeOf, isCaseId, shortId, staffNames } from './console.ts';

const notices = new Set([
  'password',
  'queue_empty',
  'held_by_other',
  'not_in_review',
  'too_many_claims',
  'released',
  'conflict_of_interest',
  'own_opinion',
  'took_part',
]);

const filterForm = z.object({
  kind: z.enum(queueKinds).optional().catch(undefined),
  route: z.enum(['face', 'hand_held']).optional().catch(undefined),
});

/** The queue: what waits, since when and why, nothing about anybody; claiming, releasing, the next case. */
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
    const filter = filterForm.parse(ctx.query);
    const { cases, waiting, claimed } = await queue.list(staff.id, filter);
    const { t } = ctx.state;
    const nameOf = await staffNames(accounts);
    const asked = ctx.query['notice'];
    ctx.state.render('staff-queue', {
      ...consoleFrame(ctx, 'queue'),
      waiting,
      claimed,
      values: filter,
      isFiltered: filter.kind !== undefined || filter.route !== undefined,
      kinds: queueKinds.map((kind) => [kind, t(`review.queue.kind_${kind}`)]),
      routes: ['face', 'hand_held'].map((route) => [route, t(`review.route.${route}`)]),
      notice: typeof asked === 'string' && notices.has(asked) ? asked : undefined,
      rows: cases.map((queued) => toRow(ctx, queued, staff.id, nameOf, clock.now())),
    });
  });

  router.post('/staff/next', gate.admit, async (ctx) => {
    const { except } = fieldsOf(ctx);
    const result = await queue.claimNext(staffOf(ctx).staff.id, isCaseId(except) ? except : undefined);
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
  { caseId, submittedAt, round, route, referredFor, isAppeal, opinions, bar, claim }: QueuedCase,
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
    isAppeal,
    look: opinions === 0 ? undefined : t(opinions === 1 ? 'review.queue.second' : 'review.queue.third'),
    route: route && t(`review.route.${route}`),
    referredFor: referredFor.map((code) => t(`review.finding.${code}`)),
    bar: bar && t(`review.queue.bar_${bar}`),
    holder: claim && nameOf(claim.staffId),
    isOwn: claim?.staffId === self,
    minutesLeft: claim && Math.max(1, Math.ceil((claim.expiresAt - now) / 60_000)),
  };
}
