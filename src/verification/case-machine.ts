import type { Machine } from '../core/machine.ts';

/**
 * `open`: being filled in. `submitted`: handed over, the machine's checks run. `in_review`: a person looks.
 * `resubmission`: named steps are asked for again. `approved` can end by revocation (by us) or withdrawal (by the person).
 * Only a person rejects; whoever was rejected can object once, and another person looks.
 */
export type CaseState =
  'open' | 'submitted' | 'in_review' | 'resubmission' | 'approved' | 'rejected' | 'withdrawn' | 'revoked';

export type CaseEvent =
  'submit' | 'refer' | 'approve' | 'ask_again' | 'reject' | 'appeal' | 'withdraw' | 'expire' | 'revoke';

export const caseMachine = {
  initial: 'open',
  states: {
    open: { submit: 'submitted', withdraw: 'withdrawn', expire: 'withdrawn' },
    submitted: {
      approve: 'approved',
      ask_again: 'resubmission',
      refer: 'in_review',
      withdraw: 'withdrawn',
    },
    in_review: {
      approve: 'approved',
      ask_again: 'resubmission',
      reject: 'rejected',
      withdraw: 'withdrawn',
    },
    resubmission: { submit: 'submitted', withdraw: 'withdrawn', expire: 'withdrawn' },
    approved: { revoke: 'revoked', withdraw: 'withdrawn' },
    rejected: { appeal: 'in_review', withdraw: 'withdrawn' },
    withdrawn: {},
    revoked: {},
  },
} as const satisfies Machine<CaseState, CaseEvent>;

/** States in which the person can change answers. */
export const editableStates: readonly CaseState[] = ['open', 'resubmission'];

/** States of a case that is under way; an account has one such case at most. */
export const liveStates: readonly CaseState[] = ['open', 'submitted', 'in_review', 'resubmission'];
