import type { Knex } from 'knex';
import * as base from './0001_base.ts';
import * as accounts from './0002_accounts.ts';
import * as oidc from './0003_oidc.ts';
import * as verification from './0004_verification.ts';
import * as entitlements from './0005_entitlements.ts';
import * as review from './0006_review.ts';
import * as recognition from './0007_recognition.ts';
import * as secondReview from './0008_second_review.ts';
import * as audit from './0009_audit.ts';
import * as companies from './0010_companies.ts';
import * as statusHistory from './0011_status_history.ts';
import * as signals from './0012_signals.ts';
import * as mail from './0013_mail.ts';
import * as acting from './0014_acting.ts';
import * as administered from './0015_administered.ts';
import * as registryChecks from './0016_registry_checks.ts';
import * as caseScope from './0018_case_scope.ts';
import * as companyChecks from './0019_company_checks.ts';
import * as awaitingAdmin from './0020_awaiting_admin.ts';
import * as licenceNotices from './0021_licence_notices.ts';

export type Migration = {
  readonly name: string;
  up(knex: Knex): Promise<void>;
  down(knex: Knex): Promise<void>;
};

/** Every migration in the order in which they run; a released one is never changed. */
export const migrations: readonly Migration[] = [
  { name: '0001_base', ...base },
  { name: '0002_accounts', ...accounts },
  { name: '0003_oidc', ...oidc },
  { name: '0004_verification', ...verification },
  { name: '0005_entitlements', ...entitlements },
  { name: '0006_review', ...review },
  { name: '0007_recognition', ...recognition },
  { name: '0008_second_review', ...secondReview },
  { name: '0009_audit', ...audit },
  { name: '0010_companies', ...companies },
  { name: '0011_status_history', ...statusHistory },
  { name: '0012_signals', ...signals },
  { name: '0013_mail', ...mail },
  { name: '0014_acting', ...acting },
  { name: '0015_administered', ...administered },
  { name: '0016_registry_checks', ...registryChecks },
  { name: '0018_case_scope', ...caseScope },
  { name: '0019_company_checks', ...companyChecks },
  { name: '0020_awaiting_admin', ...awaitingAdmin },
  { name: '0021_licence_notices', ...licenceNotices },
];
