import type { Instant } from '../core/clock.ts';
import type { AccountId, StaffId } from '../core/ids.ts';
import type { HoldReason } from './hold-reasons.ts';

/** Something about a recruiter is examined; until it is lifted they recruit for nobody. One an account at most. */
export type Hold = {
  readonly accountId: AccountId;
  readonly reason: HoldReason;
  readonly setBy: StaffId;
  readonly setAt: Instant;
  /** For staff only. */
  readonly note: string | undefined;
  /** What the person objects, once; undefined while they did not. */
  readonly appeal:
    | {
        /** Undefined once the data key of the account was destroyed. */
        readonly text: string | undefined;
        readonly at: Instant;
        /** When somebody else decided that the hold stays; undefined while nobody did. */
        readonly refusedAt: Instant | undefined;
      }
    | undefined;
};

export type HoldStore = {
  find(accountId: AccountId): Promise<Hold | undefined>;
  /** False when the account is held already. */
  set(hold: Omit<Hold, 'appeal'> & { note: string }): Promise<boolean>;
  /** False when the account is not held. */
  lift(accountId: AccountId): Promise<boolean>;
  /** False when the account is not held, or the person objected before. */
  appeal(accountId: AccountId, text: string, now: Instant): Promise<boolean>;
  /** Lifts the hold because of the objection; false when there is no open one. */
  grant(accountId: AccountId): Promise<boolean>;
  /** Leaves the hold as it is; false when there is no open objection. */
  refuse(accountId: AccountId, by: StaffId, now: Instant): Promise<boolean>;
  /** Open objections, the oldest first. */
  listAppeals(limit: number): Promise<Pick<Hold, 'accountId' | 'reason' | 'setBy' | 'setAt'>[]>;
};
