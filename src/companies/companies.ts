import type { Clock } from '../core/clock.ts';
import type { AccountId, CompanyId, MembershipId, StaffId } from '../core/ids.ts';
import { advance } from '../core/machine.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { companyMachine, membershipMachine } from './company.ts';
import type { Company, CompanyEvent, Membership, MembershipEvent } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { readCreditCode, type CompanyDesk } from '../verification/index.ts';

export type CompaniesDeps<S extends CompanyStores> = {
  readonly clock: Clock;
  /** Milliseconds after which a verified company is looked at again. */
  readonly recheckAfter: number;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

export type Companies<S extends CompanyStores> = CompanyDesk<S> & {
  /** Ends one recruiter's right to act for a company. */
  revokeMembership(
    stores: S,
    input: { membershipId: MembershipId; staffId: StaffId; reason: string },
  ): Promise<Result<object, 'not_found' | 'not_active'>>;
  /** Takes the company's verification away; every member's status follows. */
  revokeCompany(
    stores: S,
    input: { companyId: CompanyId; staffId: StaffId; reason: string },
  ): Promise<Result<object, 'not_found' | 'not_verified'>>;
};

/**
 * Companies and who acts for them. One row per credit code: an application names a known company or claims a new
 * one, and its decision moves company and membership together.
 */
export function createCompanies<S extends CompanyStores>({
  clock,
  recheckAfter,
  recompute,
}: CompaniesDeps<S>): Companies<S> {
  return {
    readCode: readCreditCode,
    async find(stores, creditCode, accountId) {
      const company = await stores.companies.findByCode(creditCode);
      if (!company) return undefined;
      const { id, state, name } = company;
      const members = await stores.memberships.listByCompany(id);
      const others = members.filter((member) => member.accountId !== accountId);
      return { id, state, name, actedFor: others.some((member) => member.state === 'active') };
    },
    async apply(stores, { accountId, caseId, name, creditCode }) {
      const company = await stores.companies.ensure(creditCode, name);
      await stores.companies.addName(company.id, name);
      await moveCompany(stores, company, 'claim');
      for (const other of await stores.memberships.listByCase(caseId)) {
        if (other.companyId !== company.id && other.state === 'in_review') {
          await moveMembership(stores, other, 'end', { endedAt: clock.now() });
          await releaseIfUnclaimed(stores, other.companyId);
        }
      }
      const membership = await stores.memberships.ensure(accountId, company.id, caseId);
      await moveMembership(stores, membership, 'apply', { caseId });
      return company.id;
    },
    async approve(stores, { accountId, caseId, companyId, name }) {
      const company = await present(stores, companyId);
      const now = clock.now();
      await moveCompany(stores, company, 'verify', {
        verifiedAt: now,
        recheckAt: now + recheckAfter,
        ...(company.state === 'verified' ? {} : { name }),
      });
      const membership = await stores.memberships.findFor(accountId, companyId);
      if (membership) await moveMembership(stores, membership, 'activate', { caseId, activatedAt: now });
      // A company that counts again counts for everybody who acts for it.
      for (const other of await stores.memberships.listByCompany(companyId)) {
        if (other.accountId !== accountId && other.state === 'active')
          await recompute(stores, other.accountId);
      }
    },
    async close(stores, { accountId, companyId, reasons, outcome }) {
      const membership = await stores.memberships.findFor(accountId, companyId);
      const ends = membership?.state !== 'active' || outcome === 'ended_after_approval';
      if (membership && ends) await moveMembership(stores, membership, 'end', { endedAt: clock.now() });
      if (outcome === 'rejected' && reasons.some(({ step }) => step === 'company')) {
        await moveCompany(stores, await present(stores, companyId), 'reject');
      } else {
        await releaseIfUnclaimed(stores, companyId);
      }
    },
    async revokeMembership(stores, { membershipId }) {
      const membership = await stores.memberships.find(membershipId);
      if (!membership) return failed('not_found');
      const moved = await moveMembership(stores, membership, 'revoke', { endedAt: clock.now() });
      if (!moved) return failed('not_active');
      await recompute(stores, membership.accountId);
      return ok();
    },
    async revokeCompany(stores, { companyId }) {
      const company = await stores.companies.find(companyId);
      if (!company) return failed('not_found');
      if (!(await moveCompany(stores, company, 'revoke'))) return failed('not_verified');
      for (const { accountId, state } of await stores.memberships.listByCompany(companyId)) {
        if (state === 'active' || state === 'in_review') await recompute(stores, accountId);
      }
      return ok();
    },
  };
}

async function present(stores: CompanyStores, id: CompanyId): Promise<Company> {
  const company = await stores.companies.find(id);
  if (!company) throw new Error('a case names a company that does not exist');
  return company;
}

/** A company nobody applies for any more goes back to being merely known. */
async function releaseIfUnclaimed(stores: CompanyStores, companyId: CompanyId): Promise<void> {
  const company = await present(stores, companyId);
  const members = await stores.memberships.listByCompany(companyId);
  if (members.some(({ state }) => state === 'in_review' || state === 'active')) return;
  await moveCompany(stores, company, 'release');
}

async function moveCompany(
  stores: CompanyStores,
  company: Company,
  event: CompanyEvent,
  change: Parameters<CompanyStores['companies']['advance']>[3] = {},
): Promise<boolean> {
  const to = advance(companyMachine, company.state, event);
  if (!to || !(await stores.companies.advance(company.id, company.state, to, change))) return false;
  if (to === company.state) return true;
  await stores.events.append({
    type: 'company.status_changed',
    subject: company.id,
    payload: { companyId: company.id, from: company.state, to },
  });
  return true;
}

async function moveMembership(
  stores: CompanyStores,
  membership: Membership,
  event: MembershipEvent,
  change: Parameters<CompanyStores['memberships']['advance']>[3] = {},
): Promise<boolean> {
  const { id, state: from, companyId, accountId } = membership;
  const to = advance(membershipMachine, from, event);
  if (!to || !(await stores.memberships.advance(id, from, to, change))) return false;
  if (to === from) return true;
  await stores.events.append({
    type: 'membership.status_changed',
    subject: accountId,
    payload: { membershipId: id, companyId, from, to },
  });
  return true;
}
