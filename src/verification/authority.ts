import type { DocumentType } from './documents/document-types.ts';
import type { SourceCheck, SourceCheckStore } from './source-check.ts';

/** What is asked of an official source; nothing else leaves the installation. */
export type AuthorityQuestion = {
  /** Idempotency key, unique for a case and round; sent to vendors that take one. */
  readonly reference: string;
  /** As on the document. */
  readonly name: string;
  /** Resident identity number, canonical form. */
  readonly number: string;
  /** Plain JPEG; only where the policy asks for a comparison of the face and the person consented to it. */
  readonly face?: Buffer;
};

/**
 * What the source said. Only `mismatch` is about the person: `no_record` and `malformed` go to a reviewer, `unavailable`
 * (outage, rate limit, exhausted quota, refused credentials) is tried again, later goes to a reviewer, and costs the
 * person nothing.
 */
export type AuthorityAnswer =
  | {
      readonly outcome: 'match' | 'mismatch' | 'no_record' | 'malformed';
      /** The vendor's number of the look-up, for the record. */
      readonly vendorReference?: string;
      /** The vendor's own likeness of the faces, 0–1. */
      readonly faceSimilarity?: number;
      /** The vendor's own code, for staff: never shown to the person. */
      readonly code: string;
    }
  | {
      readonly outcome: 'unavailable';
      readonly code: string;
      /** False when trying again cannot help until the operator acts (credentials, quota). */
      readonly retryable: boolean;
    };

/** Port: name and number (and face) against an authoritative source. Never throws; a failure is `unavailable`. */
export type Authority = {
  /** Names the source in findings and evidence: `tencent_faceid`, `alibaba_cloudauth`, `operator`, `fake`. */
  readonly name: string;
  /** Whether it can compare a face. */
  readonly comparesFaces: boolean;
  look(question: AuthorityQuestion): Promise<AuthorityAnswer>;
};

/** Whether official sources know documents of this type: they hold citizens by name and resident identity number. */
export const isOnRecord = (type: DocumentType): boolean => type === 'resident_id';

/** What was asked of an official source about a case, and what it said. */
export type AuthorityCheck = SourceCheck & {
  readonly outcome: AuthorityAnswer['outcome'] | undefined;
  readonly code: string | undefined;
  readonly vendorReference: string | undefined;
  readonly faceSimilarity: number | undefined;
};

export type AuthorityCheckStore = SourceCheckStore<AuthorityCheck, AuthorityAnswer>;
