import type { Clock } from '../core/clock.ts';
import type { AccountId, CompanyCheckId, Ids, StaffId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { JobStore } from '../events/index.ts';
import { endOf, licenceRecord } from '../verification/index.ts';
import {
  rejectionReasons,
  type CheckEnd,
  type CheckRejection,
  type CompanyCheck,
  type PicturedKind,
} from './company-check.ts';
import { isOver } from './check-access.ts';
import { readCommercialLicence, readUntil } from './check-entries.ts';
import { checkKept, type CheckStores } from './company-checks.ts';
import type { Company, MembershipState } from './company.ts';
import { recordDetails } from './details.ts';
import { deriveMembers } from './derive-members.ts';
import type { CompanyPolicy } from './policy.ts';
import { createRenewal } from './renewal.ts';
import { scheduleOf } from './schedule.ts';
import { moveMembership } from './transitions.ts';

/** What a reviewer decides about a check; what is accepted is as they saw it, whatever was read or typed before. */
export type CheckDecision =
  | { readonly decision: 'reject'; readonly reason: CheckRejection; readonly message: string | undefined }
  | {
      readonly decision: 'approve';
      readonly message: string | undefined;
      /** Of a business licence. */
      readonly name?: string;
      readonly legalRepresentative?: string;
      /** Last day; of a letter, empty without end. */
      readonly until?: string;
      /** Of a licence to recruit for others. */
      readonly licenceNumber?: string;
    };

export type CheckDecisionFailure =
  | 'not_submitted'
  | 'changed'
  | 'reason_unknown'
  | 'name_empty'
  | 'until_empty'
  | 'until_form'
  | 'until_past'
  | 'number_empty'
  | 'number_form'
  /** Ended meanwhile: nothing can come of the check any more, and it is closed. */
  | 'membership_over'
  | 'company_over';

export type CheckDecisions<S> = {
  /** Decides within the caller's transaction, which holds the lock of the company. */
  decideCheck(
    stores: S,
    input: { checkId: CompanyCheckId; version: number; staffId: StaffId } & CheckDecision,
  ): Promise<Result<object, CheckDecisionFailure>>;
};

export type CheckDecisionDeps<S> = {
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'next'>;
  readonly policy: CompanyPolicy;
  readonly picturesKept: number;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

/** States from which a letter makes somebody a member, or keeps them one. */
const approvable: readonly MembershipState[] = ['in_review', 'active', 'due'];

/** Its stores owe the notice of a refusal. */
type DecisionStores = CheckStores & { readonly jobs: JobStore };

export function createCheckDecisions<S extends DecisionStores>(
  deps: CheckDecisionDeps<S>,
): CheckDecisions<S> {
  const { clock, ids, policy, picturesKept, recompute } = deps;
  const renew = createRenewal<S>(deps);
  type Input = { staffId: StaffId } & Extract<CheckDecision, { decision: 'approve' }>;
  type Approval = Result<object, CheckDecisionFailure>;

  async function close(
    bound: S,
    check: CompanyCheck,
    to: 'approved' | 'rejected' | 'withdrawn',
    given: { staffId?: StaffId; reason?: CheckEnd; message?: string | undefined },
  ): Promise<boolean> {
    const now = clock.now();
    const { staffId, reason, message } = given;
    const closed = await bound.companyChecks.update(
      check,
      {
        decidedAt: now,
        expiresAt: now + checkKept,
        ...(staffId ? { decidedBy: staffId } : {}),
        ...(reason ? { reason } : {}),
        ...(message ? { details: { ...check.details, message } } : {}),
      },
      to,
    );
    if (closed) {
      const until = to === 'withdrawn' ? now : now + picturesKept;
      await bound.checkPictures.scheduleDestruction(check.id, until, now);
    }
    return closed;
  }

  const approvals: {
    readonly [kind in PicturedKind]: (
      bound: S,
      check: CompanyCheck,
      company: Company,
      input: Input,
    ) => Promise<Approval>;
  } = {
    async licence_renewal(bound, check, company, { name = '', legalRepresentative = '' }) {
      const accepted = { name: name.trim(), legal_representative: legalRepresentative.trim() };
      if (accepted.name === '') return failed('name_empty');
      const { details, licenceEnds } = licenceRecord(check.details?.read?.fields ?? {});
      const { legal_representative: representative, ...named } = accepted;
      const { legal_representative: _, ...others } = details;
      const renewed = await renew(bound, {
        company,
        details: {
          ...others,
          ...named,
          ...(representative === '' ? {} : { legal_representative: representative }),
        },
        source: 'staff',
        // A licence that ran out would end what is granted by it at once.
        licenceEnds: licenceEnds !== undefined && licenceEnds > clock.now() ? licenceEnds : undefined,
        by: 'staff',
      });
      return renewed ? ok() : failed('company_over');
    },
    async authorisation_letter(bound, check, company, { until = '' }) {
      if (isOver(company)) return failed('company_over');
      const now = clock.now();
      const read = readUntil(until, now);
      if (!read.ok) return read;
      const membership = await bound.memberships.findFor(check.accountId, check.companyId);
      if (!membership || !approvable.includes(membership.state)) return failed('membership_over');
      const validUntil = endOf(read.details.letterUntil);
      const times = { dueBefore: policy.memberDueBefore, remindBefore: [] };
      const moved = await moveMembership(bound, membership, 'activate', 'staff', {
        evidence: 'authorisation_letter',
        activatedAt: now,
        validUntil: validUntil ?? null,
        nextChangeAt: scheduleOf(validUntil, now, times).nextChangeAt ?? null,
      });
      if (!moved) return failed('membership_over');
      await recompute(bound, check.accountId);
      return ok();
    },
    async commercial_licence(bound, check, company, { licenceNumber = '', until = '' }) {
      const now = clock.now();
      const read = readCommercialLicence({ licenceNumber, until }, now);
      if (!read.ok) return read;
      if (isOver(company)) return failed('company_over');
      const { licenceNumber: commercial_licence, licenceUntil } = read.details;
      await recordDetails(bound, check.companyId, { commercial_licence }, 'staff', now, endOf(licenceUntil));
      await deriveMembers(bound, check.companyId, recompute);
      return ok();
    },
  };

  return {
    async decideCheck(bound, input) {
      const check = await bound.companyChecks.find(input.checkId);
      const company = check && (await bound.companies.find(check.companyId));
      if (check?.state !== 'submitted' || check.kind === 'micro_deposit' || !company)
        return failed('not_submitted');
      if (check.version !== input.version) return failed('changed');
      const { staffId, message } = input;
      if (input.decision === 'reject') {
        const { reason } = input;
        if (!isRejection(reason, check.kind)) return failed('reason_unknown');
        if (!(await close(bound, check, 'rejected', { staffId, reason, message }))) return failed('changed');
        await askAgain(bound, check);
        return ok();
      }
      const approved = await approvals[check.kind](bound, check, company, input);
      if (approved.ok) {
        if (!(await close(bound, check, 'approved', { staffId, message })))
          throw new Error('a check was decided twice');
      } else if (approved.reason === 'membership_over' || approved.reason === 'company_over') {
        await close(bound, check, 'withdrawn', { reason: approved.reason });
        await askAgain(bound, check);
      }
      return approved;
    },
  };

  /** Whose letter came to nothing has to show something else, and is told. */
  async function askAgain(bound: S, { accountId, companyId, kind }: CompanyCheck): Promise<void> {
    if (kind !== 'authorisation_letter') return;
    const membership = await bound.memberships.findFor(accountId, companyId);
    if (membership?.state !== 'in_review') return;
    if (!(await moveMembership(bound, membership, 'ask_evidence', 'staff'))) return;
    await recompute(bound, accountId);
    await bound.jobs.enqueue({
      kind: 'company.notice',
      payload: {
        membershipId: membership.id,
        to: 'evidence_pending',
        at: clock.now(),
        messageId: ids.next('msg'),
      },
    });
  }
}

/** The reasons to offer for rejecting a check of a kind. */
export function rejectionsFor(kind: PicturedKind): CheckRejection[] {
  const reasons = Object.entries(rejectionReasons) as [CheckRejection, readonly PicturedKind[]][];
  return reasons.filter(([, kinds]) => kinds.includes(kind)).map(([code]) => code);
}

function isRejection(reason: string, kind: PicturedKind): reason is CheckRejection {
  return (rejectionsFor(kind) as string[]).includes(reason);
}
