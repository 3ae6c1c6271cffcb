import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId, InvitationId, MembershipId } from '../core/ids.ts';
import type { EventStore } from '../events/index.ts';
import type { Activity, ActivityEntry } from './activity.ts';
import type {
  AccountClass,
  Company,
  CompanyState,
  Membership,
  MembershipEvidence,
  MembershipRole,
  MembershipState,
} from './company.ts';
import type { CompanyDetail, DetailField, DetailSource } from './details.ts';
import type { Invitation } from './invitation.ts';

export type CompanyChange = {
  readonly name?: string;
  readonly verifiedAt?: Instant;
  readonly recheckAt?: Instant;
  /** Null: time alone changes nothing. */
  readonly nextChangeAt?: Instant | null;
  readonly reminders?: number;
  readonly accountClass?: AccountClass;
  readonly administeredAt?: Instant;
};

/** A detail that holds until an instant. */
export type EndingDetail = {
  readonly companyId: CompanyId;
  readonly field: DetailField;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly nextNoticeAt: Instant;
};

export type CompanyStore = {
  find(id: CompanyId): Promise<Company | undefined>;
  findByCode(creditCode: string): Promise<Company | undefined>;
  /** The company with this code, made when it is not known yet; safe when two ask at once. */
  ensure(creditCode: string, name: string): Promise<Company>;
  /** Changes the state if it is still `from`; false when it moved on. */
  advance(id: CompanyId, from: CompanyState, to: CompanyState, change?: CompanyChange): Promise<boolean>;
  /** Lets one change of a company's members run at a time. */
  lock(id: CompanyId): Promise<void>;
  /** Companies that time may change now, the longest waiting first. */
  listDue(now: Instant, limit: number): Promise<Company[]>;
  /** Keeps a name somebody gave for the company, besides the one in force. */
  addName(id: CompanyId, name: string): Promise<void>;
  listNames(id: CompanyId): Promise<string[]>;
  /**
   * Says what a field is from `at` on, and with `until` up to then; what it was before keeps its dates. False where it
   * says so already.
   */
  setDetail(
    id: CompanyId,
    detail: {
      field: DetailField;
      value: string;
      source: DetailSource;
      at: Instant;
      until?: Instant | undefined;
    },
  ): Promise<boolean>;
  /** Details with an end that may have to be announced now, the longest waiting first. */
  listNoticeable(now: Instant, limit: number): Promise<EndingDetail[]>;
  /** Notes when the end of a detail is looked at next, null: never; false where somebody else did. */
  noticed(detail: EndingDetail, nextNoticeAt: Instant | null): Promise<boolean>;
  /** Every value every field ever had, oldest first. */
  listDetails(id: CompanyId): Promise<CompanyDetail[]>;
};

export type MembershipChange = {
  readonly caseId?: CaseId;
  readonly role?: MembershipRole;
  readonly evidence?: MembershipEvidence;
  /** Null: as long as the company stands. */
  readonly validUntil?: Instant | null;
  readonly nextChangeAt?: Instant | null;
  readonly activatedAt?: Instant;
  readonly endedAt?: Instant;
  readonly endedReason?: string;
};

export type MembershipStore = {
  find(id: MembershipId): Promise<Membership | undefined>;
  findFor(accountId: AccountId, companyId: CompanyId): Promise<Membership | undefined>;
  listByAccount(accountId: AccountId): Promise<Membership[]>;
  listByCompany(companyId: CompanyId): Promise<Membership[]>;
  listByCase(caseId: CaseId): Promise<Membership[]>;
  listDue(now: Instant, limit: number): Promise<Membership[]>;
  /** Makes a membership in its first state; returns the existing one when there is one. */
  ensure(accountId: AccountId, companyId: CompanyId): Promise<Membership>;
  advance(
    id: MembershipId,
    from: MembershipState,
    to: MembershipState,
    change?: MembershipChange,
  ): Promise<boolean>;
};

export type InvitationStore = {
  /** Keeps an invitation under the keyed hash of its secret. */
  add(
    invitation: Omit<Invitation, 'id' | 'acceptedAt' | 'acceptedBy' | 'withdrawnAt'>,
    secret: string,
  ): Promise<InvitationId>;
  find(id: InvitationId): Promise<Invitation | undefined>;
  findBySecret(secret: string): Promise<Invitation | undefined>;
  listByCompany(companyId: CompanyId): Promise<Invitation[]>;
  /** Uses it up if nobody did and nobody withdrew it; false otherwise. */
  accept(id: InvitationId, accountId: AccountId, now: Instant): Promise<boolean>;
  /** False where it was accepted or withdrawn already. */
  withdraw(id: InvitationId, now: Instant): Promise<boolean>;
  /** Withdraws for good what an administrator made and nobody accepted. */
  withdrawOf(companyId: CompanyId, invitedBy: AccountId): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};

export type ActivityStore = {
  record(entry: ActivityEntry): Promise<void>;
  /** Newest first; `before` continues a list. */
  list(companyId: CompanyId, limit: number, before?: string): Promise<Activity[]>;
  purge(now: Instant, limit: number): Promise<number>;
};

/** The stores of one transaction that companies work with. */
export type CompanyStores = {
  readonly companies: CompanyStore;
  readonly memberships: MembershipStore;
  readonly invitations: InvitationStore;
  readonly companyActivity: ActivityStore;
  readonly events: EventStore;
};
