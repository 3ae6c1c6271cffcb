import type { Instant } from '../core/clock.ts';
import type { CompanyId } from '../core/ids.ts';
import type { MembershipRole } from '../companies/index.ts';
import type { AccountStanding, Facts, Reason, RecruiterStatus } from '../entitlements/index.ts';
import { activeCompanies } from './acting.ts';

/** One company to act for, as the page offers it. */
export type CompanyOption = {
  readonly id: CompanyId;
  readonly name: string;
  readonly creditCode: string;
  readonly role: MembershipRole;
  /** When the right to act for it ends; undefined when it has no end. */
  readonly until: Instant | undefined;
  readonly status: RecruiterStatus;
  /** What stands first in the way of recruiting for it. */
  readonly reason: Reason | undefined;
};

/** Those the person may act for now, the one that leaves the least to do first. */
export function companyOptions(standing: AccountStanding, facts: Facts | undefined): CompanyOption[] {
  return activeCompanies(standing).flatMap(({ companyId, status, reasons }) => {
    const membership = facts?.memberships.find(({ company }) => company.id === companyId);
    if (!membership) return [];
    const { company, role, validUntil } = membership;
    const option = { id: companyId, name: company.name, creditCode: company.creditCode, role };
    return [{ ...option, until: validUntil ?? undefined, status, reason: reasons[0] }];
  });
}

export function companyName(facts: Facts | undefined, companyId: CompanyId | undefined): string | undefined {
  return facts?.memberships.find(({ company }) => company.id === companyId)?.company.name;
}
