import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultCompanyPolicy as policy } from '../../src/companies/index.ts';
import { scheduleOf } from '../../src/companies/schedule.ts';
import { days } from '../../src/core/clock.ts';

const end = days(1000);

it.each([
  [end - days(30), 'standing', 0, end - days(14)],
  [end - days(14), 'due', 1, end - days(7)],
  [end - days(7), 'due', 2, end - days(1)],
  [end - days(1), 'due', 3, end],
  [end, 'lapsed', 3, undefined],
])('at %d of what lapses at day 1000: %s, %d reminders', (now, state, reminders, nextChangeAt) => {
  expect(scheduleOf(end, now, policy)).toEqual({ state, reminders, nextChangeAt });
});

it('never changes what has no end', () => {
  const never = { state: 'standing', reminders: 0, nextChangeAt: undefined };
  expect(scheduleOf(undefined, end, policy)).toEqual(never);
});

it('changes nothing before the instant it names, and something at it', () => {
  const instant = fc.integer({ min: 0, max: days(1001) });
  fc.assert(
    fc.property(instant, instant, (now, later) => {
      const here = scheduleOf(end, now, policy);
      if (here.nextChangeAt === undefined || later < now) return;
      const there = scheduleOf(end, later, policy);
      const same = there.state === here.state && there.reminders === here.reminders;
      expect(same).toBe(later < here.nextChangeAt);
    }),
  );
});
