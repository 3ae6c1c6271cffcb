import type { EventStore, JobStore } from '../events/index.ts';
import { bindEvents } from './events.ts';
import type { ClaimStore, ReviewLog, StaffStore } from '../review/index.ts';
import { bindCaseClaims } from './case-claims.ts';
import type { Handle } from './handle.ts';
import { bindJobs } from './jobs.ts';
import { bindReviewLog } from './review-log.ts';
import { bindStaff } from './staff.ts';

/** Every store of the program, bound to the same database or the same transaction. */
export type Stores = {
  readonly events: EventStore;
  readonly jobs: JobStore;
  readonly staff: StaffStore;
  readonly claims: ClaimStore;
  readonly reviewLog: ReviewLog;
};

export function bindStores(handle: Handle): Stores {
  return {
    events: bindEvents(handle),
    jobs: bindJobs(handle),
    staff: bindStaff(handle),
    claims: bindCaseClaims(handle),
    reviewLog: bindReviewLog(handle),
  };
}
