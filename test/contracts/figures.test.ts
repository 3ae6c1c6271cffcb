import { beforeAll, expect, it } from 'vitest';
import { days, hours, minutes } from '../../src/core/clock.ts';
import { createDashboard, type Dashboard } from '../../src/review/dashboard.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

describeDatabases('the figures of the dashboard', (open, dialect) => {
  let database: TestDatabase;
  let dashboard: Dashboard;
  let made = 0;

  beforeAll(async () => {
    database = await open();
    dashboard = createDashboard({ clock: database.clock, figures: database.stores.figures });
  });

  /** A case as the stores leave it: only what the figures read. */
  async function addCase(over: {
    route?: string;
    state?: string;
    ago: number;
    took?: number;
    by?: string;
    what?: string;
  }) {
    const { route = 'face', ago, took, by, what = 'approve', state = 'approved' } = over;
    const now = database.clock.now();
    const opened = await database.stores.cases.open(`acc_${(made += 1)}` as never, now + days(999));
    if (!opened) throw new Error('the account has a case');
    const decidedAt = took === undefined ? null : now - ago;
    const decision = { decision: what, reasons: [], decidedAt, ...(by === undefined ? {} : { staffId: by }) };
    await database.connection
      .knex('verification_cases')
      .where({ id: opened.id })
      .update({
        route,
        state,
        submitted_at: now - ago - (took ?? 0),
        decided_at: decidedAt,
        decision: decidedAt === null ? null : JSON.stringify(decision),
      });
    return opened.id;
  }

  const decide = (caseId: string, kind: string, staffId: string, ago: number, reasons: string[]) =>
    database.connection.knex('review_decisions').insert({
      id: `dec_${(made += 1)}`,
      case_id: caseId,
      staff_id: staffId,
      kind,
      reasons: JSON.stringify(reasons.map((reason) => ({ reason }))),
      occurred_at: database.clock.now() - ago,
      expires_at: database.clock.now() + days(999),
    });

  it('are nothing, and no error, while there is nothing', async () => {
    const figures = await dashboard.figures(7);
    expect(figures).toMatchObject({ decided: 0, byMachine: 0, reasons: [], agreement: { total: 0 } });
    expect(figures.backlog).toEqual({ counts: [0, 0, 0, 0, 0], oldest: undefined });
    expect(figures.routes.face).toEqual({ decided: 0, approved: 0, median: undefined, p90: undefined });
    expect(figures.days).toHaveLength(7);
  });

  it('count what waits, by age', async () => {
    for (const ago of [minutes(5), minutes(50), hours(2), hours(30), days(4), days(50)]) {
      await addCase({ state: 'in_review', ago });
    }
    const { backlog } = await dashboard.figures(7);
    expect(backlog.counts).toEqual([2, 1, 0, 1, 2]);
    expect(database.clock.now() - (backlog.oldest ?? 0)).toBe(days(50));
  });

  it('compare the routes by share and time, and say what the machine decided', async () => {
    for (let n = 1; n <= 10; n++)
      await addCase({ ago: hours(1), took: minutes(n), what: n > 8 ? 'reject' : 'approve' });
    for (let n = 1; n <= 4; n++) {
      await addCase({ route: 'hand_held', ago: hours(2), took: hours(n), by: 'stf_1' });
    }
    await addCase({ ago: days(20), took: hours(100) });
    const { routes, decided, byMachine } = await dashboard.figures(7);
    expect(routes.face).toEqual({ decided: 10, approved: 8, median: minutes(5), p90: minutes(9) });
    expect(routes.hand_held).toEqual({ decided: 4, approved: 4, median: hours(2), p90: hours(4) });
    expect([decided, byMachine]).toEqual([14, 10]);
    expect((await dashboard.figures(30)).decided).toBe(15);
  });

  it('add up days in China to the same number', async () => {
    const { days: perDay, decided } = await dashboard.figures(30);
    const total = perDay.reduce((sum, { approve, resubmit, reject }) => sum + approve + resubmit + reject, 0);
    expect(total).toBe(decided);
    expect(perDay.at(-21)).toMatchObject({ approve: 1 });
  });

  it('count reasons, and opinions that the next decision followed', async () => {
    const caseId = await addCase({ ago: hours(1), took: hours(1), what: 'reject', by: 'stf_2' });
    const other = await addCase({ ago: hours(1), took: hours(1), by: 'stf_2' });
    const opinion = (about: string, kind: string, ago: number) =>
      database.connection.knex('review_opinions').insert({
        id: `opn_${(made += 1)}`,
        case_id: about,
        account_id: 'acc_x',
        staff_id: 'stf_1',
        case_version: made,
        kind,
        cause: 'final_rejection',
        reasons: '[]',
        policy_version: '1',
        occurred_at: database.clock.now() - ago,
        expires_at: database.clock.now() + days(999),
      });
    await opinion(caseId, 'reject', hours(3));
    await decide(caseId, 'reject', 'stf_2', hours(2), ['document_altered', 'company_not_eligible']);
    await opinion(other, 'reject', hours(3));
    await decide(other, 'resubmit', 'stf_2', hours(2), ['image_unreadable']);
    await decide(other, 'approve', 'stf_2', hours(1), ['evidence_consistent']);
    await decide(other, 'resubmit', 'stf_2', days(40), ['image_unreadable']);
    const { reasons, agreement } = await dashboard.figures(7);
    expect(reasons).toHaveLength(3);
    expect(reasons).toContainEqual({ outcome: 'resubmit', reason: 'image_unreadable', count: 1 });
    expect(agreement).toEqual({ agreed: 1, total: 2 });
  });

  if (dialect === 'sqlite')
    it('read along an index, never the whole table', async () => {
      const { knex } = database.connection;
      const asked: string[] = [];
      const note = ({ sql, bindings }: { sql: string; bindings: unknown[] }) =>
        void asked.push(knex.raw(sql, bindings as never).toQuery());
      knex.on('query', note);
      await dashboard.figures(30);
      knex.off('query', note);
      expect(asked.length).toBeGreaterThan(8);
      for (const sql of asked) {
        const plan = await knex.raw<{ detail: string }[]>(`explain query plan ${sql}`);
        expect(
          plan.map(({ detail }) => detail).filter((line) => /^SCAN (?!\()/.test(line)),
          sql,
        ).toEqual([]);
      }
    });
});
