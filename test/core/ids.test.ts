import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import { randomDigits, systemRandom } from '../../src/core/random.ts';

describe('identifiers', () => {
  it('carry their kind, sort by time and do not repeat', () => {
    const clock = new ManualClock(1_800_000_000_000);
    const ids = createIds(clock, systemRandom);
    const made = Array.from({ length: 500 }, () => {
      clock.advance(1);
      return ids.next('acc');
    });
    expect(made[0]).toMatch(/^acc_[0-9a-hjkmnp-tv-z]{26}$/);
    expect([...made].sort()).toEqual(made);
  });

  it('sort as they were made while the clock stands or goes back, and repeat none', () => {
    const clock = new ManualClock(1_800_000_000_000);
    const ids = createIds(clock, systemRandom);
    const made = Array.from({ length: 1000 }, (_, at) => {
      if (at % 100 === 99) clock.set(1_800_000_000_000 - at);
      return ids.next('evt');
    });
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(1000);
  });

  it('codes keep their leading zeros', () => {
    expect(randomDigits({ bytes: systemRandom.bytes, int: () => 42 }, 6)).toBe('000042');
  });
});
