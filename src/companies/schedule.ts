import type { Instant } from '../core/clock.ts';
import type { CompanyState, MembershipState } from './company.ts';
import type { CompanyPolicy } from './policy.ts';

/** What only time changes about something that lapses, and when it is looked at next; pure. */
export type Schedule = {
  readonly state: 'standing' | 'due' | 'lapsed';
  /** Reminders that should have been sent by now. */
  readonly reminders: number;
  /** Undefined: time alone changes nothing any more. */
  readonly nextChangeAt: Instant | undefined;
};

/** Where a company or a membership that lapses at `end` stands at `now`. */
export function scheduleOf(
  end: Instant | undefined,
  now: Instant,
  { dueBefore, remindBefore }: Pick<CompanyPolicy, 'dueBefore' | 'remindBefore'>,
): Schedule {
  if (end === undefined) return { state: 'standing', reminders: 0, nextChangeAt: undefined };
  if (now >= end) return { state: 'lapsed', reminders: remindBefore.length, nextChangeAt: undefined };
  const moments = [end - dueBefore, ...remindBefore.map((before) => end - before), end];
  return {
    state: now >= end - dueBefore ? 'due' : 'standing',
    reminders: remindBefore.filter((before) => now >= end - before).length,
    nextChangeAt: Math.min(...moments.filter((moment) => moment > now)),
  };
}

/** The event that time causes, where it causes one. */
export function timelyEvent(
  state: CompanyState | MembershipState,
  scheduled: Schedule['state'],
): 'fall_due' | 'lapse' | undefined {
  const stands = state === 'verified' || state === 'active';
  if (scheduled === 'lapsed') return stands || state === 'due' ? 'lapse' : undefined;
  return scheduled === 'due' && stands ? 'fall_due' : undefined;
}
