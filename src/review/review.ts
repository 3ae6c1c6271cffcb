import type { AuditLog } from '../audit/index.ts';
import type { AccountStore, PasswordHasher } from '../accounts/index.ts';
import type { CheckDecisions, CheckStores, Companies, Members } from '../companies/index.ts';
import type { Clock } from '../core/clock.ts';
import type { AccountId, Ids } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { AnalysisStore, CaseReview, CaseStore, ImageStore, ObjectStore } from '../verification/index.ts';
import { createAppointments, type Appointments } from './appointments.ts';
import { createCaseDesk, type CaseDesk } from './case-desk.ts';
import { createCompanyCheckDesk, type CompanyCheckDesk } from './company-check-desk.ts';
import { createReviewDecisions, type ReviewDecisions } from './decisions.ts';
import { createReviewQueue, type ReviewQueue } from './review-queue.ts';
import { seedDevelopmentStaff } from './development-staff.ts';
import { createConflicts, type Conflicts } from './conflicts.ts';
import type { ReviewPolicy } from './policy.ts';
import type { ClaimStore, ConflictStore, OpinionStore, ReviewLog } from './review-store.ts';
import { createHolds, type Holds } from './holds.ts';
import type { HoldStore } from './hold-store.ts';
import { createSuspensions, type Suspensions } from './suspensions.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { createDashboard, type Dashboard, type FigureStore } from './dashboard.ts';
import { createStaffAccounts, type StaffAccounts } from './staff-accounts.ts';
import { createStaffHasher } from './staff-hasher.ts';
import { createStaffSignIn, type StaffSignIn } from './staff-sign-in.ts';
import type { StaffStore } from './staff-store.ts';
import { createWatermarker, type Watermarker } from './watermarker.ts';

/** The stores of one transaction that review works with. */
export type ReviewStores = CheckStores & {
  readonly staff: StaffStore;
  readonly audit: AuditLog;
  readonly figures: FigureStore;
  readonly claims: ClaimStore;
  readonly reviewLog: ReviewLog;
  readonly opinions: OpinionStore;
  readonly conflicts: ConflictStore;
  readonly holds: HoldStore;
  readonly accounts: Pick<AccountStore, 'stateOf' | 'setState'>;
  readonly artifacts: { revokeAccount(accountId: AccountId): Promise<number> };
  readonly cases: CaseStore;
  readonly images: ImageStore;
  readonly analyses: AnalysisStore;
};

export type Review = {
  readonly accounts: StaffAccounts;
  readonly signIn: StaffSignIn;
  readonly queue: ReviewQueue;
  readonly desk: CaseDesk;
  readonly decisions: ReviewDecisions;
  readonly companyChecks: CompanyCheckDesk;
  readonly revocations: Revocations;
  readonly appointments: Appointments;
  readonly conflicts: Conflicts;
  readonly holds: Holds;
  readonly suspensions: Suspensions;
  readonly watermarker: Watermarker;
  readonly dashboard: Dashboard;
  readonly audit: AuditLog;
  /** Development only: makes the reviewers whose credentials /dev/staff shows. */
  seedDevelopment(): Promise<void>;
  /** Ends the thread that marks pictures. */
  close(): Promise<void>;
};

export type ReviewDeps<S extends ReviewStores> = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify'>;
  readonly stores: S;
  readonly transact: Transact<S>;
  readonly cases: CaseReview<S>;
  readonly companies: Pick<Companies<S>, 'readCode' | 'revokeMembership' | 'revokeCompany'>;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
  readonly members: Pick<Members<S>, 'appointAdministrator'>;
  readonly companyChecks: CheckDecisions<S>;
  readonly objects: ObjectStore;
  /** Shown by authenticator apps above the login. */
  readonly totpIssuer: string;
  /** Draws the approvals that a second person looks at; any secret that does not change often. */
  readonly drawKey: Buffer;
  readonly policy: ReviewPolicy;
};

export function createReview<S extends ReviewStores>(deps: ReviewDeps<S>): Review {
  const {
    clock,
    ids,
    random,
    stores,
    transact,
    cases,
    companies,
    members,
    recompute,
    totpIssuer,
    drawKey,
    policy,
  } = deps;
  const hasher = createStaffHasher(deps.hasher);
  const { staff } = stores;
  const watermarker = createWatermarker();
  const accounts = createStaffAccounts({ clock, ids, random, hasher, staff, transact, totpIssuer });
  return {
    accounts,
    signIn: createStaffSignIn({ clock, random, hasher, staff, transact }),
    queue: createReviewQueue({ clock, stores, transact }),
    desk: createCaseDesk({ clock, stores, transact, cases }),
    decisions: createReviewDecisions({ clock, ids, stores, transact, cases, policy, drawKey }),
    companyChecks: createCompanyCheckDesk({
      clock,
      stores,
      transact,
      decisions: deps.companyChecks,
      objects: deps.objects,
    }),
    revocations: createRevocations({ clock, ids, stores, transact, cases, companies }),
    holds: createHolds({ clock, stores, transact, recompute }),
    suspensions: createSuspensions({ clock, transact, recompute }),
    appointments: createAppointments({ transact, members }),
    conflicts: createConflicts({ stores, transact, companies }),
    watermarker,
    dashboard: createDashboard({ clock, figures: stores.figures }),
    audit: stores.audit,
    seedDevelopment: () => seedDevelopmentStaff({ clock, hasher, staff, accounts }),
    close: () => watermarker.close(),
  };
}
