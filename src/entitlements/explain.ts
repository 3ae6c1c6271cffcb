import type { Clock, Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { Company, CompanyStore } from '../companies/index.ts';
import { deriveRecruiter, isActive, type Derivation } from './derive.ts';
import type { Facts, MembershipFacts } from './facts.ts';
import { factsAt } from './history.ts';
import { defaultPolicy, type RecruiterPolicy } from './policy.ts';
import { reasons, type NextStep, type Reason, type RecruiterStatus } from './reasons.ts';
import { openSince } from './since.ts';
import type { EntitlementStore } from './store.ts';

export type OpenReason = {
  readonly reason: Reason;
  readonly nextStep: NextStep;
  /** Since when it is open without a break, as far as the record goes back; undefined where there is none yet. */
  readonly since: Instant | undefined;
};

/** What the person would be if this membership were the only one. */
export type MembershipStanding = {
  readonly membership: MembershipFacts;
  readonly isActive: boolean;
  readonly status: RecruiterStatus;
  readonly reasons: readonly Reason[];
};

export type Explanation = {
  readonly accountId: AccountId;
  readonly at: Instant;
  readonly status: RecruiterStatus;
  readonly reasons: readonly OpenReason[];
  readonly nextStep: NextStep;
  readonly recheckAt: Instant | null;
  readonly memberships: readonly MembershipStanding[];
  readonly facts: Facts;
};

/** One of the people who have, or had, to do with a company. */
export type CompanyRecruiter = MembershipStanding & {
  readonly accountId: AccountId;
  readonly nextStep: NextStep;
};

export type CompanyRecruiters = {
  readonly company: Company;
  readonly at: Instant;
  readonly recruiters: readonly CompanyRecruiter[];
  /** The account after which the next page begins; undefined when there is none. */
  readonly next: AccountId | undefined;
};

export type Explanations = {
  /** Why an account is what it is, now or at an instant that was; undefined when nothing is known of it then. */
  explain(accountId: AccountId, at?: Instant): Promise<Explanation | undefined>;
  /** One person's standing with one company; undefined when they had nothing to do with it then. */
  standingAt(accountId: AccountId, companyId: CompanyId, at?: Instant): Promise<CompanyRecruiter | undefined>;
  findCompany(reference: string): Promise<Company | undefined>;
  /**
   * Who may publish for a company (its id or its credit code), and why the others may not; at most `limit` members are
   * looked at. Undefined for an unknown company.
   */
  whoMayPublish(
    reference: string,
    asked?: { at?: Instant | undefined; after?: AccountId | undefined; limit?: number },
  ): Promise<CompanyRecruiters | undefined>;
};

export type ExplanationDependencies = {
  readonly entitlements: EntitlementStore;
  readonly companies: Pick<CompanyStore, 'find' | 'findByCode'>;
  readonly clock: Clock;
  readonly policy?: RecruiterPolicy;
};

/** Snapshots that are looked through for the beginning of a reason. */
const looksBack = 100;

/** Answers why: the pure derivation over the facts of now, or over those that were kept of the instant asked for. */
export function createExplanations({
  entitlements,
  companies,
  clock,
  policy = defaultPolicy,
}: ExplanationDependencies): Explanations {
  const factsOf = (accountId: AccountId, at: Instant | undefined): Promise<Facts | undefined> =>
    at === undefined ? entitlements.facts(accountId) : factsAt(entitlements, accountId, at);

  const alone = (
    facts: Facts,
    membership: MembershipFacts,
    at: Instant,
  ): MembershipStanding & Derivation => ({
    membership,
    isActive: isActive(membership, at),
    ...deriveRecruiter({ ...facts, memberships: [membership] }, at, policy),
  });

  const findCompany: Explanations['findCompany'] = (reference) =>
    reference.startsWith('com_')
      ? companies.find(reference as CompanyId)
      : companies.findByCode(reference.toUpperCase());

  const standingAt: Explanations['standingAt'] = async (accountId, companyId, asked) => {
    const facts = await factsOf(accountId, asked);
    const membership = facts?.memberships.find(({ company }) => company.id === companyId);
    if (!facts || !membership) return undefined;
    const { isActive, status, reasons, nextStep } = alone(facts, membership, asked ?? clock.now());
    return { accountId, membership, isActive, status, reasons, nextStep };
  };

  return {
    findCompany,
    standingAt,
    async explain(accountId, asked) {
      const at = asked ?? clock.now();
      const facts = await factsOf(accountId, asked);
      if (!facts) return undefined;
      const { status, nextStep, recheckAt, reasons: open } = deriveRecruiter(facts, at, policy);
      const history = await entitlements.snapshotsUntil(accountId, at, looksBack);
      return {
        accountId,
        at,
        status,
        reasons: open.map((reason) => ({
          reason,
          nextStep: reasons[reason].nextStep,
          since: openSince(reason, history, at, policy),
        })),
        nextStep,
        recheckAt,
        memberships: facts.memberships.map((membership) => {
          const { isActive, status, reasons } = alone(facts, membership, at);
          return { membership, isActive, status, reasons };
        }),
        facts,
      };
    },
    async whoMayPublish(reference, { at, after, limit = 100 } = {}) {
      const company = await findCompany(reference);
      if (!company) return undefined;
      const members = await entitlements.accountsOf(company.id, { after, limit: limit + 1 });
      const page = members.slice(0, limit);
      const recruiters: CompanyRecruiter[] = [];
      for (const accountId of page) {
        const standing = await standingAt(accountId, company.id, at);
        if (standing) recruiters.push(standing);
      }
      return {
        company,
        at: at ?? clock.now(),
        recruiters,
        next: members.length > limit ? page.at(-1) : undefined,
      };
    },
  };
}
