import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, InvitationId } from '../core/ids.ts';
import type { MembershipRole } from './company.ts';

/** A link by which one person joins a company; whoever made it approved them by it. Its secret is kept as a keyed hash. */
export type Invitation = {
  readonly id: InvitationId;
  readonly companyId: CompanyId;
  readonly role: MembershipRole;
  readonly invitedBy: AccountId;
  /** When the membership it makes lapses; undefined: with nothing but the company. */
  readonly memberUntil: Instant | undefined;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly acceptedAt: Instant | undefined;
  readonly acceptedBy: AccountId | undefined;
  readonly withdrawnAt: Instant | undefined;
};
