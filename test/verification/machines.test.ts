import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { companyMachine, membershipMachine } from '../../src/companies/index.ts';
import { advance, reachable, type Machine } from '../../src/core/machine.ts';
import { caseMachine, editableStates, liveStates, type CaseState } from '../../src/verification/index.ts';

const machines: readonly [string, Machine<string, string>][] = [
  ['case', caseMachine],
  ['company', companyMachine],
  ['membership', { ...membershipMachine }],
];

describe.each(machines)('the %s machine', (_name, machine) => {
  it('can reach every state', () => {
    expect([...reachable(machine)].sort()).toEqual(Object.keys(machine.states).sort());
  });

  it('leads to states that exist', () => {
    const states = Object.keys(machine.states);
    for (const events of Object.values(machine.states)) {
      for (const next of Object.values(events)) expect(states).toContain(next);
    }
  });
});

const events = ['submit', 'refer', 'approve', 'ask_again', 'reject', 'withdraw', 'expire', 'revoke'] as const;

/** The states a case passes through under a row of events; what the machine does not allow changes nothing. */
function walk(row: readonly (typeof events)[number][]): CaseState[] {
  const states: CaseState[] = ['open'];
  for (const event of row) {
    const next = advance<CaseState, (typeof events)[number]>(caseMachine, states.at(-1) as CaseState, event);
    if (next) states.push(next);
  }
  return states;
}

describe('a case, whatever happens to it', () => {
  const anything = fc.array(fc.constantFrom(...events), { maxLength: 30 });

  it('is approved only after a submission, by the machine or a reviewer', () => {
    fc.assert(
      fc.property(anything, (row) => {
        const states = walk(row);
        const approved = states.indexOf('approved');
        if (approved < 0) return;
        expect(states.slice(0, approved)).toContain('submitted');
        expect(['submitted', 'in_review']).toContain(states[approved - 1]);
      }),
    );
  });

  it('never leaves the end, and is never revoked without having been approved', () => {
    fc.assert(
      fc.property(anything, (row) => {
        const states = walk(row);
        for (const end of ['withdrawn', 'revoked'] as const) {
          const at = states.indexOf(end);
          if (at >= 0) expect(at).toBe(states.length - 1);
        }
        if (states.includes('revoked')) expect(states).toContain('approved');
      }),
    );
  });

  it('is rejected by a reviewer only, never by the machine', () => {
    expect(caseMachine.states.submitted).not.toHaveProperty('reject');
    expect(caseMachine.states.in_review.reject).toBe('rejected');
  });

  it('can be withdrawn as long as it is live', () => {
    for (const state of liveStates) expect(advance(caseMachine, state, 'withdraw')).toBe('withdrawn');
  });

  it('is live wherever it can be edited', () => {
    expect(editableStates.every((state) => liveStates.includes(state))).toBe(true);
  });
});
