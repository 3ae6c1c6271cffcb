import { partsOf, type CaseScope, type ReviewPart } from '../verification/index.ts';
import type { DecisionKind } from './review-store.ts';

/** What a revocation takes away. */
export const revocationTargets = ['person', 'membership', 'company'] as const;
export type RevocationTarget = (typeof revocationTargets)[number];

type Use = {
  readonly decision: DecisionKind;
  /** Steps (or targets of a revocation) the reason applies to; absent: the case as a whole. */
  readonly about?: readonly (ReviewPart | RevocationTarget)[];
  /** The part of a case without which the reason for the whole makes no sense. */
  readonly needs?: ReviewPart;
};

/**
 * Every reason a decision can have: reason → where it may be used. Each has two texts: `review.reason.<code>.staff`
 * for the form, and `review.reason.<code>.person`, which the person reads on the status page.
 */
export const reasonTable = {
  evidence_consistent: { decision: 'approve' },
  confirmed_by_registry: { decision: 'approve' },
  confirmed_by_call: { decision: 'approve' },

  image_unreadable: { decision: 'resubmit', about: ['company', 'document', 'holder'] },
  image_incomplete: { decision: 'resubmit', about: ['company', 'document', 'holder'] },
  image_of_copy: { decision: 'resubmit', about: ['company', 'document', 'holder'] },
  wrong_document: { decision: 'resubmit', about: ['company', 'document'] },
  number_differs: { decision: 'resubmit', about: ['company', 'document'] },
  name_differs: { decision: 'resubmit', about: ['company', 'document'] },
  document_expired: { decision: 'resubmit', about: ['document'] },
  face_not_visible: { decision: 'resubmit', about: ['holder'] },
  document_not_readable_in_hand: { decision: 'resubmit', about: ['holder'] },
  holder_unclear: { decision: 'resubmit', about: ['holder'] },
  licence_outdated: { decision: 'resubmit', about: ['company'] },

  document_altered: { decision: 'reject' },
  someone_elses_document: { decision: 'reject', needs: 'document' },
  person_under_age: { decision: 'reject', needs: 'document' },
  company_not_operating: { decision: 'reject', needs: 'company' },
  company_not_eligible: { decision: 'reject', needs: 'company' },
  repeatedly_unusable: { decision: 'reject' },

  obtained_by_deception: { decision: 'revoke', about: ['person', 'membership', 'company'] },
  reported_abuse: { decision: 'revoke', about: ['person', 'membership', 'company'] },
  document_withdrawn: { decision: 'revoke', about: ['person'] },
  left_the_company: { decision: 'revoke', about: ['membership'] },
  company_closed: { decision: 'revoke', about: ['company'] },
  authority_order: { decision: 'revoke', about: ['person', 'membership', 'company'] },
} as const satisfies Record<string, Use>;

export type ReasonCode = keyof typeof reasonTable;

const uses = Object.entries(reasonTable) as [ReasonCode, Use][];

/** The reasons to offer for a decision, about a step or about the whole. */
export function reasonsFor(decision: DecisionKind, about?: ReviewPart | RevocationTarget): ReasonCode[] {
  return uses
    .filter(
      ([, use]) =>
        use.decision === decision && (about === undefined ? !use.about : use.about?.includes(about)),
    )
    .map(([code]) => code);
}

/** True when `code` is a reason that may be given there; narrows what a form sent. */
export function isReasonFor(
  code: string,
  decision: DecisionKind,
  about?: ReviewPart | RevocationTarget,
): code is ReasonCode {
  return (reasonsFor(decision, about) as string[]).includes(code);
}

/** Whether a reason says something about a case of this scope. */
export function isReasonAbout(code: ReasonCode, scope: CaseScope): boolean {
  const { needs }: Use = reasonTable[code];
  return needs === undefined || partsOf(scope).includes(needs);
}

/** Why a masked number is shown in full: chosen by whoever looks, kept with the look. */
export const revealReasons = ['compare_with_image', 'check_registry', 'duplicate_suspected'] as const;
export type RevealReason = (typeof revealReasons)[number];
