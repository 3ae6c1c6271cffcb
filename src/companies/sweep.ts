import type { Clock } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { Transact } from '../core/transact.ts';
import { actingStates } from './company.ts';
import type { CompanyStores } from './company-store.ts';
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
  /** Tells the administrators of a company, within the transaction, that it has to be verified again. */
  readonly remind: (
    stores: S,
    company: { id: CompanyId; lapsed: boolean },
    administrators: readonly AccountId[],
  ) => Promise<void>;
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
        const told = representativesOf(members);
        await remind(
          bound,
          { id, lapsed: event === 'lapse' },
          told.map(({ accountId }) => accountId),
        );
      }
      if (event) await deriveMembers(bound, id, recompute);
    });

  return async (limit) => {
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
    return companies.length + memberships.length;
  };
}
