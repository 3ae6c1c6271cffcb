import type { Clock } from '../core/clock.ts';
import { CODE_LIFETIME } from './challenge.ts';
import type { Limits } from './limits.ts';
import type { SignInState } from './sign-in-state.ts';
import type { AccountStores, MessageFailure } from './store.ts';

/** What became of the message, as the person may know it. */
export type DeliveryStatus = 'on_its_way' | 'delayed' | 'sent' | 'failed' | 'uncertain';

/** A code that is under way, for the page that waits for it. */
export type CodeView = {
  readonly delivery: DeliveryStatus;
  readonly reason?: MessageFailure;
  /** Whole seconds until another code may be asked for; 0: now. */
  readonly resendIn: number;
  readonly minutes: number;
};

export type CodeViewDependencies = {
  readonly stores: Pick<AccountStores, 'limits' | 'messages'>;
  readonly limits: Limits;
  readonly clock: Clock;
};

/** Empty when no code was sent. */
export async function viewCode(
  { stores, limits, clock }: CodeViewDependencies,
  { phone, challenge }: SignInState,
): Promise<{ code?: CodeView }> {
  if (!phone || !challenge) return {};
  const now = clock.now();
  const next = await limits.peek(stores.limits, 'send', phone, now);
  const message = challenge.messageId ? await stores.messages.status(challenge.messageId) : undefined;
  const minutes = CODE_LIFETIME / 60_000;
  const resendIn = next.ok ? 0 : next.retryAfter;
  if (!message) return { code: { delivery: 'sent', resendIn, minutes } };
  const waiting = message.state === 'queued' || message.state === 'sending';
  if (waiting && message.validUntil > now) {
    return { code: { delivery: message.attempts > 1 ? 'delayed' : 'on_its_way', resendIn, minutes } };
  }
  if (waiting) return { code: { delivery: 'failed', reason: 'expired', resendIn, minutes } };
  return {
    code: {
      delivery: message.state,
      ...(message.reason ? { reason: message.reason } : {}),
      resendIn,
      minutes,
    },
  };
}
