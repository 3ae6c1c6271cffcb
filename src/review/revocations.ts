import type { AccountState, AccountStore } from '../accounts/index.ts';
import type { Clock } from '../core/clock.ts';
import type { AccountId, CaseId, CompanyId, Ids, MembershipId, StaffId } from '../core/ids.ts';
import { failed, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { Companies, Company, CompanyStores, Membership } from '../companies/index.ts';
import type { CaseReview, CaseStore, PersonStore } from '../verification/index.ts';
import { isReasonFor, type ReasonCode } from './reasons.ts';
import { reviewRecordsKept } from './review-queue.ts';
import type { Decision, ReviewLog } from './review-store.ts';

/** A recruiter as shown to staff: statuses and codes, nothing personal. */
export type FoundRecruiter = {
  readonly accountId: AccountId;
  /** Undefined once the account is gone. */
  readonly state: AccountState | undefined;
  readonly caseId: CaseId | undefined;
  readonly person:
    { readonly state: string; readonly level: string; readonly verifiedAt: number } | undefined;
  readonly memberships: readonly { readonly membership: Membership; readonly company: Company | undefined }[];
  readonly decisions: readonly Decision[];
};

export type FoundCompany = { readonly company: Company; readonly members: readonly Membership[] };

export type LookUp =
  | { readonly found: 'recruiter'; readonly recruiter: FoundRecruiter }
  | { readonly found: 'company'; readonly company: FoundCompany };

export type Revocation = {
  readonly staffId: StaffId;
  readonly reason: ReasonCode;
  readonly note: string | undefined;
} & (
  | { readonly target: 'person'; readonly id: AccountId }
  | { readonly target: 'membership'; readonly id: MembershipId }
  | { readonly target: 'company'; readonly id: CompanyId }
);

export type Revocations = {
  /** By case id, account id or exact credit code; there is no browsing and no search by what is personal. */
  lookUp(query: string): Promise<LookUp | undefined>;
  /** Takes a verification away, with its consequences and its record, in one transaction. */
  revoke(revocation: Revocation): Promise<Result<object, 'reason_unknown' | 'not_found' | 'not_in_force'>>;
};

type RevocationStores = CompanyStores & {
  readonly cases: CaseStore;
  readonly persons: PersonStore;
  readonly reviewLog: ReviewLog;
  readonly accounts: Pick<AccountStore, 'stateOf'>;
};

export type RevocationsDeps<S extends RevocationStores> = {
  clock: Clock;
  ids: Ids;
  stores: S;
  transact: Transact<S>;
  cases: Pick<CaseReview<S>, 'revokePerson'>;
  companies: Pick<Companies<S>, 'readCode' | 'revokeMembership' | 'revokeCompany'>;
};

const decisionsShown = 20;

export function createRevocations<S extends RevocationStores>(deps: RevocationsDeps<S>): Revocations {
  const { clock, ids, stores, transact, cases, companies } = deps;

  async function recruiter(accountId: AccountId): Promise<LookUp | undefined> {
    const newest = await stores.cases.newest(accountId);
    const person = await stores.persons.find(accountId);
    const memberships = await stores.memberships.listByAccount(accountId);
    const state = await stores.accounts.stateOf(accountId);
    if (!state && !newest && !person && memberships.length === 0) return undefined;
    return {
      found: 'recruiter',
      recruiter: {
        accountId,
        state,
        caseId: newest?.id,
        person: person && { state: person.state, level: person.level, verifiedAt: person.verifiedAt },
        memberships: await Promise.all(
          memberships.map(async (membership) => ({
            membership,
            company: await stores.companies.find(membership.companyId),
          })),
        ),
        decisions: await stores.reviewLog.decisionsOfAccount(accountId, decisionsShown),
      },
    };
  }

  async function company(code: string): Promise<LookUp | undefined> {
    const found = await stores.companies.findByCode(code);
    if (!found) return undefined;
    return {
      found: 'company',
      company: { company: found, members: await stores.memberships.listByCompany(found.id) },
    };
  }

  async function apply(
    bound: S,
    { target, id, staffId, reason }: Revocation,
  ): Promise<Pick<Decision, 'accountId' | 'companyId'> | 'not_found' | 'not_in_force'> {
    if (target === 'person') {
      const result = await cases.revokePerson(bound, { accountId: id, staffId, reason });
      return result.ok ? { accountId: id, companyId: undefined } : 'not_in_force';
    }
    if (target === 'membership') {
      const membership = await bound.memberships.find(id);
      if (!membership) return 'not_found';
      const result = await companies.revokeMembership(bound, { membershipId: id, staffId, reason });
      const { accountId, companyId } = membership;
      return result.ok ? { accountId, companyId } : 'not_in_force';
    }
    const result = await companies.revokeCompany(bound, { companyId: id, staffId, reason });
    if (result.ok) return { accountId: undefined, companyId: id };
    return result.reason === 'not_found' ? 'not_found' : 'not_in_force';
  }

  return {
    async lookUp(query) {
      const text = query.trim();
      if (text.startsWith('acc_')) return recruiter(text as AccountId);
      if (text.startsWith('cas_')) {
        const found = await stores.cases.find(text as CaseId);
        return found && recruiter(found.accountId);
      }
      const code = companies.readCode(text);
      return code.ok ? company(code.code) : undefined;
    },
    async revoke(revocation) {
      const { target, reason, staffId, note } = revocation;
      if (!isReasonFor(reason, 'revoke', target)) return failed('reason_unknown');
      return transact(async (bound) => {
        const about = await apply(bound, revocation);
        if (typeof about === 'string') return failed(about);
        const now = clock.now();
        const decision: Decision = {
          id: ids.next('dec'),
          caseId: undefined,
          ...about,
          staffId,
          kind: 'revoke',
          reasons: [{ reason, step: target }],
          message: undefined,
          note,
          occurredAt: now,
        };
        await bound.reviewLog.decide(decision, now + reviewRecordsKept);
        return { ok: true };
      });
    },
  };
}
