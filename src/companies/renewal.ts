import type { Clock, Instant } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { Company } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { recordDetails, type DetailField, type DetailSource } from './details.ts';
import { deriveMembers } from './derive-members.ts';
import type { CompanyPolicy } from './policy.ts';
import { scheduleOf } from './schedule.ts';
import { moveCompany, type Actor } from './transitions.ts';

type Renewal = {
  readonly company: Company;
  /** What the evidence says of it; a name among them becomes the one in force. */
  readonly details: { readonly [field in DetailField]?: string };
  readonly source: DetailSource;
  /** When the licence it was verified by runs out. */
  readonly licenceEnds?: Instant | undefined;
  readonly by: Actor;
  /** Whose status the caller derives again itself. */
  readonly except?: AccountId;
};

export type RenewCompany<S> = (stores: S, renewal: Renewal) => Promise<boolean>;

/**
 * Verifies a company for another period, and derives the status of everybody who acts for it: what counts again counts
 * for all of them. False where its state does not allow that, or changed meanwhile.
 */
export function createRenewal<S extends CompanyStores>({
  clock,
  policy,
  recompute,
}: {
  readonly clock: Clock;
  readonly policy: CompanyPolicy;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
}): RenewCompany<S> {
  return async (stores, { company, details, source, licenceEnds, by, except }) => {
    const now = clock.now();
    const recheckAt = Math.min(now + policy.recheckAfter, licenceEnds ?? Infinity);
    const verified = await moveCompany(stores, company, 'verify', by, {
      verifiedAt: now,
      recheckAt,
      reminders: 0,
      nextChangeAt: scheduleOf(recheckAt, now, policy).nextChangeAt ?? null,
      ...(details.name === undefined ? {} : { name: details.name }),
    });
    if (!verified) return false;
    if (details.name !== undefined) await stores.companies.addName(company.id, details.name);
    await recordDetails(stores, company.id, details, source, now);
    await deriveMembers(stores, company.id, recompute, except);
    return true;
  };
}
