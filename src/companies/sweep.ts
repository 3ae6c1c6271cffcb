import type { Clock, Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { Transact } from '../core/transact.ts';
import { accountClasses } from './account-class.ts';
import { actingStates, standingStates, type Membership } from './company.ts';
import type { CompanyStores, EndingDetail } from './company-store.ts';
import { deriveMembers } from './derive-members.ts';
import type { CompanyPolicy } from './policy.ts';
import { representativesOf } from './representatives.ts';
import { scheduleOf, timelyEvent } from './schedule.ts';
import { moveCompany, moveMembership } from './transitions.ts';

export type SweepDeps<S extends CompanyStores> = {
  readonly stores: CompanyStores;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly policy: CompanyPolicy;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
  /** Tells the administrators of a company, within the transaction, what it has to renew. */
  readonly remind: (stores: S, ending: Ending, administrators: readonly AccountId[]) => Promise<void>;
};

export type Ending = {
  readonly companyId: CompanyId;
  readonly what: 'verification' | 'commercial_licence';
  /** Undefined: it has ended. */
  readonly until: Instant | undefined;
};

/**
 * What only time changes: companies and memberships fall due and lapse, and administrators are reminded. Each in a
 * transaction of its own with the status of everybody concerned; returns how many were looked at.
 */
export function createSweep<S extends CompanyStores>(deps: SweepDeps<S>): (limit: number) => Promise<number> {
  const { stores, transact, clock, policy, recompute, remind } = deps;
  const ofMembers = { dueBefore: policy.memberDueBefore, remindBefore: [] };

  const sweepCompany = (id: CompanyId): Promise<void> =>
    transact(async (bound) => {
      await bound.companies.lock(id);
      const company = await bound.companies.find(id);
      if (!company) return;
      const { state, reminders, nextChangeAt = null } = scheduleOf(company.recheckAt, clock.now(), policy);
      const event = timelyEvent(company.state, state);
      const stands = event !== undefined || company.state === 'due' || company.state === 'verified';
      const change = { reminders, nextChangeAt: stands ? nextChangeAt : null };
      const moved = event
        ? await moveCompany(bound, company, event, 'system', change)
        : await bound.companies.advance(id, company.state, company.state, change);
      if (!moved || !stands) return;
      const members = await bound.memberships.listByCompany(id);
      if (event === 'lapse' || reminders > company.reminders) {
        const until = event === 'lapse' ? undefined : company.recheckAt;
        await remind(bound, { companyId: id, what: 'verification', until }, administratorsOf(members));
      }
      if (event) await deriveMembers(bound, id, recompute);
    });

  /** The end of a licence moves no company; statuses follow it by themselves, so that only telling is left. */
  const sweepLicence = (detail: EndingDetail): Promise<void> =>
    transact(async (bound) => {
      const { companyId, validUntil, field } = detail;
      const times = { dueBefore: 0, remindBefore: policy.remindBefore };
      const { state, reminders, nextChangeAt = null } = scheduleOf(validUntil, clock.now(), times);
      if (!(await bound.companies.noticed(detail, nextChangeAt)) || reminders === 0) return;
      const company = await bound.companies.find(companyId);
      if (field !== 'commercial_licence' || !company || !standingStates.includes(company.state)) return;
      if (!accountClasses[company.accountClass].shows.includes(field)) return;
      const members = await bound.memberships.listByCompany(companyId);
      const until = state === 'lapsed' ? undefined : validUntil;
      await remind(bound, { companyId, what: field, until }, administratorsOf(members));
    });

  return async (limit) => {
    const licences = await stores.companies.listNoticeable(clock.now(), limit);
    for (const licence of licences) await sweepLicence(licence);
    const companies = await stores.companies.listDue(clock.now(), limit);
    for (const { id } of companies) await sweepCompany(id);
    const memberships = await stores.memberships.listDue(clock.now(), limit);
    for (const { id } of memberships) {
      await transact(async (bound) => {
        const membership = await bound.memberships.find(id);
        if (!membership) return;
        const { state, nextChangeAt = null } = scheduleOf(membership.validUntil, clock.now(), ofMembers);
        const event = timelyEvent(membership.state, state);
        const acts = actingStates.includes(membership.state);
        const change = { nextChangeAt: acts ? nextChangeAt : null };
        const moved = event
          ? await moveMembership(bound, membership, event, 'system', change)
          : await bound.memberships.advance(id, membership.state, membership.state, change);
        if (moved && event) await recompute(bound, membership.accountId);
      });
    }
    return licences.length + companies.length + memberships.length;
  };
}

function administratorsOf(members: readonly Membership[]): AccountId[] {
  return representativesOf(members).map(({ accountId }) => accountId);
}
