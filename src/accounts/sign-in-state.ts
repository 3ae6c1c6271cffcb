import { minutes, type Instant } from '../core/clock.ts';
import type { AccountId, ChallengeId, MessageId } from '../core/ids.ts';
import type { PhoneNumber } from './phone.ts';
import type { Acceptance } from './policies.ts';

/** How the person proved who they are: a code by text message, or the password (RFC 8176 values). */
export type SignInMethod = 'sms' | 'pwd';

/**
 * Everything a sign-in has reached so far. It is stored under the uid of the interaction, sealed, so that tabs, the
 * back button and a restart of the service all find the same truth.
 */
export type SignInState = {
  /** What was typed as the number, to show it again. */
  readonly typed?: string;
  readonly phone?: PhoneNumber;
  readonly challenge?: {
    readonly id: ChallengeId;
    /** Absent when the number is a test number: nothing is sent. */
    readonly messageId?: MessageId;
    readonly sentAt: Instant;
    readonly expiresAt: Instant;
  };
  readonly passwordFailures?: number;
  readonly proof?: {
    readonly phone: PhoneNumber;
    readonly method: SignInMethod;
    readonly at: Instant;
    /** Absent while the number has no account. */
    readonly accountId?: AccountId;
  };
  /** Accepted before there was an account to record it for. */
  readonly acceptances?: readonly Acceptance[];
};

/** How long a proven number may take over agreement and role, and how long an unfinished sign-in is kept. */
export const PROOF_LIFETIME: number = minutes(20);
export const SIGN_IN_LIFETIME: number = minutes(60);

export type SignInStep = 'phone' | 'code' | 'agreement' | 'role' | 'done';

export type SignInFacts = {
  /** Whether a policy version in force is still to be accepted. */
  readonly mustAccept: boolean;
};

/** The one dispatcher: which page comes next, from the stored state alone. Pages never route to each other. */
export function nextStep(state: SignInState, facts: SignInFacts, now: Instant): SignInStep {
  const { proof, challenge } = state;
  if (proof && proof.at + PROOF_LIFETIME > now) {
    if (facts.mustAccept) return 'agreement';
    return proof.accountId === undefined ? 'role' : 'done';
  }
  return challenge ? 'code' : 'phone';
}
