import type { Instant } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Prompt, PromptJudgement } from './faces.ts';

const promptNames: readonly Prompt[] = ['left', 'right', 'blink'];

/** Prompts of one case, to be answered in this order and in time. */
export type IssuedPrompts = { readonly prompts: readonly Prompt[]; readonly issuedAt: Instant };

/** How the prompts were answered. */
export type PromptsOutcome = PromptJudgement & {
  /** The face of each frame, aligned; JPEG. */
  readonly frames: readonly Buffer[];
};

/** How many prompts a face check has. */
export const PROMPTS_ASKED = 2;

/** Two different prompts in an order that cannot be foreseen: 6 sequences. */
export function drawPrompts(random: Random): Prompt[] {
  const left = [...promptNames];
  return Array.from({ length: PROMPTS_ASKED }, () => left.splice(random.int(left.length), 1)[0] as Prompt);
}
