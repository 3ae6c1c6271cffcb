import { expect, it } from 'vitest';
import { createLimits, limitRules, type PhoneNumber } from '../../src/accounts/index.ts';
import { days, hours, minutes, seconds } from '../../src/core/clock.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const number = (last: number) => `+8613${String(last).padStart(9, '0')}` as PhoneNumber;

describeDatabases('limits', (open, dialect) => {
  const limits = createLimits(limitRules({ dailyBudget: 5000, sharedFactor: 1 }), 'CN');
  const send = (database: TestDatabase, phone: PhoneNumber, ip = '10.0.0.1', rules = limits) =>
    database.transact((stores) => rules.take(stores.limits, 'send', { phone, ip }, database.clock.now()));

  it('allow one message a minute to a number, and say truthfully when the next', async () => {
    const database = await open();
    expect((await send(database, number(1))).ok).toBe(true);
    database.clock.advance(seconds(18) + 1);
    const refused = await send(database, number(1), '10.0.0.2');
    expect(refused).toMatchObject({
      ok: false,
      retryAfter: 42,
      rule: { scope: 'number', window: minutes(1) },
    });
    database.clock.advance(seconds(42) - 2);
    expect((await send(database, number(1))).ok).toBe(false);
    database.clock.advance(1);
    expect((await send(database, number(1))).ok).toBe(true);
  });

  it('allow five an hour and ten a day to a number, in any hour and any day', async () => {
    const database = await open();
    const sent: number[] = [];
    for (let step = 0; step < 26 * 12; step++) {
      if ((await send(database, number(2), `10.1.${step % 250}.1`)).ok) sent.push(database.clock.now());
      database.clock.advance(minutes(5));
    }
    const within = (window: number) =>
      Math.max(...sent.map((start) => sent.filter((at) => at >= start && at < start + window).length));
    expect([within(hours(1)), within(days(1))]).toEqual([5, 10]);
    expect(sent.length).toBe(20);
  });

  it.each([
    ['one address', 20, () => '10.2.0.1', (at: number) => number(at * 100_000)],
    ['one network', 100, (at: number) => `10.3.0.${at % 200}`, (at: number) => number(at * 100_000)],
    [
      'one IPv6 subscriber',
      20,
      (at: number) => `2001:db8:1:2::${at.toString(16)}`,
      (at: number) => number(at * 100_000),
    ],
    [
      'one IPv6 network',
      100,
      (at: number) => `2001:db8:1:${at.toString(16)}::1`,
      (at: number) => number(at * 100_000),
    ],
    ['neighbouring numbers', 30, (at: number) => `10.${at}.0.1`, (at: number) => number(77_000_000 + at)],
  ])('hold for %s: %i an hour', async (_name, max, ip, phone) => {
    const database = await open();
    let passed = 0;
    for (let at = 1; at <= max + 5; at++) if ((await send(database, phone(at), ip(at))).ok) passed++;
    expect(passed).toBe(max);
  });

  it('hold for the daily budget and for numbers from abroad', async () => {
    const database = await open();
    const poor = createLimits(limitRules({ dailyBudget: 20, sharedFactor: 1 }), 'CN');
    const abroad = (at: number) => `+8525123${4000 + at}` as PhoneNumber;
    let foreign = 0;
    for (let at = 1; at <= 5; at++)
      if ((await send(database, abroad(at), `10.${at}.0.1`, poor)).ok) foreign++;
    expect(foreign).toBe(2);
    let total = foreign;
    for (let at = 1; at <= 60; at++) {
      database.clock.advance(minutes(20));
      if ((await send(database, number(at * 100_000), `10.${at}.1.1`, poor)).ok) total++;
    }
    expect(total).toBe(20);
  });

  it('count nothing when any rule refuses', async () => {
    const database = await open();
    await send(database, number(5));
    for (let at = 0; at < 30; at++) expect((await send(database, number(5), '10.9.0.1')).ok).toBe(false);
    expect((await send(database, number(6), '10.9.0.1')).ok).toBe(true);
  });

  it('hold across processes and restarts, also when all ask at once', async () => {
    const one = await open();
    const two = await open({ same: one });
    // Two connections of one process would wait for each other on SQLite; the processes of a journey do not.
    const ways = dialect === 'postgres' ? [one, two] : [one];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => send(ways[at % ways.length] ?? one, number(7), `10.${at}.7.1`)),
    );
    expect((await send(two, number(7), '10.98.0.1')).ok).toBe(false);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const three = await open({ same: one });
    expect((await send(three, number(7), '10.99.0.1')).ok).toBe(false);
  });

  it('roll back with what they guard', async () => {
    const database = await open();
    await expect(
      database.transact(async (stores) => {
        await limits.take(stores.limits, 'send', { phone: number(8), ip: '10.8.0.1' }, database.clock.now());
        throw new Error('the message could not be stored');
      }),
    ).rejects.toThrow();
    expect((await send(database, number(8))).ok).toBe(true);
  });

  it('give back an attempt that succeeded', async () => {
    const database = await open();
    const subject = { phone: number(9), ip: '10.8.0.2' };
    for (let at = 0; at < 30; at++) {
      const now = database.clock.now();
      const taken = await database.transact((stores) => limits.take(stores.limits, 'code', subject, now));
      expect(taken.ok).toBe(true);
      await database.transact((stores) => limits.giveBack(stores.limits, 'code', subject, now));
    }
  });

  it('store neither number nor address, and are purged when they have run out', async () => {
    const database = await open();
    await send(database, number(10), '10.66.77.88');
    const rows = await database.connection.knex('limits');
    expect(rows.length).toBeGreaterThan(8);
    expect(JSON.stringify(rows)).not.toMatch(/10\.66\.77|0000010/);
    expect(await database.stores.limits.purge(database.clock.now() + days(2), 100)).toBe(rows.length);
  });
});
