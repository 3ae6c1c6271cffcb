import type { PasswordHasher } from '../accounts/index.ts';
import type { Companies, CompanyStores } from '../companies/index.ts';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { CaseReview, CaseStore, ImageStore, PersonStore } from '../verification/index.ts';
import { createCaseDesk, type CaseDesk } from './case-desk.ts';
import { createReviewDecisions, type ReviewDecisions } from './decisions.ts';
import { createReviewQueue, type ReviewQueue } from './review-queue.ts';
import { seedDevelopmentReviewer } from './development-staff.ts';
import type { ClaimStore, ReviewLog } from './review-store.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { createStaffAccounts, type StaffAccounts } from './staff-accounts.ts';
import { createStaffHasher } from './staff-hasher.ts';
import { createStaffSignIn, type StaffSignIn } from './staff-sign-in.ts';
import type { StaffStore } from './staff-store.ts';
import { createWatermarker, type Watermarker } from './watermarker.ts';

/** The stores of one transaction that review works with. */
export type ReviewStores = CompanyStores & {
  readonly staff: StaffStore;
  readonly claims: ClaimStore;
  readonly reviewLog: ReviewLog;
  readonly cases: CaseStore;
  readonly images: ImageStore;
  readonly persons: PersonStore;
};

export type Review = {
  readonly accounts: StaffAccounts;
  readonly signIn: StaffSignIn;
  readonly queue: ReviewQueue;
  readonly desk: CaseDesk;
  readonly decisions: ReviewDecisions;
  readonly revocations: Revocations;
  readonly watermarker: Watermarker;
  /** Development only: makes the reviewer whose credentials /dev/staff shows. */
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
  /** Shown by authenticator apps above the login. */
  readonly totpIssuer: string;
};

export function createReview<S extends ReviewStores>(deps: ReviewDeps<S>): Review {
  const { clock, ids, random, stores, transact, cases, companies, totpIssuer } = deps;
  const hasher = createStaffHasher(deps.hasher);
  const { staff } = stores;
  const watermarker = createWatermarker();
  const accounts = createStaffAccounts({ clock, ids, random, hasher, staff, transact, totpIssuer });
  return {
    accounts,
    signIn: createStaffSignIn({ clock, random, hasher, staff }),
    queue: createReviewQueue({ clock, stores, transact }),
    desk: createCaseDesk({ clock, stores, transact, cases }),
    decisions: createReviewDecisions({ clock, ids, stores, transact, cases }),
    revocations: createRevocations({ clock, ids, stores, transact, cases, companies }),
    watermarker,
    seedDevelopment: () => seedDevelopmentReviewer({ clock, hasher, staff, accounts }),
    close: () => watermarker.close(),
  };
}
