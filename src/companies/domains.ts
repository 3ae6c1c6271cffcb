import type { AccountId, CompanyId } from '../core/ids.ts';
import { failed, type Result } from '../core/result.ts';
import type { DomainName } from '../accounts/index.ts';
import type { DomainProblem } from './company-domain.ts';
import type { CompanyEmail, CompanyEmailStores } from './company-email.ts';
import type { CompanyStores } from './company-store.ts';
import { administratorOf, inCompany, type MembersDeps } from './in-company.ts';

type DomainAct = { readonly by: AccountId; readonly companyId: CompanyId; readonly domain: string };
type Refused = 'not_found' | 'not_allowed';

/** What administrators say of the addresses of their company. */
export type Domains = {
  bind(
    act: DomainAct,
  ): Promise<
    Result<{ domain: DomainName }, Refused | DomainProblem | 'not_eligible' | 'unknown_company' | 'too_many'>
  >;
  /** Whoever acts for the company by an address of the domain does so until their proof ends. */
  unbind(act: DomainAct): Promise<Result<{ domain: DomainName }, Refused | 'not_bound'>>;
};

/** As many as a large group uses; more are a mistake. */
const MOST = 20;

export function createDomains<S extends CompanyStores & CompanyEmailStores>(
  { transact, isEligible }: Pick<MembersDeps<S>, 'transact' | 'isEligible'>,
  emails: Pick<CompanyEmail<S>, 'bindDomain' | 'unbindDomain' | 'listDomains'>,
): Domains {
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
        if (answer.ok)
          await bound.companyActivity.record({
            companyId,
            action: 'domain_unbound',
            actor: by,
            detail: answer.domain,
          });
        return answer;
      }),
  };
}
