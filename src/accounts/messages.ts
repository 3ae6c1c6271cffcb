import { seconds, type Clock } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { SendOutcome, Sender } from './sender.ts';
import type { Message, OutboxStore } from './store.ts';

/** How long one attempt may take before another worker may look after the message; longer than any vendor time-out. */
export const MESSAGE_LEASE: number = seconds(30);

/** Pauses before the second, third … attempt at a text message; after the last it has failed. */
const SMS_PAUSES: readonly number[] = [2, 5, 15, 30, 60, 120].map(seconds);

/** The same for mail: servers put strangers off for some minutes (greylisting, RFC 6647). */
export const MAIL_PAUSES: readonly number[] = [5, 15, 60, 180, 300, 600].map(seconds);

/** What the job queue is to do next; the shape of a job's outcome. */
export type Delivery =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'retry'; readonly error: string; readonly delay: number };

export type Messages = {
  /** Brings one message as far as it can go now. Safe to call at any time, from any process, any number of times. */
  deliver(id: MessageId): Promise<Delivery>;
};

export type MessageDependencies<C> = {
  readonly messages: OutboxStore<C>;
  readonly sender: Sender<C>;
  /** Milliseconds before the second, third … attempt; no more of them than the job queue has attempts. Those of text messages by default. */
  readonly pauses?: readonly number[];
  readonly clock: Clock;
  readonly log: Log;
};

const done: Delivery = { outcome: 'done' };

/**
 * The sending half of the outbox. `queued → sending → sent | failed | uncertain`. A message found in `sending` after
 * its lease ran out was left by a crash or an answer that never came: the vendor is asked whether it has the message.
 * It has: sent. It has not, or would recognise a repetition: sent now. It cannot tell: `uncertain`, never sent twice;
 * the person may ask for a new code.
 */
export function createMessages<C>(dependencies: MessageDependencies<C>): Messages {
  const { messages, sender, pauses = SMS_PAUSES, clock, log } = dependencies;

  const end = async (id: MessageId, ending: Parameters<OutboxStore<C>['settle']>[1]): Promise<Delivery> => {
    await messages.settle(id, ending);
    log.info('message settled', {
      messageId: id,
      state: ending.state,
      vendor: sender.vendor,
      ...(ending.state === 'failed' ? { reason: ending.reason, vendorCode: ending.vendorCode } : {}),
    });
    return done;
  };

  const conclude = async (message: Message<C>, outcome: SendOutcome): Promise<Delivery> => {
    const { id } = message;
    if (outcome.result === 'accepted') {
      return end(id, { state: 'sent', ...(outcome.vendorId ? { vendorId: outcome.vendorId } : {}) });
    }
    const code = outcome.vendorCode ? { vendorCode: outcome.vendorCode } : {};
    if (outcome.result === 'permanent') return end(id, { state: 'failed', reason: outcome.reason, ...code });
    // Keeps the lease: once it has run out the vendor is asked.
    if (outcome.result === 'unknown') {
      return { outcome: 'retry', error: 'no_answer', delay: MESSAGE_LEASE };
    }
    const delay = pauses[message.attempts];
    if (delay === undefined || clock.now() + delay >= message.validUntil) {
      return end(id, { state: 'failed', reason: 'expired', ...code });
    }
    await messages.release(id);
    return { outcome: 'retry', error: 'vendor_unavailable', delay };
  };

  const send = async (message: Message<C>, content: C): Promise<Delivery> => {
    let outcome: SendOutcome;
    try {
      outcome = await sender.send({ ...content, id: message.id }, message.createdAt);
    } catch (error) {
      log.error('message attempt failed', { messageId: message.id, vendor: sender.vendor, error });
      outcome = { result: 'unknown' };
    }
    return conclude(message, outcome);
  };

  const recover = async (message: Message<C>, content: C): Promise<Delivery> => {
    const asked = { ...content, id: message.id };
    const found = await sender.find(asked, message.createdAt).catch(() => 'unknown' as const);
    if (found === 'accepted') return end(message.id, { state: 'sent' });
    if (found === 'unknown') return end(message.id, { state: 'uncertain' });
    const over = message.validUntil <= clock.now() || message.attempts > pauses.length;
    if (over && found === 'repeatable') return end(message.id, { state: 'uncertain' });
    if (over) return end(message.id, { state: 'failed', reason: 'expired' });
    return send(message, content);
  };

  return {
    async deliver(id) {
      const now = clock.now();
      const message = await messages.find(id);
      if (!message?.content || (message.state !== 'queued' && message.state !== 'sending')) return done;
      const { content } = message;
      if (message.state === 'queued') {
        if (!(await messages.claim(id, now + MESSAGE_LEASE))) return later(message, now);
        if (message.validUntil <= now) return end(id, { state: 'failed', reason: 'expired' });
        return send(message, content);
      }
      if ((message.leaseUntil ?? 0) > now) return later(message, now);
      if (!(await messages.takeOver(id, now, now + MESSAGE_LEASE))) return later(message, now);
      return recover(message, content);
    },
  };
}

/** Someone else has it; look again when their lease has run out, in case they do not return. */
function later(message: Pick<Message, 'leaseUntil'>, now: number): Delivery {
  const delay = Math.max(seconds(1), (message.leaseUntil ?? now + MESSAGE_LEASE) - now);
  return { outcome: 'retry', error: 'leased', delay };
}
