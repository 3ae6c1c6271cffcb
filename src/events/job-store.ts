import type { Instant } from '../core/clock.ts';
import type { JobId } from '../core/ids.ts';

/** Kind of job → its payload: identifiers only, what is personal stays sealed in the row they name. */
export type JobPayloads = {
  'sms.send': { messageId: string };
  'mail.send': { messageId: string };
  'images.destroy': { caseId: string };
  'case.examine': { caseId: string };
  'deposit.send': { checkId: string };
  /** `to`: the state that is told; `at`: since when. */
  'company.notice': { membershipId: string; to: string; at: number; messageId: string };
};

export type JobKind = keyof JobPayloads;

export type NewJob = {
  [K in JobKind]: {
    readonly kind: K;
    readonly payload: JobPayloads[K];
    /** Not before this instant; at once when absent. */
    readonly runAt?: Instant;
  };
}[JobKind];

export type ClaimedJob = {
  [K in JobKind]: {
    readonly id: JobId;
    readonly kind: K;
    readonly payload: JobPayloads[K];
    /** 1 at the first attempt. */
    readonly attempt: number;
  };
}[JobKind];

export type JobStore = {
  /** Adds work within the caller's transaction; workers are woken after the commit. */
  enqueue(job: NewJob): Promise<JobId>;
  /**
   * Takes due jobs (of `kinds` where given), or those whose lease ran out, and leases them until `leaseUntil`. A job is
   * handed to one claimant only, however many processes ask.
   */
  claim(now: Instant, leaseUntil: Instant, limit: number, kinds?: readonly JobKind[]): Promise<ClaimedJob[]>;
  complete(id: JobId): Promise<void>;
  /** Puts the job back to be tried at `runAt`; `error` is a code, never a message. */
  retry(id: JobId, runAt: Instant, error: string): Promise<void>;
  /** Puts the job back to be run at `runAt`; what was done with it so far is no attempt. */
  postpone(id: JobId, runAt: Instant): Promise<void>;
  /** Gives the job up for good; it stays for inspection until it expires. */
  fail(id: JobId, error: string): Promise<void>;
  purge(now: Instant, limit: number): Promise<number>;
};
