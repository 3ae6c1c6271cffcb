import type { Clock } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { belongs, represents } from './check-access.ts';
import type { AccountClass, Company } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { inForce, type DetailField } from './details.ts';
import { deriveMembers } from './derive-members.ts';

type ClassRule = {
  /** What has to be on the company's record, besides its verified licence. */
  readonly shows: readonly DetailField[];
  /** Which credit codes may have it. */
  readonly codes: RegExp;
};

/**
 * What each class of company must show. Recruiting for others is a human-resources service and takes its licence
 * (Interim Regulation on the Human Resources Market, article 18). A public service is an institution or an organ of the
 * state: its credit code begins with the registration authority 1 (GB 32100-2015, table 1).
 */
export const accountClasses: { readonly [name in AccountClass]: ClassRule } = {
  own: { shows: [], codes: /^/ },
  commercial: { shows: ['commercial_licence'], codes: /^/ },
  public: { shows: [], codes: /^1/ },
};

export const accountClassNames = Object.keys(accountClasses) as AccountClass[];

export type ClassFailure = 'not_found' | 'not_administrator' | 'company_state' | 'class_not_public';

export type AccountClasses = {
  /** Says for whom the company recruits; everybody's status follows at once. */
  choose(
    key: { companyId: CompanyId; accountId: AccountId },
    accountClass: AccountClass,
  ): Promise<Result<object, ClassFailure>>;
  /** What the class still asks for; empty where everything is on record. */
  lacking(company: Company): Promise<readonly DetailField[]>;
};

export function createAccountClasses<S extends CompanyStores>({
  stores,
  transact,
  clock,
  recompute,
}: {
  readonly stores: CompanyStores;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
}): AccountClasses {
  return {
    choose: ({ companyId, accountId }, accountClass) =>
      transact(async (bound) => {
        await bound.companies.lock(companyId);
        const found = await belongs(bound, companyId, accountId);
        if (!found) return failed('not_found');
        const { company, membership } = found;
        if (!(await represents(bound, membership))) return failed('not_administrator');
        if (!accountClasses[accountClass].codes.test(company.creditCode)) return failed('class_not_public');
        if (company.accountClass === accountClass) return ok();
        const changed = await bound.companies.advance(companyId, company.state, company.state, {
          accountClass,
        });
        if (!changed) return failed('company_state');
        await bound.companyActivity.record({
          companyId,
          action: 'detail_changed',
          actor: accountId,
          detail: 'account_class',
        });
        await deriveMembers(bound, companyId, recompute);
        return ok();
      }),
    async lacking({ id, accountClass }) {
      const details = await stores.companies.listDetails(id);
      const now = clock.now();
      return accountClasses[accountClass].shows.filter((field) => !inForce(details, field, now));
    },
  };
}
