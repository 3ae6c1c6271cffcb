import { days } from '../core/clock.ts';
import type { AssuranceLevel } from './facts.ts';

export type RecruiterPolicy = {
  /** Milliseconds after which a check of a person or a company no longer counts (re-verification every six months). */
  readonly maxCheckAge: number;
  readonly level: AssuranceLevel;
};

export const defaultPolicy: RecruiterPolicy = { maxCheckAge: days(180), level: 'rn2' };
