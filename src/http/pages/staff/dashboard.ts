import Router from '@koa/router';
import type { Clock } from '../../../core/clock.ts';
import { dashboardPeriods, type Dashboard, type Figures } from '../../../review/index.ts';
import { days } from '../../../core/clock.ts';
import type { Context, State } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import type { StaffGate } from '../../staff-session.ts';
import { consoleFrame, formatAge } from './console.ts';

/** Figures of the last days: what waits, how long a verdict takes on either route, who decides, and why not. */
export function staffDashboardPages(deps: {
  clock: Clock;
  dashboard: Dashboard;
  gate: StaffGate;
}): Router<State> {
  const { clock, dashboard, gate } = deps;
  const router = new Router<State>();

  router.get('/staff/dashboard', gate.admit, async (ctx) => {
    const asked = Number(ctx.query['days']);
    const period = dashboardPeriods.find((one) => one === asked) ?? 30;
    const figures = await dashboard.figures(period);
    ctx.state.render('staff-dashboard', {
      ...consoleFrame(ctx, 'dashboard'),
      period,
      periods: dashboardPeriods,
      ...dashboardView(ctx, figures, clock.now()),
    });
  });

  return router;
}

const ages = ['hour', 'four_hours', 'day', 'three_days', 'older'] as const;
const routes = ['face', 'hand_held'] as const;

/** Texts and lengths of bars; a share of nothing is not a number but a dash. */
export function dashboardView(ctx: Context, figures: Figures, now: number) {
  const { t, lang } = ctx.state;
  const waiting = figures.backlog.counts.reduce((sum, count) => sum + count, 0);
  const { agreed, total } = figures.agreement;
  const time = (ms: number | undefined) => (ms === undefined ? '–' : formatAge(t, ms));
  return {
    isEmpty: figures.decided === 0 && waiting === 0,
    tiles: [
      { key: 'waiting', value: String(waiting) },
      {
        key: 'oldest',
        value: time(figures.backlog.oldest === undefined ? undefined : now - figures.backlog.oldest),
      },
      { key: 'by_machine', value: share(figures.byMachine, figures.decided) },
      { key: 'agreement', value: share(agreed, total), of: total },
    ],
    backlog: withBars(
      ages.map((age, i) => ({
        label: t(`staff.dashboard.age_${age}`),
        count: figures.backlog.counts[i] ?? 0,
      })),
    ),
    routes: routes.map((name) => {
      const { decided, approved, median, p90 } = figures.routes[name];
      return {
        label: t(`review.route.${name}`),
        decided,
        passRate: share(approved, decided),
        width: decided === 0 ? 0 : (approved / decided) * 100,
        median: time(median),
        p90: time(p90),
      };
    }),
    reasons: withBars(
      figures.reasons.map(({ outcome, reason, count }) => ({
        label: t(`review.reason.${reason}.staff`),
        kind: t(`review.decided.${outcome}`),
        count,
      })),
    ),
    days: columns(figures.days).map((day) => ({ ...day, label: formatDay(lang, day.day * days(1)) })),
  };
}

/** Percent without decimals. */
function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;
}

/** `width`: percent of the longest bar. */
function withBars<T extends { count: number }>(rows: readonly T[]): (T & { width: number })[] {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return rows.map((row) => ({ ...row, width: (row.count / most) * 100 }));
}

const outcomes = ['approve', 'resubmit', 'reject'] as const;

/** Stacks of a chart 100 high, the tallest day filling it. */
function columns(perDay: Figures['days']) {
  const most = Math.max(1, ...perDay.map((day) => day.approve + day.resubmit + day.reject));
  return perDay.map((day) => {
    let top = 100;
    const parts = outcomes.map((outcome) => {
      const height = (day[outcome] / most) * 100;
      top -= height;
      return { outcome, y: top.toFixed(2), height: height.toFixed(2) };
    });
    return { ...day, parts };
  });
}
