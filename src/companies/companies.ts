import type { Clock } from '../core/clock.ts';
import type { AccountId, CompanyId, MembershipId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { readCreditCode, type CompanyDesk } from '../verification/index.ts';
import { actingStates, askingStates, standingStates, type Company } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { deriveMembers } from './derive-members.ts';
import type { CompanyPolicy } from './policy.ts';
import type { CompanyRegistry } from './registry.ts';
import { createRenewal } from './renewal.ts';
import { createSweep, type SweepDeps } from './sweep.ts';
import { moveCompany, moveMembership } from './transitions.ts';

export type CompaniesDeps<S extends CompanyStores> = {
  /** For reading what is due, outside any transaction. */
  readonly stores: CompanyStores;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly policy: CompanyPolicy;
  readonly registry?: CompanyRegistry | undefined;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
  readonly remind: SweepDeps<S>['remind'];
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
  /** Moves what only time changes, at most `limit` of each; returns how many were looked at. */
  sweep(limit: number): Promise<number>;
};

/**
 * Companies and who acts for them. One row per credit code: an application names a known company or claims a new
 * one, and its decision moves company and membership together.
 */
export function createCompanies<S extends CompanyStores>(deps: CompaniesDeps<S>): Companies<S> {
  const { clock, registry, recompute } = deps;
  const renew = createRenewal<S>(deps);
  const others = (stores: S, companyId: CompanyId, caller: AccountId) =>
    deriveMembers(stores, companyId, recompute, caller);

  /** A company nobody applies for any more goes back to being merely known. */
  const releaseIfUnclaimed = async (stores: S, companyId: CompanyId, caller: AccountId): Promise<void> => {
    const company = await present(stores, companyId);
    const members = await stores.memberships.listByCompany(companyId);
    if (members.some(({ state }) => actingStates.includes(state) || askingStates.includes(state))) return;
    if (await moveCompany(stores, company, 'release', 'system')) await others(stores, companyId, caller);
  };

  return {
    registry,
    readCode: readCreditCode,
    async find(stores, creditCode, accountId) {
      const company = await stores.companies.findByCode(creditCode);
      if (!company) return undefined;
      const { id, state, name } = company;
      const members = await stores.memberships.listByCompany(id);
      const others = members.filter((member) => member.accountId !== accountId);
      return { id, state, name, actedFor: others.some((member) => actingStates.includes(member.state)) };
    },
    async joined(stores, accountId, except) {
      const found: { name: string; acts: boolean }[] = [];
      for (const { companyId, state, caseId } of await stores.memberships.listByAccount(accountId)) {
        const acts = actingStates.includes(state);
        const asks = askingStates.includes(state) && !(state === 'in_review' && caseId && caseId === except);
        if (!acts && !asks) continue;
        const company = await present(stores, companyId);
        if (standingStates.includes(company.state)) found.push({ name: company.name, acts });
      }
      return found;
    },
    async apply(stores, { accountId, caseId, name, creditCode }) {
      const company = await stores.companies.ensure(creditCode, name);
      await stores.companies.addName(company.id, name);
      if (await moveCompany(stores, company, 'claim', accountId)) await others(stores, company.id, accountId);
      for (const other of await stores.memberships.listByCase(caseId)) {
        if (other.companyId !== company.id && other.state === 'in_review') {
          await moveMembership(stores, other, 'end', accountId, { endedAt: clock.now() });
          await releaseIfUnclaimed(stores, other.companyId, accountId);
        }
      }
      const membership = await stores.memberships.ensure(accountId, company.id);
      await moveMembership(stores, membership, 'apply', accountId, { caseId });
      return company.id;
    },
    async approve(stores, { accountId, caseId, companyId, name, evidence, details, licenceEnds }) {
      const company = await present(stores, companyId);
      const now = clock.now();
      const stood = standingStates.includes(company.state);
      // Who hands in a case does not rename a company that stands.
      await renew(stores, {
        company,
        details: { ...details, ...(stood ? {} : { name }) },
        source: 'licence',
        licenceEnds,
        by: 'system',
        except: accountId,
      });
      const membership = await stores.memberships.findFor(accountId, companyId);
      if (membership) {
        const change = { caseId, evidence, activatedAt: now };
        await moveMembership(stores, membership, 'activate', 'system', change);
      }
    },
    async close(stores, { accountId, companyId, reasons, outcome }) {
      const membership = await stores.memberships.findFor(accountId, companyId);
      const acts = membership && actingStates.includes(membership.state);
      if (membership && (!acts || outcome === 'ended_after_approval')) {
        const change = { endedAt: clock.now(), endedReason: outcome };
        await moveMembership(stores, membership, 'end', accountId, change);
      }
      if (outcome === 'rejected' && reasons.some(({ step }) => step === 'company')) {
        const company = await present(stores, companyId);
        if (await moveCompany(stores, company, 'reject', 'staff')) await others(stores, companyId, accountId);
      } else {
        await releaseIfUnclaimed(stores, companyId, accountId);
      }
    },
    async revokeMembership(stores, { membershipId, reason }) {
      const membership = await stores.memberships.find(membershipId);
      if (!membership) return failed('not_found');
      const change = { endedAt: clock.now(), endedReason: reason };
      if (!(await moveMembership(stores, membership, 'revoke', 'staff', change))) return failed('not_active');
      await recompute(stores, membership.accountId);
      return ok();
    },
    async revokeCompany(stores, { companyId }) {
      const company = await stores.companies.find(companyId);
      if (!company) return failed('not_found');
      if (!(await moveCompany(stores, company, 'revoke', 'staff', { nextChangeAt: null })))
        return failed('not_verified');
      await deriveMembers(stores, companyId, recompute);
      return ok();
    },
    sweep: createSweep(deps),
  };
}

async function present(stores: CompanyStores, id: CompanyId): Promise<Company> {
  const company = await stores.companies.find(id);
  if (!company) throw new Error('a case names a company that does not exist');
  return company;
}
