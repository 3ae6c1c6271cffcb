import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import { z } from 'zod';
import type { AccountId, CompanyId, MembershipId } from '../../../core/ids.ts';
import { standingStates } from '../../../companies/index.ts';
import {
  isReasonFor,
  reasonsFor,
  revocationTargets,
  type LookUp,
  type ReasonCode,
  type Revocation,
  type RevocationTarget,
  type Revocations,
  type StaffAccounts,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { formatMoment } from '../../dates.ts';
import { consoleFrame, shortId, staffNames } from './console.ts';

const revokeForm = z.object({
  query: z.string('review.error.look_up_missing').max(100, 'review.error.look_up_missing'),
  target: z.enum(revocationTargets, 'review.error.target_missing'),
  id: z
    .string('review.error.target_missing')
    .regex(/^(acc|mem|com)_[0-9a-z]{4,40}$/, 'review.error.target_missing'),
  reason: z.string('review.error.reasons_missing').min(1, 'review.error.reasons_missing'),
  note: z
    .string('review.error.note_missing')
    .trim()
    .min(1, 'review.error.note_missing')
    .max(2000, 'review.error.text_too_long'),
});

/** Look-up of one recruiter or company by an exact code, and taking a verification away. */
export function staffRecruiterPages(deps: {
  revocations: Revocations;
  accounts: StaffAccounts;
  gate: StaffGate;
}): Router<State> {
  const { revocations, accounts, gate } = deps;
  const router = new Router<State>();

  async function renderPage(
    ctx: Context,
    query: string,
    extra: Record<string, unknown> = {},
    status?: number,
  ) {
    const found = query === '' ? undefined : await revocations.lookUp(query);
    const nameOf = await staffNames(accounts);
    const data = {
      ...consoleFrame(ctx, 'recruiters'),
      query,
      isMissing: query !== '' && !found,
      ...(found ? describe(ctx, found, nameOf) : {}),
      ...extra,
    };
    ctx.state.render('staff-recruiters', data, status ?? (query !== '' && !found ? 404 : 200));
  }

  router.get('/staff/recruiters', gate.admit, async (ctx) => {
    const asked = ctx.query['query'];
    const query = typeof asked === 'string' ? asked.trim().slice(0, 100) : '';
    const notice = ctx.query['notice'] === 'revoked' ? 'revoked' : undefined;
    return renderPage(ctx, query, { notice });
  });

  router.post('/staff/recruiters/revoke', gate.admit, async (ctx) => {
    const form = readForm(ctx, revokeForm);
    const query = form.values['query'] ?? '';
    const again = (errors: readonly object[], status: number) =>
      renderPage(ctx, query, { errors, values: form.values, opened: form.values['id'] }, status);
    if (!form.ok) return again(form.errors, 422);
    const { target, reason } = form.data;
    if (!isReasonFor(reason, 'revoke', target)) {
      return again([{ field: 'reason', message: 'review.error.reason_unknown' }], 422);
    }
    const revocation = toRevocation(ctx, { ...form.data, reason });
    const result = await revocations.revoke(revocation);
    if (!result.ok) return again([{ field: '', message: `review.error.revoke_${result.reason}` }], 409);
    redirect(ctx, `/staff/recruiters?query=${encodeURIComponent(query)}&notice=revoked`);
  });

  return router;
}

const idPrefix: Readonly<Record<RevocationTarget, string>> = {
  person: 'acc_',
  membership: 'mem_',
  company: 'com_',
};

function toRevocation(
  ctx: Context,
  { target, id, reason, note }: { target: RevocationTarget; id: string; reason: ReasonCode; note: string },
): Revocation {
  if (!id.startsWith(idPrefix[target])) throw new AppError('bad_request');
  const common = { staffId: staffOf(ctx).staff.id, reason, note };
  if (target === 'person') return { ...common, target, id: id as AccountId };
  if (target === 'membership') return { ...common, target, id: id as MembershipId };
  return { ...common, target, id: id as CompanyId };
}

function describe(
  ctx: Context,
  found: LookUp,
  nameOf: (id: Revocation['staffId']) => string,
): Record<string, unknown> {
  const { t, lang } = ctx.state;
  const options = (target: RevocationTarget) =>
    reasonsFor('revoke', target).map((code) => [code, t(`review.reason.${code}.staff`)]);
  if (found.found === 'company') {
    const { company, members } = found.company;
    return {
      company: {
        id: company.id,
        name: company.name,
        creditCode: company.creditCode,
        state: t(`review.company.${company.state}`),
        isRevocable: [...standingStates, 'lapsed'].includes(company.state),
        options: options('company'),
        members: members.map(({ id, accountId, role, state }) => ({
          id,
          accountId,
          role: t(`review.member_role.${role}`),
          state: t(`review.membership.${state}`),
          href: `/staff/recruiters?query=${accountId}`,
        })),
      },
    };
  }
  const { accountId, caseId, person, memberships, decisions } = found.recruiter;
  return {
    recruiter: {
      accountId,
      caseId,
      person: person && {
        state: t(`review.person.${person.state}`),
        level: person.level,
        at: formatMoment(lang, person.verifiedAt),
        isRevocable: person.state === 'verified',
        options: options('person'),
      },
      memberships: memberships.map(({ membership, company }) => ({
        id: membership.id,
        company: company?.name ?? shortId(membership.companyId),
        creditCode: company?.creditCode,
        role: t(`review.member_role.${membership.role}`),
        state: t(`review.membership.${membership.state}`),
        isRevocable: membership.state === 'active' || membership.state === 'in_review',
        options: options('membership'),
      })),
      decisions: decisions.map((decision) => ({
        title: t(`review.decided.${decision.kind}`),
        by: nameOf(decision.staffId),
        at: formatMoment(lang, decision.occurredAt),
        reasons: decision.reasons.map(({ reason }) => t(`review.reason.${reason}.staff`)).join(' · '),
      })),
    },
  };
}
