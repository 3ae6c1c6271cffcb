import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId } from '../core/ids.ts';
import type { DecisionReason } from './case.ts';
import type { CreditCodeResult } from './documents/credit-code.ts';
import type { RegistryAnswer, RegistryQuestion } from './registry-answer.ts';

/** What is known about a company before a case about it is decided. */
export type KnownCompany = {
  readonly id: CompanyId;
  readonly state: 'unclaimed' | 'pending' | 'verified' | 'due' | 'lapsed' | 'rejected' | 'revoked';
  readonly name: string;
  /** Somebody else than who asks acts for it. */
  readonly actedFor: boolean;
};

/** A company in good standing that somebody acts for, or asked to. */
export type JoinedCompany = { readonly name: string; readonly acts: boolean };

/** What the licence was read to say, where nothing doubts it. */
export type LicenceDetails = { readonly legal_representative?: string; readonly type?: string };

type Applicant = { readonly accountId: AccountId; readonly caseId: CaseId };

/** Port: what a verification case needs of companies and memberships; src/companies implements it. */
export type CompanyDesk<S> = {
  /** The registry of companies; absent where the operator has set up none. */
  readonly registry:
    { readonly name: string; look(question: RegistryQuestion): Promise<RegistryAnswer> } | undefined;
  readCode(text: string): CreditCodeResult;
  /** The company with this code as `accountId` meets it. */
  find(stores: S, creditCode: string, accountId: AccountId): Promise<KnownCompany | undefined>;
  /** Companies in good standing that `accountId` acts for or asked to, apart from what the case `except` asks itself. */
  joined(stores: S, accountId: AccountId, except?: CaseId): Promise<JoinedCompany[]>;
  /** A submitted case asks for membership: the company is claimed unless it is known, the membership waits. */
  apply(stores: S, application: Applicant & { name: string; creditCode: string }): Promise<CompanyId>;
  /**
   * The case was approved: company verified, under the `name` that was compared with the licence unless it stands
   * verified under another already, and membership active by `evidence`. A licence that `licenceEnds` ends the company's
   * verification with it.
   */
  approve(
    stores: S,
    application: Applicant & {
      companyId: CompanyId;
      name: string;
      evidence: 'legal_representative' | 'review';
      details: LicenceDetails;
      licenceEnds?: Instant | undefined;
    },
  ): Promise<void>;
  /**
   * The case ended. An application that was rejected or withdrawn ends; an active membership ends only with the case
   * that was approved for it.
   */
  close(
    stores: S,
    application: Applicant & {
      companyId: CompanyId;
      outcome: 'rejected' | 'withdrawn' | 'ended_after_approval';
      reasons: readonly DecisionReason[];
    },
  ): Promise<void>;
};
