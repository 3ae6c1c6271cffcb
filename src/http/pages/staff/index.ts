import type Router from '@koa/router';
import type { Clock } from '../../../core/clock.ts';
import type { Review } from '../../../review/index.ts';
import type { SignalOperations } from '../../../signals/index.ts';
import type { State } from '../../context.ts';
import { requireDeclared } from '../../staff-access.ts';
import { createStaffCookie, createStaffGate } from '../../staff-session.ts';
import { staffRecordPages } from './case-record.ts';
import { staffAuditPages } from './audit.ts';
import { staffCasePages } from './cases.ts';
import { staffDashboardPages } from './dashboard.ts';
import { staffCompanyCheckPages } from './company-checks.ts';
import { staffImagePages } from './images.ts';
import { staffPeoplePages } from './people.ts';
import { staffQueuePages } from './queue.ts';
import { staffRecruiterPages } from './recruiters.ts';
import { staffSignalPages } from './signals.ts';
import { staffSignInPages } from './sign-in.ts';

/** The review console under /staff. */
export function staffPages({
  clock,
  issuer,
  review,
  signals,
}: {
  clock: Clock;
  issuer: string;
  review: Review;
  signals: SignalOperations;
}): Router<State>[] {
  const cookie = createStaffCookie(issuer);
  const gate = createStaffGate(review.signIn, cookie);
  const shared = { clock, gate, signals, ...review };
  const ofChecks = { ...shared, checks: review.companyChecks };
  const routers = [
    staffSignInPages({ ...shared, cookie }),
    staffQueuePages(shared),
    staffCasePages(shared),
    staffRecordPages(shared),
    staffCompanyCheckPages(ofChecks),
    staffImagePages(shared),
    staffRecruiterPages(shared),
    staffPeoplePages(shared),
    staffSignalPages(shared),
    staffAuditPages(shared),
    staffDashboardPages(shared),
  ];
  requireDeclared(routers);
  return routers;
}
