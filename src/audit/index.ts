/**
 * What staff and operators did, as a chain: each record holds the hash of the one before, and the ends are signed with
 * a key that is not in the database. A record is written in the transaction of the act it records, or neither is.
 */
export {
  auditActions,
  toLine,
  type AuditAction,
  type AuditActor,
  type AuditEntry,
  type AuditLine,
  type AuditRecord,
} from './record.ts';
export {
  auditKept,
  type AuditLog,
  type ChainEnd,
  type EndKind,
  type Period,
  type SignedEnd,
} from './audit-log.ts';
export { verifyLog, type Break, type Verification } from './verify.ts';
export { exportLines, verifyExport } from './export.ts';
