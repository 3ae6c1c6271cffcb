import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../core/ids.ts';

/** What can happen in a company; its administrators see it on the company's page. */
export type ActivityAction =
  | 'company_verified'
  | 'company_due'
  | 'company_lapsed'
  | 'company_rejected'
  | 'company_revoked'
  | 'detail_changed'
  | 'member_requested'
  | 'member_activated'
  | 'member_declined'
  | 'member_due'
  | 'member_lapsed'
  | 'member_left'
  | 'member_removed'
  | 'member_revoked'
  | 'role_changed'
  | 'end_date_changed'
  | 'invitation_made'
  | 'invitation_withdrawn'
  | 'domain_bound'
  | 'domain_unbound';

export type ActivityEntry = {
  readonly companyId: CompanyId;
  readonly action: ActivityAction;
  /** Who did it: a member, `staff` (never which one) or `system`. */
  readonly actor: AccountId | 'staff' | 'system';
  /** The membership it is about. */
  readonly membershipId?: MembershipId;
  /** A code: a role, a kind of evidence, a field. Nothing personal. */
  readonly detail?: string;
};

export type Activity = ActivityEntry & { readonly id: string; readonly at: Instant };
