import { createHmac } from 'node:crypto';
import type { CaseId, StaffId } from '../core/ids.ts';
import type { VerificationCase } from '../verification/index.ts';
import type { ReviewPolicy } from './policy.ts';
import type { Opinion, OpinionKind, SecondLookCause } from './review-store.ts';

/** What the rule has to know of a case. */
export type CaseInQuestion = {
  /** The machine's verdict was to reject. */
  readonly machineRefused: boolean;
  /** From {@link drawOf}. */
  readonly draw: number;
};

export type Settlement =
  /** The case is decided; `first` wanted the same before, where that was needed. */
  | { readonly settled: true; readonly first: StaffId | undefined }
  /** Another person has to look. */
  | { readonly settled: false; readonly cause: SecondLookCause };

/**
 * Whether what somebody wants is done. One person is enough unless the policy asks for a second; once somebody has given
 * an opinion, two different people have to want the same. There are three things to want, so that the fourth person
 * settles a case at the latest.
 */
export function settle(
  wanted: { readonly staffId: StaffId; readonly kind: OpinionKind },
  standing: readonly Opinion[],
  found: CaseInQuestion,
  policy: ReviewPolicy,
): Settlement {
  const first = standing.find(({ kind, staffId }) => kind === wanted.kind && staffId !== wanted.staffId);
  if (first) return { settled: true, first: first.staffId };
  if (standing.length > 0) return { settled: false, cause: 'disagreement' };
  const cause = causeOf(wanted.kind, found, policy);
  return cause ? { settled: false, cause } : { settled: true, first: undefined };
}

function causeOf(
  kind: OpinionKind,
  { machineRefused, draw }: CaseInQuestion,
  policy: ReviewPolicy,
): SecondLookCause | undefined {
  if (kind === 'reject') return policy.secondForRejection ? 'final_rejection' : undefined;
  if (kind === 'resubmit') return undefined;
  if (machineRefused && policy.secondForOverride) return 'override';
  return draw < policy.secondReviewShare ? 'sample' : undefined;
}

/**
 * A number from 0 to below 1 that belongs to the case: the same whoever asks and whenever, and not to be foretold
 * without the key, so that nobody decides differently when nobody will look.
 */
export function drawOf(key: Buffer, caseId: CaseId): number {
  return createHmac('sha256', key).update(`second-look\0${caseId}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Opinions about the case as it is now: one that is still in review, and has not changed since. */
export const isAbout =
  ({ version, state }: Pick<VerificationCase, 'version' | 'state'>) =>
  ({ caseVersion }: Opinion): boolean =>
    state === 'in_review' && caseVersion === version;
