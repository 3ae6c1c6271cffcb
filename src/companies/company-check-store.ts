import type { Instant } from '../core/clock.ts';
import type { AccountId, CheckPictureId, CompanyCheckId, CompanyId, StaffId } from '../core/ids.ts';
import type {
  CheckClaim,
  CheckDetails,
  CheckEnd,
  CheckFinding,
  CheckPicture,
  CompanyCheck,
  CompanyCheckKind,
  CompanyCheckState,
} from './company-check.ts';

/** Absent members stay as they are. */
export type CheckChange = {
  readonly details?: CheckDetails;
  readonly findings?: readonly CheckFinding[];
  readonly attempts?: number;
  readonly decidedBy?: StaffId | 'machine';
  readonly reason?: CheckEnd;
  readonly submittedAt?: Instant;
  readonly decidedAt?: Instant;
  /** Null: not while it is under way. */
  readonly expiresAt?: Instant | null;
};

export type CheckKey = {
  readonly companyId: CompanyId;
  readonly accountId: AccountId;
  readonly kind: CompanyCheckKind;
};

export type CompanyCheckStore = {
  /** The check under way of this kind, made when there is none; safe when two ask at once. */
  ensure(key: CheckKey, expiresAt: Instant): Promise<CompanyCheck>;
  find(id: CompanyCheckId): Promise<CompanyCheck | undefined>;
  /** The check under way, else the newest one. */
  newest(key: CheckKey): Promise<CompanyCheck | undefined>;
  /** Checks of a kind that were begun for a company since `since`. */
  countSince(companyId: CompanyId, kind: CompanyCheckKind, since: Instant): Promise<number>;
  /** Changes a check in the state and version that was read, and with `to` its state; false when it moved on. */
  update(read: CompanyCheck, change: CheckChange, to?: CompanyCheckState): Promise<boolean>;
  /** Checks that wait for a reviewer, the longest waiting first. */
  queue(limit: number): Promise<CompanyCheck[]>;
  /** Takes a submitted check unless somebody else holds it at `now`; false when they do or it is no longer submitted. */
  claim(id: CompanyCheckId, claim: CheckClaim, now: Instant): Promise<boolean>;
  /** False when it was not this person's at `now`. */
  release(id: CompanyCheckId, staffId: StaffId, now: Instant): Promise<boolean>;
  countClaims(staffId: StaffId, now: Instant): Promise<number>;
  /** Open checks that nobody touched until `now`. */
  listAbandoned(now: Instant, limit: number): Promise<CompanyCheck[]>;
  /** Deposits that were begun before `before` and are still waiting. */
  listOldDeposits(before: Instant, limit: number): Promise<CompanyCheck[]>;
  /** Deletes records whose retention is over, with their data keys. */
  purge(now: Instant, limit: number): Promise<number>;
};

export type CheckPictureStore = {
  /** Notes that an object is about to be written, so that a crash leaves nothing that is not known. */
  announce(
    picture: Pick<CheckPicture, 'checkId' | 'width' | 'height' | 'complaint'>,
    thumbnail: Buffer,
  ): Promise<CheckPicture>;
  /** Makes a pending picture the current one and retires the one before; false when it is gone. */
  activate(id: CheckPictureId): Promise<boolean>;
  current(checkId: CompanyCheckId): Promise<CheckPicture | undefined>;
  count(checkId: CompanyCheckId): Promise<number>;
  thumbnail(picture: CheckPicture): Promise<Buffer | undefined>;
  sealContent(picture: CheckPicture, content: Buffer): Promise<Buffer>;
  openContent(picture: CheckPicture, sealed: Buffer): Promise<Buffer | undefined>;
  /** When the pictures of a check have to be gone; `now` or earlier: they are not shown any more. */
  scheduleDestruction(checkId: CompanyCheckId, at: Instant, now: Instant): Promise<void>;
  /** Pictures whose bytes are due: replaced, past their time, or announced before `pendingBefore` and never stored. */
  listDue(now: Instant, pendingBefore: Instant, limit: number): Promise<CheckPicture[]>;
  markDestroyed(id: CheckPictureId): Promise<void>;
};
