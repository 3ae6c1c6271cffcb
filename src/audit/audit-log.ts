import { days, type Instant } from '../core/clock.ts';
import type { AuditAction, AuditEntry, AuditRecord } from './record.ts';

/** The longest period that the recruitment rules ask of a record; decisions and looks are kept as long. */
export const auditKept: number = days(3 * 366);

/** Where a chain begins or ends: the record it names, and its hash. Sequence 0 stands before the first record. */
export type ChainEnd = { readonly sequence: number; readonly hash: string };

/** `anchor`: the last record that retention removed; `head`: the newest one; `export`: the last line of an export. */
export type EndKind = 'anchor' | 'head' | 'export';

/** An end with its keyed signature; null where nothing was ever appended or removed. */
export type SignedEnd = ChainEnd & { readonly mac: string | null };

/** `from` ≤ time < `to`; without a bound there is none. */
export type Period = { readonly from?: Instant; readonly to?: Instant };

/** Append-only and chained; see decision 0056. */
export type AuditLog = {
  /**
   * Records what the transaction of this store does, as its last act before the commit: the chain is locked only for
   * that long, and other locks are always taken before it. Outside a transaction it is one of its own.
   */
  append(entry: AuditEntry): Promise<void>;
  /** Newest first, older than the record `before`. */
  newest(asked: { before?: number | undefined; limit: number }): Promise<AuditRecord[]>;
  /** The newest record of an action. */
  latest(action: AuditAction): Promise<AuditRecord | undefined>;
  /** Oldest first: records after number `after`, up to `until`, itself included. */
  read(asked: { after: number; until?: number; limit: number }): Promise<AuditRecord[]>;
  /**
   * The numbers a period takes up: from its first record to its last, what lies between included although the clock of
   * another process may have said otherwise. Undefined when there is none.
   */
  span(period: Period): Promise<{ first: number; last: number } | undefined>;
  /** The ends the database says the chain has. */
  ends(): Promise<{ anchor: SignedEnd; head: SignedEnd }>;
  /** Signs an end with the newest index key (HMAC-SHA-256). */
  sign(kind: EndKind, end: ChainEnd): string;
  /** Whether a key of this installation signed the end. */
  isGenuine(kind: EndKind, end: SignedEnd): boolean;
  /** Removes at most `limit` of the oldest records that happened before `before`, and moves the anchor. */
  purge(before: Instant, limit: number): Promise<number>;
};
