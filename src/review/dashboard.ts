import { chinaOffset, days, hours, type Clock, type Instant } from '../core/clock.ts';
import type { HolderRoute } from '../verification/index.ts';
import type { ReasonCode } from './reasons.ts';

export type Outcome = 'approve' | 'resubmit' | 'reject';

/** Cases that were decided in a period, counted. A case counts once, with its newest decision. */
export type DecidedCount = {
  readonly route: HolderRoute | undefined;
  readonly outcome: Outcome;
  readonly byMachine: boolean;
  readonly count: number;
};

type Span = { readonly from: Instant; readonly to: Instant };

/** Aggregates only, each bounded in time and read along an index. */
export type FigureStore = {
  /** Cases that wait for a person, by age: how many are younger than each limit (ascending), and the rest. */
  backlog(
    now: Instant,
    limits: readonly number[],
  ): Promise<{ counts: number[]; oldest: Instant | undefined }>;
  decided(span: Span): Promise<DecidedCount[]>;
  /** The time from submission to decision (ms) that the share `quantile` of a route's cases did not exceed. */
  timeToVerdict(span: Span, route: HolderRoute, quantile: number, count: number): Promise<number | undefined>;
  /** `day`: days since 1970 in China. */
  perDay(span: Span): Promise<{ day: number; outcome: Outcome; count: number }[]>;
  /** Reasons that reviewers gave, most frequent first. */
  reasons(span: Span): Promise<{ outcome: Outcome; reason: ReasonCode; count: number }[]>;
  /** Opinions of a first reviewer that the decision after them followed, of all that were followed by one. */
  agreement(span: Span): Promise<{ agreed: number; total: number }>;
};

export type RouteFigures = {
  readonly decided: number;
  readonly approved: number;
  readonly median: number | undefined;
  readonly p90: number | undefined;
};

export type Figures = {
  readonly backlog: { readonly counts: readonly number[]; readonly oldest: Instant | undefined };
  readonly decided: number;
  readonly byMachine: number;
  readonly routes: Readonly<Record<HolderRoute, RouteFigures>>;
  readonly days: readonly ({ readonly day: number } & Readonly<Record<Outcome, number>>)[];
  readonly reasons: Awaited<ReturnType<FigureStore['reasons']>>;
  readonly agreement: { readonly agreed: number; readonly total: number };
};

export const dashboardPeriods = [7, 30, 90] as const;

/** Ages by which the backlog is cut: under an hour, four hours, a day, three days, and older. */
export const backlogLimits: readonly number[] = [hours(1), hours(4), days(1), days(3)];

const shownReasons = 12;
const dayOf = (at: Instant) => Math.floor((at + chinaOffset) / days(1));

export type Dashboard = {
  /** Figures of the last `count` days in China, today included. */
  figures(count: (typeof dashboardPeriods)[number]): Promise<Figures>;
};

export function createDashboard({
  clock,
  figures: store,
}: {
  clock: Clock;
  figures: FigureStore;
}): Dashboard {
  return {
    async figures(count) {
      const now = clock.now();
      const today = dayOf(now);
      const span = { from: (today - count + 1) * days(1) - chinaOffset, to: now + 1 };
      const decided = await store.decided(span);
      const sum = (wanted: (one: DecidedCount) => boolean) =>
        decided.filter(wanted).reduce((total, one) => total + one.count, 0);
      const route = async (name: HolderRoute): Promise<RouteFigures> => {
        const total = sum((one) => one.route === name);
        return {
          decided: total,
          approved: sum((one) => one.route === name && one.outcome === 'approve'),
          median: await store.timeToVerdict(span, name, 0.5, total),
          p90: await store.timeToVerdict(span, name, 0.9, total),
        };
      };
      const perDay = await store.perDay(span);
      const on = (day: number, outcome: Outcome) =>
        perDay.find((one) => one.day === day && one.outcome === outcome)?.count ?? 0;
      return {
        backlog: await store.backlog(now, backlogLimits),
        decided: sum(() => true),
        byMachine: sum(({ byMachine }) => byMachine),
        routes: { face: await route('face'), hand_held: await route('hand_held') },
        days: Array.from({ length: count }, (_, i) => {
          const day = today - count + 1 + i;
          const [approve, resubmit, reject] = [on(day, 'approve'), on(day, 'resubmit'), on(day, 'reject')];
          return { day, approve, resubmit, reject };
        }),
        reasons: (await store.reasons(span)).slice(0, shownReasons),
        agreement: await store.agreement(span),
      };
    },
  };
}
