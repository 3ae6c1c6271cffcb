import type { Instant } from '../core/clock.ts';
import type { Random } from '../core/random.ts';

/** What a person is asked to do before the camera; `left` and `right` are their own. `blink`: close both eyes. */
export const promptNames = ['left', 'right', 'blink'] as const;
export type Prompt = (typeof promptNames)[number];

/** Prompts of one case, to be answered in this order and in time. */
export type IssuedPrompts = { readonly prompts: readonly Prompt[]; readonly issuedAt: Instant };

/** A picture taken while a prompt was answered. */
export type PromptFrame = { readonly prompt: Prompt; readonly bytes: Buffer };

export type PromptsOutcome = {
  readonly outcome: 'passed' | 'failed' | 'unclear';
  /** A word about why. */
  readonly detail: string;
  /** The face of each frame, aligned; JPEG. */
  readonly frames: readonly Buffer[];
};

const ASKED = 2;

/** Two different prompts in an order that cannot be foreseen: 6 sequences. */
export function drawPrompts(random: Random): Prompt[] {
  const left = [...promptNames];
  return Array.from({ length: ASKED }, () => left.splice(random.int(left.length), 1)[0] as Prompt);
}
