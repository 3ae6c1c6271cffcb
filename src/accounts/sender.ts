import type { Instant } from '../core/clock.ts';
import type { MessageId } from '../core/ids.ts';

/**
 * What became of an attempt to hand a message over. `permanent`: it will never go out, trying again is pointless.
 * `transient`: it certainly was not taken, try again later. `unknown`: it may have been taken.
 */
export type SendOutcome =
  | { readonly result: 'accepted'; readonly vendorId?: string }
  | {
      readonly result: 'permanent';
      /** `recipient`: this number or address cannot be reached. `vendor`: our account, sender or text was refused. */
      readonly reason: 'recipient' | 'vendor';
      readonly vendorCode?: string;
    }
  | { readonly result: 'transient'; readonly vendorCode?: string }
  | { readonly result: 'unknown'; readonly vendorCode?: string };

/**
 * What can be found out about a message that may be out. `repeatable`: nobody can say, but sending it again does no
 * harm, because whoever receives it recognises the repetition.
 */
export type Whereabouts = 'accepted' | 'absent' | 'unknown' | 'repeatable';

/** Hands messages of one kind over. Outcomes are results; a thrown error is a defect and counts as `unknown`. */
export type Sender<C> = {
  readonly vendor: string;
  /** `createdAt` is the instant of the message, the same at every attempt. */
  send(message: C & { readonly id: MessageId }, createdAt: Instant): Promise<SendOutcome>;
  /** Asks whether this message was taken since `since`. */
  find(message: C & { readonly id: MessageId }, since: Instant): Promise<Whereabouts>;
};
