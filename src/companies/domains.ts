import type { AccountId, CompanyId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { DomainName } from '../accounts/index.ts';
import type { DomainProblem } from './company-domain.ts';
import type { CompanyEmail, CompanyEmailStores } from './company-email.ts';
import type { Membership } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { acts, administratorOf, inCompany, letAct, type MembersDeps } from './in-company.ts';

type DomainAct = { readonly by: AccountId; readonly companyId: CompanyId; readonly domain: string };
type Refused = 'not_found' | 'not_allowed';

/** What administrators say of the addresses of their company. */
export type Domains = {
  bind(
    act: DomainAct,
  ): Promise<
    Result<{ domain: DomainName }, Refused | DomainProblem | 'not_eligible' | 'unknown_company' | 'too_many'>
  >;
  /**
   * A membership that rests on an address of the domain alone falls due: it lapses two weeks from now (the policy's
   * `memberDueBefore`), unless it is shown in another way.
   */
  unbind(
    act: DomainAct,
  ): Promise<Result<{ domain: DomainName; due: readonly AccountId[] }, Refused | 'not_bound'>>;
  /** How many memberships rest on each bound domain alone, for the warning before it is removed. */
  countResting(companyId: CompanyId): Promise<ReadonlyMap<DomainName, number>>;
};

/** As many as a large group uses; more are a mistake. */
const MOST = 20;

export function createDomains<S extends CompanyStores & CompanyEmailStores>(
  deps: Pick<MembersDeps<S>, 'stores' | 'transact' | 'clock' | 'policy' | 'recompute' | 'isEligible'>,
  emails: Pick<CompanyEmail<S>, 'bindDomain' | 'unbindDomain' | 'listDomains'>,
): Domains {
  const { stores, transact, clock, policy, recompute, isEligible } = deps;

  /** What an administrator gave for longer than the proof lasts does not rest on it. */
  async function resting(
    bound: S,
    companyId: CompanyId,
    domain: DomainName,
    members: readonly Membership[],
  ): Promise<Membership[]> {
    const found: Membership[] = [];
    for (const member of members) {
      const { accountId, evidence, validUntil } = member;
      if (!acts(member) || evidence !== 'company_email' || validUntil === undefined) continue;
      const proof = await bound.companyEmails.findProof(accountId, companyId, clock.now());
      if (proof?.domain === domain && validUntil <= proof.expiresAt) found.push(member);
    }
    return found;
  }

  return {
    bind: ({ by, companyId, domain }) =>
      inCompany(transact, companyId, async ({ bound, members }) => {
        if (!administratorOf(members, by)) return failed('not_allowed');
        if (!(await isEligible(bound, by, companyId))) return failed('not_eligible');
        if ((await emails.listDomains(bound, companyId)).length >= MOST) return failed('too_many');
        const answer = await emails.bindDomain(bound, { companyId, domain, by });
        if (answer.ok && answer.added)
          await bound.companyActivity.record({
            companyId,
            action: 'domain_bound',
            actor: by,
            detail: answer.domain,
          });
        return answer;
      }),
    unbind: ({ by, companyId, domain }) =>
      inCompany(transact, companyId, async ({ bound, members }) => {
        if (!administratorOf(members, by)) return failed('not_allowed');
        const answer = await emails.unbindDomain(bound, { companyId, domain });
        if (!answer.ok) return answer;
        await bound.companyActivity.record({
          companyId,
          action: 'domain_unbound',
          actor: by,
          detail: answer.domain,
        });
        const now = clock.now();
        const affected = await resting(bound, companyId, answer.domain, members);
        for (const member of affected) {
          const until = Math.min(member.validUntil ?? Infinity, now + policy.memberDueBefore);
          await letAct(bound, member, until, { actor: by, now, policy });
        }
        const due = affected.map(({ accountId }) => accountId).sort();
        for (const accountId of due) await recompute(bound, accountId);
        return ok({ domain: answer.domain, due });
      }),
    async countResting(companyId) {
      const members = await stores.memberships.listByCompany(companyId);
      const counted = new Map<DomainName, number>();
      for (const { domain } of await emails.listDomains(stores, companyId))
        counted.set(domain, (await resting(stores, companyId, domain, members)).length);
      return counted;
    },
  };
}
