import {
  actingStates,
  representativesOf,
  type Company,
  type CompanyStores,
} from '../../../companies/index.ts';
import type { Instant } from '../../../core/clock.ts';
import type { AccountId, CompanyId } from '../../../core/ids.ts';

/** A company somebody acts for, and who can do something about its verification. */
export type OwnCompany = {
  readonly id: CompanyId;
  readonly name: string;
  readonly state: Company['state'];
  /** When it has to be verified again. */
  readonly recheckAt: Instant | undefined;
  /** Whether they may hand in evidence in its name. */
  readonly represents: boolean;
  /** The verified names of those who may. */
  readonly representatives: readonly string[];
};

type OwnCompaniesDependencies = {
  readonly stores: CompanyStores;
  readonly nameOf: (id: AccountId) => Promise<string | undefined>;
};

/** Reads the companies somebody acts for, the one joined first before the others. */
export function createOwnCompanies({ stores, nameOf }: OwnCompaniesDependencies) {
  return async (accountId: AccountId): Promise<OwnCompany[]> => {
    const own = await stores.memberships.listByAccount(accountId);
    const acting = own.filter(({ state }) => actingStates.includes(state));
    const found = acting.map(async ({ companyId }) => {
      const company = await stores.companies.find(companyId);
      if (!company) return undefined;
      const speakers = representativesOf(await stores.memberships.listByCompany(companyId));
      const names = await Promise.all(speakers.map((one) => nameOf(one.accountId)));
      const { id, name, state, recheckAt } = company;
      return {
        ...{ id, name, state, recheckAt },
        represents: speakers.some((one) => one.accountId === accountId),
        representatives: names.filter((one) => one !== undefined),
      };
    });
    return (await Promise.all(found)).filter((one) => one !== undefined);
  };
}
