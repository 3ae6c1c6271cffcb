import type { ClientStore } from '../clients/index.ts';
import type { EntitlementStore, ResourceStore } from '../entitlements/index.ts';
import type { ActingChoiceStore, ArtifactStore, ConsentStore, SigningKeyStore } from '../oidc/index.ts';
import type {
  ActivityStore,
  CheckPictureStore,
  CompanyCheckStore,
  CompanyEmailStore,
  CompanyStore,
  InvitationStore,
  MembershipStore,
} from '../companies/index.ts';
import type { EventStore, JobStore, StoredEvent } from '../events/index.ts';
import type { ReceiptStore } from '../privacy/index.ts';
import type { AccountStores, InboxStore, MailInboxStore } from '../accounts/index.ts';
import { bindAcceptances, bindAccounts, bindPasswords } from './accounts.ts';
import type { AuditLog } from '../audit/index.ts';
import { bindAudit } from './audit-log.ts';
import { bindChallenges } from './challenges.ts';
import { bindFigures } from './figures.ts';
import { bindEvents } from './events.ts';
import type {
  ClaimStore,
  ConflictStore,
  FigureStore,
  HoldStore,
  OpinionStore,
  ReviewLog,
  StaffStore,
} from '../review/index.ts';
import type { DeliveryStore, ReceiverStore, StreamStore } from '../signals/index.ts';
import type {
  AnalysisStore,
  AuthorityCheckStore,
  CaseStore,
  ImageStore,
  PersonStore,
  RegistryCheckStore,
} from '../verification/index.ts';
import { bindAuthorityChecks, bindRegistryChecks } from './source-checks.ts';
import { bindAnalyses } from './verification-analyses.ts';
import { bindCaseClaims } from './case-claims.ts';
import { bindCompanies } from './companies.ts';
import { bindCompanyActivity } from './company-activity.ts';
import { bindCheckPictures } from './company-check-pictures.ts';
import { bindCompanyChecks } from './company-checks.ts';
import { bindCompanyEmails } from './company-emails.ts';
import { bindInvitations } from './company-invitations.ts';
import { bindMemberships } from './memberships.ts';
import type { Handle } from './handle.ts';
import { bindHolds } from './holds.ts';
import { bindJobs } from './jobs.ts';
import { bindPersons } from './person-verifications.ts';
import { bindReceipts } from './receipts.ts';
import { bindReviewLog } from './review-log.ts';
import { bindConflicts, bindOpinions } from './review-opinions.ts';
import { bindStaff } from './staff.ts';
import { bindCases } from './verification-cases.ts';
import { bindImages } from './verification-images.ts';
import { bindLimits } from './limits.ts';
import { bindMailInbox, bindMails } from './mails.ts';
import { bindMessageInbox, bindMessages } from './messages.ts';
import { bindDeliveries } from './signal-deliveries.ts';
import { bindReceivers } from './signal-receivers.ts';
import { bindStreams } from './signals.ts';
import { bindSignIns } from './sign-ins.ts';
import { bindArtifacts } from './artifacts/bound.ts';
import { bindActingChoices } from './acting-choices.ts';
import { bindClients } from './clients.ts';
import { bindConsents } from './consents.ts';
import { bindEntitlements } from './entitlements.ts';
import { bindResources } from './resources.ts';
import { bindSigningKeys } from './signing-keys.ts';

/** Every store of the program, bound to the same database or the same transaction. */
export type Stores = AccountStores & {
  readonly inbox: InboxStore;
  readonly mailInbox: MailInboxStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
  readonly staff: StaffStore;
  readonly claims: ClaimStore;
  readonly reviewLog: ReviewLog;
  readonly audit: AuditLog;
  readonly figures: FigureStore;
  readonly opinions: OpinionStore;
  readonly conflicts: ConflictStore;
  readonly holds: HoldStore;
  readonly receipts: ReceiptStore;
  readonly cases: CaseStore;
  readonly images: ImageStore;
  readonly analyses: AnalysisStore;
  readonly authorityChecks: AuthorityCheckStore;
  readonly registryChecks: RegistryCheckStore;
  readonly persons: PersonStore;
  readonly companies: CompanyStore;
  readonly companyEmails: CompanyEmailStore;
  readonly memberships: MembershipStore;
  readonly invitations: InvitationStore;
  readonly companyActivity: ActivityStore;
  readonly companyChecks: CompanyCheckStore;
  readonly checkPictures: CheckPictureStore;
  readonly artifacts: ArtifactStore;
  readonly clients: ClientStore;
  readonly consents: ConsentStore;
  readonly actingChoices: ActingChoiceStore;
  readonly entitlements: EntitlementStore;
  readonly resources: ResourceStore;
  readonly signingKeys: SigningKeyStore;
  readonly streams: StreamStore;
  readonly deliveries: DeliveryStore;
  readonly receivers: ReceiverStore;
};

/** `tell` learns of every appended event, with the stores of its transaction. */
export function bindStores(
  handle: Handle,
  tell: (stores: Stores, event: StoredEvent) => Promise<void>,
): Stores {
  const audit = bindAudit(handle);
  const stores: Stores = {
    acceptances: bindAcceptances(handle),
    accounts: bindAccounts(handle),
    challenges: bindChallenges(handle),
    events: bindEvents(handle, (event) => tell(stores, event)),
    inbox: bindMessageInbox(handle),
    jobs: bindJobs(handle),
    staff: bindStaff(handle),
    claims: bindCaseClaims(handle),
    reviewLog: bindReviewLog(handle, audit),
    audit,
    figures: bindFigures(handle),
    opinions: bindOpinions(handle, audit),
    conflicts: bindConflicts(handle),
    holds: bindHolds(handle),
    receipts: bindReceipts(handle),
    cases: bindCases(handle),
    images: bindImages(handle),
    analyses: bindAnalyses(handle),
    authorityChecks: bindAuthorityChecks(handle),
    registryChecks: bindRegistryChecks(handle),
    persons: bindPersons(handle),
    companies: bindCompanies(handle),
    companyEmails: bindCompanyEmails(handle),
    memberships: bindMemberships(handle),
    invitations: bindInvitations(handle),
    companyActivity: bindCompanyActivity(handle),
    companyChecks: bindCompanyChecks(handle),
    checkPictures: bindCheckPictures(handle),
    limits: bindLimits(handle),
    mails: bindMails(handle),
    mailInbox: bindMailInbox(handle),
    messages: bindMessages(handle),
    passwords: bindPasswords(handle),
    signIns: bindSignIns(handle),
    artifacts: bindArtifacts(handle),
    clients: bindClients(handle),
    consents: bindConsents(handle),
    actingChoices: bindActingChoices(handle),
    entitlements: bindEntitlements(handle),
    resources: bindResources(handle),
    signingKeys: bindSigningKeys(handle),
    streams: bindStreams(handle),
    deliveries: bindDeliveries(handle),
    receivers: bindReceivers(handle),
  };
  return stores;
}
