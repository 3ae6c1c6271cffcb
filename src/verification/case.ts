import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId, ImageId, ReceiptId, StaffId } from '../core/ids.ts';
import type { SeparatePurpose } from '../privacy/index.ts';
import type { CaseEvent, CaseState } from './case-machine.ts';
import type { DocumentFacts, DocumentType } from './documents/document-types.ts';
import type { Finding } from './findings.ts';
import type { Verdict } from './judge.ts';
import type { PictureComplaint } from './reading/index.ts';

/** How a document is bound to the person who holds it; both ways are equal. */
export type HolderRoute = 'face' | 'hand_held';

/** What a picture shows. */
export const imageKinds = [
  'licence',
  'document_front',
  'document_back',
  'document_page',
  'selfie',
  'hand_held',
  'supporting',
] as const;
export type ImageKind = (typeof imageKinds)[number];

/** The parts of a case that a reviewer can ask for again, each by itself. */
export const reviewParts = ['company', 'document', 'holder'] as const;
export type ReviewPart = (typeof reviewParts)[number];

/** The part of a case that a picture is evidence for. */
export const imageParts: { readonly [kind in ImageKind]: ReviewPart } = {
  licence: 'company',
  document_front: 'document',
  document_back: 'document',
  document_page: 'document',
  selfie: 'holder',
  hand_held: 'holder',
  supporting: 'company',
};

/**
 * What a case is about. Who joins a company that is verified shows only who they are; who is verified shows only the
 * licence of a further company.
 */
export const caseScopes = ['person_and_company', 'person', 'company'] as const;
export type CaseScope = (typeof caseScopes)[number];

export type CompanyAnswers = {
  readonly name: string;
  readonly creditCode: string;
  readonly checkDigitMatches: boolean;
  readonly organisationCheckMatches: boolean;
};

export type PersonAnswers = {
  /** As on the document, `·` between the parts. */
  readonly name: string;
  readonly document: DocumentFacts;
  /** Issuing state (ISO 3166-1 alpha-3) of a passport that is not Chinese. */
  readonly issuingState?: string;
};

/** Steps of a case in the order in which they are taken; `steps.ts` says when each applies and is done. */
export const stepNames = [
  'licence',
  'company',
  'image_consent',
  'document_type',
  'document_front',
  'document_back',
  'document_page',
  'person',
  'supporting',
  'route',
  'face_consent',
  'selfie',
  'hand_held',
  'check',
] as const;
export type StepName = (typeof stepNames)[number];

/** Everything typed so far; sealed as a whole. */
export type CaseAnswers = {
  readonly company?: CompanyAnswers;
  readonly documentType?: DocumentType;
  readonly person?: PersonAnswers;
  /** The person goes on without a business card or badge. */
  readonly withoutSupporting?: true;
  /** What the case should be about, where the person chose otherwise than the facts. */
  readonly wanted?: CaseScope;
};

/** Separate consents given for this case: purpose → receipt. A withdrawn one is absent. */
export type CaseConsents = { readonly [purpose in SeparatePurpose]?: ReceiptId };

/** One reason of a decision, about a part of the case or the whole of it; the code is from the reviewer's list. */
export type DecisionReason = { readonly reason: string; readonly step?: ReviewPart };

export type CaseDecision = {
  readonly decision: 'approve' | 'resubmit' | 'reject';
  readonly reasons: readonly DecisionReason[];
  /** Written to the person by the reviewer; apart from notes among staff. */
  readonly message: string | undefined;
  /** Absent: the machine decided. */
  readonly staffId?: StaffId;
  readonly decidedAt: Instant;
};

/** Where the person came from and goes back to: an interaction of an app, by its uid. */
export type CaseOrigin = { readonly interaction: string; readonly clientName: string };

export type VerificationCase = {
  readonly id: CaseId;
  readonly accountId: AccountId;
  readonly state: CaseState;
  readonly scope: CaseScope;
  /** Counts every change; a form that carries an older one is answered with "changed elsewhere". */
  readonly version: number;
  readonly answers: CaseAnswers;
  readonly consents: CaseConsents;
  readonly route: HolderRoute | undefined;
  /** Steps that were asked for again and have not been done again yet. */
  readonly redo: readonly StepName[];
  /** Submissions made: 1 after the first. */
  readonly round: number;
  readonly findings: readonly Finding[];
  readonly verdict: Verdict | undefined;
  readonly decision: CaseDecision | undefined;
  readonly origin: CaseOrigin | undefined;
  /** What the person objects to in a rejection; sealed. */
  readonly appeal: string | undefined;
  readonly companyId: CompanyId | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly submittedAt: Instant | undefined;
  readonly expiresAt: Instant;
};

/** A picture of a case; the bytes are a sealed object with the same id. */
export type CaseImage = {
  readonly id: ImageId;
  readonly caseId: CaseId;
  readonly accountId: AccountId;
  readonly kind: ImageKind;
  /** `pending`: being written. `stored`: usable. `destroying`: no longer shown, its bytes are being deleted. */
  readonly state: 'pending' | 'stored' | 'destroying' | 'destroyed';
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Why it should be taken again; the step is not done until it was or the person insists. */
  readonly complaint: PictureComplaint | undefined;
  /** The person uses it in spite of the complaint; a reviewer looks at it. */
  readonly insisted: boolean;
  readonly createdAt: Instant;
  /** When the bytes have to be gone; absent while nothing has been decided. */
  readonly destroyAt: Instant | undefined;
};

export type CaseActor = 'person' | 'machine' | 'reviewer';

/** One line of a case's history. */
export type CaseEntry = {
  readonly event: CaseEvent | 'open';
  readonly state: CaseState;
  readonly by: CaseActor;
  readonly at: Instant;
  readonly reasons: readonly DecisionReason[];
};
