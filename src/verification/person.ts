import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId } from '../core/ids.ts';
import type { HolderRoute } from './case.ts';
import type { Day } from './documents/calendar.ts';
import type { DocumentType } from './documents/document-types.ts';
import type { Sex } from './documents/reading.ts';

/** What was verified about a person; sealed, and given to nobody who did not ask for that very member. */
export type PersonClaims = {
  readonly name: string;
  readonly birthDate: Day;
  readonly sex?: Sex;
  readonly documentType: DocumentType;
  readonly documentNumber: string;
  /** Last day of validity; absent for a document valid without end. */
  readonly documentExpiresOn?: Day;
  readonly issuingState?: string;
};

export type PersonVerification = {
  readonly accountId: AccountId;
  readonly state: 'verified' | 'revoked' | 'expired';
  readonly level: 'rn1' | 'rn2';
  /** Which holder binding was approved. */
  readonly method: HolderRoute;
  /** Undefined once the data key of the account was destroyed. */
  readonly claims: PersonClaims | undefined;
  readonly verifiedAt: Instant;
  /** The first instant at which the document is out of date. */
  readonly validUntil: Instant | undefined;
  readonly caseId: CaseId;
  readonly revokedAt: Instant | undefined;
  readonly revokedReason: string | undefined;
};
