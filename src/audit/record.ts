import type { Json } from '../core/canonical-json.ts';
import type { Instant } from '../core/clock.ts';
import { linkHash } from '../core/hash-chain.ts';
import type { StaffId } from '../core/ids.ts';

/** Everything the audit log can say was done: action → what its target is. */
export const auditActions = {
  'staff.signed_in': 'the member of staff',
  'staff.sign_in_refused': 'the member of staff, or nobody for an unknown login',
  'staff.signed_out': 'the member of staff',
  'staff.added': 'the member of staff',
  'staff.role_changed': 'the member of staff',
  'staff.disabled': 'the member of staff',
  'staff.enabled': 'the member of staff',
  'staff.reset': 'the member of staff',
  'staff.sessions_ended': 'the member of staff',
  'staff.password_changed': 'the member of staff',
  'staff.password_guessed': 'the member of staff whose current password was guessed at',
  'case.claimed': 'the case',
  'case.released': 'the case',
  'case.opened': 'the case',
  'case.decided': 'the case',
  'image.seen': 'the image',
  'image_part.seen': 'the image',
  'masked.revealed': 'the case',
  'opinion.given': 'the case',
  'opinion.seen': 'the case',
  'company_check.claimed': 'the company check',
  'company_check.released': 'the company check',
  'company_check.opened': 'the company check',
  'company_check.picture_seen': 'the company check',
  'company_check.decided': 'the company check',
  'staff.conflict_declared': 'the member of staff',
  'staff.conflict_withdrawn': 'the member of staff',
  'verification.revoked': 'the account or the company',
  'status.seen': 'the account or the company whose people were listed',
  'hold.set': 'the account',
  'hold.lifted': 'the account',
  'hold.appeal_seen': 'the account',
  'hold.appeal_granted': 'the account',
  'hold.appeal_refused': 'the account',
  'account.disabled': 'the account',
  'account.enabled': 'the account',
  'company.administrator_appointed': 'the membership',
  'audit.exported': 'nobody; the details say which period',
  'data_keys.rewrapped': 'the key-encryption key that wraps now',
  'signing_keys.rotated': 'the signing key',
  'policy.changed': 'the policy',
  'signals.webhook_added': 'the stream',
  'signals.stream_enabled': 'the stream',
  'signals.stream_disabled': 'the stream',
  'signals.stream_removed': 'the stream',
  'signals.replayed': 'the stream',
} as const;

export type AuditAction = keyof typeof auditActions;

/** A member of staff; `cli`: whoever may run commands on the server; `system`: the program by itself. */
export type AuditActor = StaffId | 'cli' | 'system';

/** What was done. Identifiers, codes and counts: nothing personal, because what is chained cannot be erased. */
export type AuditEntry = {
  readonly actor: AuditActor;
  readonly action: AuditAction;
  /** An identifier; see {@link auditActions}. */
  readonly target: string | undefined;
  readonly details?: { readonly [name: string]: Json };
};

/** An entry at its place in the chain. */
export type AuditRecord = {
  /** 1 for the first record ever; no number is left out. */
  readonly sequence: number;
  readonly occurredAt: Instant;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: { readonly [name: string]: Json };
  /** SHA-256 in hexadecimal of the record before. */
  readonly previousHash: string;
  readonly hash: string;
};

/** A record as a line of an export says it, and as its hash is computed over all but `hash`. */
export type AuditLine = {
  readonly sequence: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly occurred_at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: { readonly [name: string]: Json };
  readonly previous_hash: string;
  readonly hash: string;
};

export function toLine(record: AuditRecord): AuditLine {
  const { sequence, occurredAt, actor, action, target, details, previousHash, hash } = record;
  return {
    sequence,
    occurred_at: new Date(occurredAt).toISOString(),
    actor,
    action,
    target,
    details,
    previous_hash: previousHash,
    hash,
  };
}

/** The hash a line must have. */
export function hashOfLine({ hash: _, ...link }: AuditLine): string {
  return linkHash(link);
}
