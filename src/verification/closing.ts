import type { Instant } from '../core/clock.ts';
import type { AccountId, CaseId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { separatePurposes } from '../privacy/index.ts';
import { loadView } from './answers.ts';
import type { CaseActor, VerificationCase } from './case.ts';
import { recordConsent } from './consents.ts';
import type { VerificationDeps } from './dependencies.ts';
import type { Evidence } from './evidence.ts';
import { personalImages } from './image-categories.ts';
import { isAboutPerson } from './scope.ts';
import type { VerificationStores } from './stores.ts';
import { advanceCase } from './transition.ts';

export type Closing = {
  /** "Stop and delete": ends the case, destroys its pictures and answers, and the recruiter status with it. */
  withdraw(accountId: AccountId, language: string): Promise<Result<object, 'nothing_to_withdraw'>>;
  /** Job `images.destroy`: deletes the bytes of pictures of a case that are due. */
  destroyImages(caseId: CaseId): Promise<void>;
  /** Sweep: verifications whose document ran out; returns how many were looked at. */
  expirePersons(now: Instant, limit: number): Promise<number>;
  /** Purge: pictures past their time, abandoned cases, records whose retention is over. */
  purge(now: Instant, limit: number): Promise<number>;
};

export function createClosing<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  evidence: Pick<Evidence, 'destroyDue'>,
): Closing {
  const { stores, transact, clock, policy, companies, recompute } = deps;
  const BATCH = 100;

  return {
    withdraw: (accountId, language) =>
      transact(async (bound) => {
        const view = await loadView(bound, accountId);
        if (!view || !(await close(bound, view.case, 'withdraw', 'person')))
          return failed('nothing_to_withdraw');
        for (const purpose of separatePurposes) {
          if (view.case.consents[purpose] === undefined) continue;
          const given = (await bound.receipts.list(accountId)).find(
            ({ id }) => id === view.case.consents[purpose],
          );
          const version = given?.version ?? policy.version;
          await recordConsent(bound, accountId, { purpose, granted: false, version, language });
        }
        return ok();
      }),
    async destroyImages(caseId) {
      while ((await evidence.destroyDue(clock.now(), BATCH, caseId)) === BATCH);
    },
    async expirePersons(now, limit) {
      const due = await stores.persons.listRunOut(now, limit);
      for (const accountId of due) {
        await transact(async (bound) => {
          if (!(await bound.persons.expire(accountId, now, now + policy.caseKept))) return;
          await recompute(bound, accountId);
        });
      }
      return due.length;
    },
    async purge(now, limit) {
      const destroyed = await evidence.destroyDue(now, limit);
      const abandoned = await stores.cases.listAbandoned(now, limit);
      for (const { id } of abandoned) {
        await transact(async (bound) => {
          const current = await bound.cases.find(id);
          if (current && current.expiresAt <= now) await close(bound, current, 'expire', 'machine');
        });
      }
      const records =
        (await forget((bound) => bound.cases.purge(now, limit))) +
        (await stores.images.purge(now, limit)) +
        (await forget((bound) => bound.persons.purge(now, limit)));
      return Math.min(limit, destroyed + abandoned.length + records);
    },
  };

  /** A record that goes was a fact of its account. */
  async function forget(purge: (bound: S) => Promise<AccountId[]>): Promise<number> {
    return transact(async (bound) => {
      const accounts = await purge(bound);
      for (const accountId of [...new Set(accounts)].sort()) await recompute(bound, accountId);
      return accounts.length;
    });
  }

  async function close(
    bound: S,
    current: VerificationCase,
    event: 'withdraw' | 'expire',
    by: CaseActor,
  ): Promise<boolean> {
    const { id: caseId, accountId, companyId } = current;
    const keptUntil = clock.now() + policy.caseKept;
    const approved = current.state === 'approved';
    const moved = await advanceCase(bound, current, {
      event,
      by,
      change: { answers: {}, consents: {}, redo: [], appeal: '', expiresAt: keptUntil },
    });
    if (!moved) return false;
    // After an approval the licence belongs to the company's record, which is not the person's to delete.
    await bound.images.retire(caseId, approved ? personalImages : undefined);
    await bound.jobs.enqueue({ kind: 'images.destroy', payload: { caseId } });
    if (companyId) {
      const outcome = approved ? 'ended_after_approval' : 'withdrawn';
      await companies.close(bound, { accountId, caseId, companyId, reasons: [], outcome });
    }
    // Who they are is the other cases' to end: one about a company ends the right to act for it, and no more.
    if (approved && isAboutPerson(current)) {
      await endVerification(bound, accountId, caseId, keptUntil);
      const earlier = (await bound.cases.listApproved(accountId)).filter(isAboutPerson);
      for (const one of earlier) await close(bound, one, event, by);
    }
    await recompute(bound, accountId);
    return true;
  }

  async function endVerification(
    bound: S,
    accountId: AccountId,
    caseId: CaseId,
    keptUntil: Instant,
  ): Promise<void> {
    const person = await bound.persons.find(accountId);
    if (person?.caseId !== caseId) return;
    if (!(await bound.persons.revoke(accountId, 'withdrawn', keptUntil))) return;
    const payload = { reason: 'withdrawn' };
    await bound.events.append({ type: 'person.revoked', subject: accountId, payload });
  }
}
