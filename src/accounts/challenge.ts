import { minutes, type Instant } from '../core/clock.ts';
import type { ChallengeId } from '../core/ids.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import type { Limits } from './limits.ts';
import type { PhoneNumber } from './phone.ts';
import type { AccountStores, ChallengeStore } from './store.ts';

/** One-time codes have six digits, and these rules (rules.md section 4). */
export const CODE_LENGTH = 6;
export const CODE_LIFETIME: number = minutes(10);
/** Wrong tries per code; across codes the limits table counts per number. */
export const CODE_ATTEMPTS = 5;

/** What a code may be used for. A code for one purpose is worthless for another. */
export type ChallengePurpose = 'sign_in' | 'change_number' | 'company_email';

/** A challenge as stored; the code itself is known only as a keyed hash. */
export type Challenge = {
  readonly id: ChallengeId;
  readonly purpose: ChallengePurpose;
  /** Who may answer it: the uid of the sign-in, or of the change, that asked for it. */
  readonly context: string;
  readonly attempts: number;
  readonly expiresAt: Instant;
  readonly consumedAt: Instant | undefined;
};

export type ChallengeProblem =
  Failed<'wrong', { attemptsLeft: number }> | Failed<'expired'> | Failed<'used'> | Failed<'exhausted'>;

export type CodeProblem = ChallengeProblem | Failed<'locked', { retryAfter: number }>;

export type CodeVerdict = Ok<object> | CodeProblem;

export type ChallengeAnswer = {
  readonly id: ChallengeId;
  readonly purpose: ChallengePurpose;
  readonly context: string;
  readonly code: string;
};

export type CodeAttempt = ChallengeAnswer & { readonly phone: PhoneNumber; readonly ip: string };

/**
 * Judges one attempt at a code. Runs inside the caller's transaction, which must commit whatever the answer is: the
 * attempt is counted first, on the number and on the code, so that parallel guesses cannot outrun the counters.
 */
export async function judgeCode(
  stores: Pick<AccountStores, 'challenges' | 'limits'>,
  limits: Limits,
  attempt: CodeAttempt,
  now: Instant,
): Promise<CodeVerdict> {
  const { phone, ip } = attempt;
  const allowance = await limits.take(stores.limits, 'code', { phone, ip }, now);
  if (!allowance.ok) return failed('locked', { retryAfter: allowance.retryAfter });
  const verdict = await answerChallenge(stores.challenges, attempt, now);
  if (!verdict.ok) return verdict;
  await limits.giveBack(stores.limits, 'code', { phone, ip }, now);
  return ok();
}

/**
 * Compares an answer with one code and uses the code up; the limits across codes are the caller's. Must be committed
 * whatever the answer is, for the same reason.
 */
export async function answerChallenge(
  challenges: ChallengeStore,
  { id, purpose, context, code }: ChallengeAnswer,
  now: Instant,
): Promise<Ok<object> | ChallengeProblem> {
  const counted = await challenges.countAttempt(id, CODE_ATTEMPTS);
  const challenge = await challenges.find(id);
  if (!challenge || challenge.purpose !== purpose || challenge.context !== context) return failed('expired');
  if (challenge.consumedAt !== undefined) return failed('used');
  if (challenge.expiresAt <= now) return failed('expired');
  if (!counted) return failed('exhausted');
  if (!(await challenges.matches(id, code))) {
    const attemptsLeft = CODE_ATTEMPTS - challenge.attempts;
    return attemptsLeft > 0 ? failed('wrong', { attemptsLeft }) : failed('exhausted');
  }
  if (!(await challenges.consume(id, now))) return failed('used');
  return ok();
}

/** What was typed as a code, without the spaces and dashes people add; full-width digits become digits. */
export function normaliseCode(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '');
}

export function isCode(text: string): boolean {
  return /^\d{6}$/.test(text);
}
