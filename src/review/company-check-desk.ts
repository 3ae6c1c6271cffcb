import type { AuditAction, AuditLog } from '../audit/index.ts';
import type {
  CheckClaim,
  CheckDecision,
  CheckDecisionFailure,
  CheckDecisions,
  CheckPicture,
  CheckStores,
  Company,
  CompanyCheck,
  CompanyDetail,
  Membership,
} from '../companies/index.ts';
import type { Clock } from '../core/clock.ts';
import type { CompanyCheckId, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { ObjectStore, PersonVerification } from '../verification/index.ts';
import { claimLifetime, claimsPerStaff } from './review-queue.ts';
import type { ConflictStore } from './review-store.ts';

/** One line of the queue of company checks, as one member of staff sees it. */
export type QueuedCheck = {
  readonly check: Pick<CompanyCheck, 'id' | 'kind' | 'submittedAt' | 'findings'>;
  readonly bar: 'conflict_of_interest' | undefined;
  readonly claim: CheckClaim | undefined;
};

/** A check on the desk of the one who holds it. */
export type OpenedCheck = {
  readonly check: CompanyCheck;
  readonly claim: CheckClaim;
  readonly company: Company;
  /** What was ever on the company's record, oldest first. */
  readonly details: readonly CompanyDetail[];
  readonly membership: Membership | undefined;
  /** Who handed it in, where they are verified. */
  readonly person: PersonVerification | undefined;
  readonly picture: CheckPicture | undefined;
};

export type CheckDeskFailure =
  'not_found' | 'not_submitted' | 'not_claimed' | 'held_by_other' | 'conflict_of_interest';

export type CompanyCheckDesk = {
  /** What waits for a reviewer, the longest waiting first. */
  list(staffId: StaffId): Promise<readonly QueuedCheck[]>;
  /** Takes a check; again for the one who holds it already. */
  claim(
    id: CompanyCheckId,
    staffId: StaffId,
  ): Promise<Result<object, Exclude<CheckDeskFailure, 'not_claimed'> | 'too_many_claims'>>;
  release(id: CompanyCheckId, staffId: StaffId): Promise<boolean>;
  /** Opens a claimed check, records the look and prolongs the claim. */
  open(id: CompanyCheckId, staffId: StaffId): Promise<Result<{ opened: OpenedCheck }, CheckDeskFailure>>;
  /** The picture of a claimed check, before it is watermarked; every look is recorded. */
  picture(
    id: CompanyCheckId,
    staffId: StaffId,
  ): Promise<Result<{ jpeg: Buffer }, CheckDeskFailure | 'destroyed'>>;
  /** Decides, records and ends the claim in one transaction. */
  decide(
    input: { checkId: CompanyCheckId; staffId: StaffId; version: number } & CheckDecision,
  ): Promise<Result<object, CheckDeskFailure | CheckDecisionFailure>>;
};

type DeskStores = CheckStores & { readonly conflicts: ConflictStore; readonly audit: AuditLog };

export type CompanyCheckDeskDeps<S extends DeskStores> = {
  readonly clock: Clock;
  readonly stores: S;
  readonly transact: Transact<S>;
  readonly decisions: CheckDecisions<S>;
  readonly objects: ObjectStore;
};

const shownChecks = 200;

export function createCompanyCheckDesk<S extends DeskStores>(
  deps: CompanyCheckDeskDeps<S>,
): CompanyCheckDesk {
  const { clock, stores, transact, decisions, objects } = deps;

  const note = (bound: S, action: AuditAction, staffId: StaffId, { id, kind }: CompanyCheck, more = {}) =>
    bound.audit.append({ actor: staffId, action, target: id, details: { kind, reason: 'review', ...more } });

  async function isBarred(bound: S, { companyId }: CompanyCheck, staffId: StaffId): Promise<boolean> {
    const company = await bound.companies.find(companyId);
    return company !== undefined && (await bound.conflicts.list(staffId)).includes(company.creditCode);
  }

  const liveClaim = ({ claim }: CompanyCheck): CheckClaim | undefined =>
    claim && claim.expiresAt > clock.now() ? claim : undefined;

  /** The check, for the one who holds it and may see it; the claim is prolonged. */
  async function hold(
    bound: S,
    id: CompanyCheckId,
    staffId: StaffId,
  ): Promise<Result<{ check: CompanyCheck; claim: CheckClaim }, CheckDeskFailure>> {
    const check = await bound.companyChecks.find(id);
    if (!check || check.kind === 'micro_deposit') return failed('not_found');
    if (check.state !== 'submitted') return failed('not_submitted');
    const now = clock.now();
    if (await isBarred(bound, check, staffId)) {
      await bound.companyChecks.release(id, staffId, now);
      return failed('conflict_of_interest');
    }
    const held = liveClaim(check);
    if (held?.staffId !== staffId) return failed(held ? 'held_by_other' : 'not_claimed');
    const claim = { ...held, expiresAt: now + claimLifetime };
    return (await bound.companyChecks.claim(id, claim, now)) ? ok({ check, claim }) : failed('held_by_other');
  }

  return {
    async list(staffId) {
      const [checks, codes] = [
        await stores.companyChecks.queue(shownChecks),
        await stores.conflicts.list(staffId),
      ];
      const own = await Promise.all(codes.map((code) => stores.companies.findByCode(code)));
      const barred = new Set(own.map((company) => company?.id));
      return checks.map((check) => ({
        check,
        bar: barred.has(check.companyId) ? 'conflict_of_interest' : undefined,
        claim: liveClaim(check),
      }));
    },
    claim: (id, staffId) =>
      transact(async (bound) => {
        const check = await bound.companyChecks.find(id);
        if (!check || check.kind === 'micro_deposit') return failed('not_found');
        if (check.state !== 'submitted') return failed('not_submitted');
        if (await isBarred(bound, check, staffId)) return failed('conflict_of_interest');
        const now = clock.now();
        const isOwn = liveClaim(check)?.staffId === staffId;
        if (!isOwn && (await bound.companyChecks.countClaims(staffId, now)) >= claimsPerStaff)
          return failed('too_many_claims');
        const claimedAt = (isOwn ? check.claim?.claimedAt : undefined) ?? now;
        const claim = { staffId, claimedAt, expiresAt: now + claimLifetime };
        if (!(await bound.companyChecks.claim(id, claim, now))) return failed('held_by_other');
        if (!isOwn) await note(bound, 'company_check.claimed', staffId, check);
        return ok();
      }),
    release: (id, staffId) =>
      transact(async (bound) => {
        const check = await bound.companyChecks.find(id);
        if (!check || !(await bound.companyChecks.release(id, staffId, clock.now()))) return false;
        await note(bound, 'company_check.released', staffId, check);
        return true;
      }),
    open: (id, staffId) =>
      transact(async (bound) => {
        const held = await hold(bound, id, staffId);
        if (!held.ok) return held;
        const { check, claim } = held;
        const company = await bound.companies.find(check.companyId);
        if (!company) return failed('not_found');
        const opened = {
          check,
          claim,
          company,
          details: await bound.companies.listDetails(company.id),
          membership: await bound.memberships.findFor(check.accountId, company.id),
          person: await bound.persons.find(check.accountId),
          picture: await bound.checkPictures.current(id),
        };
        await note(bound, 'company_check.opened', staffId, check);
        return ok({ opened });
      }),
    async picture(id, staffId) {
      const shown = await transact(async (bound) => {
        const held = await hold(bound, id, staffId);
        if (!held.ok) return held;
        const picture = await bound.checkPictures.current(id);
        if (!picture) return failed('destroyed');
        await note(bound, 'company_check.picture_seen', staffId, held.check, { picture: picture.id });
        return ok({ picture });
      });
      if (!shown.ok) return shown;
      const sealed = await objects.get(shown.picture.id);
      const jpeg = sealed && (await stores.checkPictures.openContent(shown.picture, sealed));
      return jpeg ? ok({ jpeg }) : failed('destroyed');
    },
    decide: (input) =>
      transact(async (bound) => {
        const { checkId, staffId, decision } = input;
        // Before the check itself, as everybody does who changes one: taking it back waits until this is decided.
        const found = await bound.companyChecks.find(checkId);
        if (found) await bound.companies.lock(found.companyId);
        const held = await hold(bound, checkId, staffId);
        if (!held.ok) return held;
        const decided = await decisions.decideCheck(bound, input);
        if (!decided.ok) return decided;
        const more = { decision, ...(decision === 'reject' ? { given: input.reason } : {}) };
        await note(bound, 'company_check.decided', staffId, held.check, more);
        return ok();
      }),
  };
}
