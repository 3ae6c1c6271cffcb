import { days } from '../core/clock.ts';

export type CompanyPolicy = {
  /** Milliseconds after which a verified company lapses unless it was verified again. */
  readonly recheckAfter: number;
  /** Milliseconds before that in which it is due. */
  readonly dueBefore: number;
  /** Milliseconds before it lapses at which administrators are reminded, the first one first. */
  readonly remindBefore: readonly number[];
  /** Milliseconds before a membership with an end lapses in which it is due. */
  readonly memberDueBefore: number;
};

/** Every six months, by the operators' practice that rules.md section 3 quotes; due two weeks before. */
export const defaultCompanyPolicy: CompanyPolicy = {
  recheckAfter: days(180),
  dueBefore: days(14),
  remindBefore: [days(14), days(7), days(1)],
  memberDueBefore: days(14),
};
