/**
 * Whether a company is in operation, as registries say it. `moved_out`: registered elsewhere now. `closed`: stopped
 * business. `term_ended`: the term of its licence is over. `other`: the registry has a word of its own for it.
 */
export type OperatingStatus =
  | 'operating'
  | 'moved_out'
  | 'deregistered'
  | 'licence_revoked'
  | 'registration_annulled'
  | 'closed'
  | 'term_ended'
  | 'not_operating'
  | 'other';

/** What can differ between the question and the registry. */
export type RegistryField = 'name' | 'legal_representative' | 'code';

/** What is asked of a registry of companies: what stands on a licence, nothing about who asks. */
export type RegistryQuestion = {
  /** Idempotency key, unique for a case and round; sent to sources that take one. */
  readonly reference: string;
  readonly name: string;
  /** Unified social credit code, 18 characters, upper case; its check character may not match. */
  readonly creditCode: string;
  /** As on the licence; absent where it could not be read there. */
  readonly legalRepresentative?: string;
};

/** What the registry told besides its answer; a source tells what it has. Not about a person. */
export type Registered = {
  readonly name?: string;
  /** Absent where it was not asked about or not told; the registry's own name for it is not kept. */
  readonly legalRepresentative?: 'agrees' | 'differs';
  readonly status?: OperatingStatus;
  /** The kind of company, in the registry's words. */
  readonly type?: string;
  /** Last day of the term, `YYYY-MM-DD`. */
  readonly validUntil?: string;
};

/** An answer about the company. */
export type RegistrySaid = {
  readonly outcome: 'match' | 'mismatch' | 'not_operating' | 'no_record' | 'malformed';
  /** What differs; empty but for `mismatch`. A source that cannot tell name from code names both. */
  readonly differing: readonly RegistryField[];
  readonly registered: Registered;
  /** The source's number of the look-up, for the record. */
  readonly vendorReference?: string;
  /** The source's own code, for staff. */
  readonly code: string;
};

/**
 * What the registry said. `match`: all that was asked agrees and the company is in operation; nothing else passes.
 * `unavailable` (outage, rate limit, exhausted quota, refused credentials) is never about the company.
 */
export type RegistryAnswer =
  | RegistrySaid
  | {
      readonly outcome: 'unavailable';
      readonly code: string;
      /** False when trying again cannot help until the operator acts (credentials, quota). */
      readonly retryable: boolean;
    };
