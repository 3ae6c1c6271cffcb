import type { Company, CompanyStores, Membership } from '../../../companies/index.ts';
import type { AccountId } from '../../../core/ids.ts';
import { hasPlace } from '../../company-access.ts';
import type { Context } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import { sayEnd } from './wording.ts';

/** The place at a company that somebody lost last, where they have none anywhere any more. */
export type PastPlace = {
  readonly company: Company;
  readonly own: Membership;
  /** Whether they are verified themselves, which outlasts every place. */
  readonly verified: boolean;
};

export type FindPast = (accountId: AccountId) => Promise<PastPlace | undefined>;

type PastDependencies = {
  readonly stores: CompanyStores;
  readonly nameOf: (id: AccountId) => Promise<string | undefined>;
};

export function createFindPast({ stores, nameOf }: PastDependencies): FindPast {
  return async (accountId) => {
    const all = await stores.memberships.listByAccount(accountId);
    if (all.some(hasPlace)) return undefined;
    const [own] = all
      // A request that came to nothing took nothing away.
      .filter(({ activatedAt }) => activatedAt !== undefined)
      .sort((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0));
    const company = own && (await stores.companies.find(own.companyId));
    return own && company && { own, company, verified: (await nameOf(accountId)) !== undefined };
  };
}

/** How a place ended, why, what that leaves and what can be done about it: for who had it. */
export function sayPast(ctx: Context, { company, own, verified }: PastPlace) {
  const { t, lang } = ctx.state;
  const how = own.state === 'removed' || own.state === 'revoked' ? own.state : 'ended';
  const date = own.endedAt === undefined ? '' : formatDay(lang, own.endedAt);
  const reason = how === 'ended' ? undefined : sayEnd(ctx, own);
  return {
    title: t(`company.past.${how}`, { company: company.name, date }),
    lines: [
      // What staff decided is said in a sentence, what an administrator chose is not.
      ...(reason === undefined ? [] : [how === 'revoked' ? reason : t('company.past.reason', { reason })]),
      t(verified ? 'company.past.still_verified' : 'company.past.no_right'),
      t(`company.past.${how}_remedy`),
    ],
  };
}
