import { days, minutes } from '../core/clock.ts';

export type CompanyPolicy = {
  /** Milliseconds after which a verified company lapses unless it was verified again. */
  readonly recheckAfter: number;
  /** Milliseconds before that in which it is due. */
  readonly dueBefore: number;
  /** Milliseconds before it lapses at which administrators are reminded, the first one first. */
  readonly remindBefore: readonly number[];
  /** Milliseconds before a membership with an end lapses in which it is due. */
  readonly memberDueBefore: number;
  /** Milliseconds from now that the end of a membership may lie ahead. */
  readonly memberLongest: number;
  /** How many companies somebody may ask to join at a time. */
  readonly openRequests: number;
  /** Milliseconds before a company may be asked again, after it refused somebody or they withdrew. */
  readonly askAgainAfter: { readonly refused: number; readonly withdrawn: number };
  /** Milliseconds for which an invitation may be accepted. */
  readonly invitationLifetime: number;
  /** How many invitations of a company may be open at a time. */
  readonly openInvitations: number;
};

/** Every six months, by the operators' practice that rules.md section 3 quotes; due two weeks before. */
export const defaultCompanyPolicy: CompanyPolicy = {
  recheckAfter: days(180),
  dueBefore: days(14),
  remindBefore: [days(14), days(7), days(1)],
  memberDueBefore: days(14),
  memberLongest: days(3653),
  openRequests: 3,
  askAgainAfter: { refused: days(1), withdrawn: minutes(10) },
  invitationLifetime: days(7),
  openInvitations: 20,
};
