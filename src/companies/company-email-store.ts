import type { DomainName, EmailAddress } from '../accounts/index.ts';
import type { Instant } from '../core/clock.ts';
import type { AccountId, ChallengeId, CompanyId, MessageId, StaffId } from '../core/ids.ts';

/** A domain whose addresses speak for a company, and who said so. */
export type CompanyDomain = {
  readonly domain: DomainName;
  readonly boundBy: AccountId | StaffId;
  readonly boundAt: Instant;
};

/** A code under way to a company address: one an account and company, the newest. */
export type CompanyEmailRequest = {
  readonly accountId: AccountId;
  readonly companyId: CompanyId;
  readonly challengeId: ChallengeId;
  readonly messageId: MessageId;
  readonly domain: DomainName;
  readonly email: EmailAddress;
  /** When the code stops working. */
  readonly expiresAt: Instant;
};

/** That a person reads the mail of an address of the company. */
export type CompanyEmailProof = {
  readonly accountId: AccountId;
  readonly companyId: CompanyId;
  readonly domain: DomainName;
  readonly email: EmailAddress;
  readonly provedAt: Instant;
  readonly expiresAt: Instant;
};

export type CompanyEmailStore = {
  /** Binds a domain to a company; false when it was bound before, by whomever. */
  bind(companyId: CompanyId, domain: DomainName, by: AccountId | StaffId): Promise<boolean>;
  unbind(companyId: CompanyId, domain: DomainName): Promise<boolean>;
  /** Whether the domain is bound; `hold` keeps it so until the transaction ends. */
  isBound(companyId: CompanyId, domain: DomainName, hold?: 'hold'): Promise<boolean>;
  listDomains(companyId: CompanyId): Promise<CompanyDomain[]>;
  /** Keeps a request in the place of an earlier one. */
  request(request: CompanyEmailRequest): Promise<void>;
  findRequest(accountId: AccountId, companyId: CompanyId): Promise<CompanyEmailRequest | undefined>;
  /** The same, held until the transaction ends. */
  lockRequest(accountId: AccountId, companyId: CompanyId): Promise<CompanyEmailRequest | undefined>;
  /**
   * Keeps a proof in the place of an earlier one; false when the mailbox proves somebody else at this company. The domain
   * must be held, so that two people cannot prove one mailbox at once.
   */
  prove(proof: CompanyEmailProof & { readonly mailbox: string }): Promise<boolean>;
  findProof(accountId: AccountId, companyId: CompanyId, now: Instant): Promise<CompanyEmailProof | undefined>;
  /** Who holds a proof, not yet expired, by an address of the domain. */
  listProved(companyId: CompanyId, domain: DomainName, now: Instant): Promise<AccountId[]>;
  purge(now: Instant, limit: number): Promise<number>;
};
