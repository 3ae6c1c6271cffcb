import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId, MembershipId } from '../core/ids.ts';
import type { EventStore } from '../events/index.ts';
import type { Company, CompanyState, Membership, MembershipState } from './company.ts';

export type CompanyStore = {
  find(id: CompanyId): Promise<Company | undefined>;
  findByCode(creditCode: string): Promise<Company | undefined>;
  /** The company with this code, made when it is not known yet; safe when two ask at once. */
  ensure(creditCode: string, name: string): Promise<Company>;
  /** Changes the state if it is still `from`; false when it moved on. */
  advance(
    id: CompanyId,
    from: CompanyState,
    to: CompanyState,
    change?: { name?: string; verifiedAt?: Instant; recheckAt?: Instant },
  ): Promise<boolean>;
  /** Keeps a name somebody gave for the company, besides the one in force. */
  addName(id: CompanyId, name: string): Promise<void>;
  listNames(id: CompanyId): Promise<string[]>;
};

export type MembershipStore = {
  find(id: MembershipId): Promise<Membership | undefined>;
  findFor(accountId: AccountId, companyId: CompanyId): Promise<Membership | undefined>;
  listByAccount(accountId: AccountId): Promise<Membership[]>;
  listByCompany(companyId: CompanyId): Promise<Membership[]>;
  listByCase(caseId: CaseId): Promise<Membership[]>;
  /** Makes a membership in review; returns the existing one when there is one. */
  ensure(accountId: AccountId, companyId: CompanyId, caseId: CaseId): Promise<Membership>;
  advance(
    id: MembershipId,
    from: MembershipState,
    to: MembershipState,
    change?: { caseId?: CaseId; activatedAt?: Instant; endedAt?: Instant },
  ): Promise<boolean>;
};

/** The stores of one transaction that companies work with. */
export type CompanyStores = {
  readonly companies: CompanyStore;
  readonly memberships: MembershipStore;
  readonly events: EventStore;
};
