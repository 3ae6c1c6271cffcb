import { describe, expect, it } from 'vitest';
import { advance, reachable, toMermaid, type Machine } from '../../src/core/machine.ts';

const door = {
  initial: 'shut',
  states: { shut: { open: 'ajar' }, ajar: { close: 'shut', break: 'broken' }, broken: {}, walled: {} },
} as const satisfies Machine<'shut' | 'ajar' | 'broken' | 'walled', 'open' | 'close' | 'break'>;

describe('state machines', () => {
  it('advance where the table allows it, and nowhere else', () => {
    expect(advance<string, string>(door, 'shut', 'open')).toBe('ajar');
    expect(advance<string, string>(door, 'shut', 'break')).toBeUndefined();
    expect(advance<string, string>(door, 'broken', 'open')).toBeUndefined();
  });

  it('know which states can be reached', () => {
    expect([...reachable<string, string>(door)].sort()).toEqual(['ajar', 'broken', 'shut']);
  });

  it('draw themselves', () => {
    expect(toMermaid<string, string>(door)).toContain('ajar --> broken: break');
    expect(toMermaid<string, string>(door)).toContain('broken --> [*]');
  });
});
