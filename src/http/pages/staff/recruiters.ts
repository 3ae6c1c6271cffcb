import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import type { Result } from '../../../core/result.ts';
import { z } from 'zod';
import type { AccountId, CompanyId, MembershipId, StaffId } from '../../../core/ids.ts';
import {
  disableReasons,
  holdReasons,
  isReasonFor,
  type Appointments,
  revocationTargets,
  type Holds,
  type ReasonCode,
  type Revocation,
  type RevocationTarget,
  type Revocations,
  type StaffAccounts,
  type Suspensions,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { consoleFrame, staffNames } from './console.ts';
import { appealRows, describe, powersOf } from './recruiter-view.ts';

const query = z.string('review.error.look_up_missing').max(100, 'review.error.look_up_missing');
const note = z
  .string('review.error.note_missing')
  .trim()
  .min(1, 'review.error.note_missing')
  .max(2000, 'review.error.text_too_long');
const account = z
  .string('review.error.target_missing')
  .regex(/^acc_[0-9a-z]{26}$/, 'review.error.target_missing')
  .transform((id) => id as AccountId);

const revokeForm = z.object({
  query,
  target: z.enum(revocationTargets, 'review.error.target_missing'),
  id: z
    .string('review.error.target_missing')
    .regex(/^(acc|mem|com)_[0-9a-z]{4,40}$/, 'review.error.target_missing'),
  reason: z.string('review.error.reasons_missing').min(1, 'review.error.reasons_missing'),
  note,
});
const holdForm = z.object({
  query,
  account,
  reason: z.enum(holdReasons, 'review.error.reasons_missing'),
  note,
});
const disableForm = z.object({
  query,
  account,
  reason: z.enum(disableReasons, 'review.error.reasons_missing'),
});
const accountForm = z.object({ query, account });
const appealForm = z.object({
  query,
  account,
  outcome: z.enum(['grant', 'refuse'], 'review.error.decision_missing'),
});

const appointForm = z.object({
  query: z.string('review.error.look_up_missing').max(100, 'review.error.look_up_missing'),
  member: z
    .string('review.error.member_missing')
    .regex(/^mem_[0-9a-z]{4,40}$/, 'review.error.member_missing'),
});

/** What the page says after something was done. */
const notices = [
  'revoked',
  'appointed',
  'held',
  'lifted',
  'appeal_granted',
  'appeal_refused',
  'disabled',
  'enabled',
];
const appealsShown = 50;

/** Look-up of one recruiter or company by an exact code, taking a verification away, holds, and disabled accounts. */
export function staffRecruiterPages(deps: {
  revocations: Revocations;
  appointments: Appointments;
  holds: Holds;
  suspensions: Suspensions;
  accounts: StaffAccounts;
  gate: StaffGate;
}): Router<State> {
  const { revocations, appointments, holds, suspensions, accounts, gate } = deps;
  const router = new Router<State>();

  async function renderPage(
    ctx: Context,
    query: string,
    extra: Record<string, unknown> = {},
    status?: number,
  ) {
    const found = query === '' ? undefined : await revocations.lookUp(query);
    const nameOf = await staffNames(accounts);
    const may = powersOf(ctx);
    const accountId = found?.found === 'recruiter' ? found.recruiter.accountId : undefined;
    const hold = accountId && may.hold ? await holds.find(accountId) : undefined;
    if (accountId && hold?.appeal) await holds.noteLook({ accountId, staffId: staffOf(ctx).staff.id });
    const data = {
      ...consoleFrame(ctx, 'recruiters'),
      query,
      may,
      isMissing: query !== '' && !found,
      ...(found ? describe(ctx, found, nameOf, hold) : {}),
      appeals: may.hold ? appealRows(ctx, await holds.listAppeals(appealsShown), nameOf) : [],
      ...extra,
    };
    ctx.state.render('staff-recruiters', data, status ?? (query !== '' && !found ? 404 : 200));
  }

  router.get('/staff/recruiters', gate.admit, async (ctx) => {
    const asked = ctx.query['query'];
    const query = typeof asked === 'string' ? asked.trim().slice(0, 100) : '';
    const notice = notices.find((one) => one === ctx.query['notice']);
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

  /** A form about one account: what it does, and what the page says then. */
  function onAccount<S extends z.ZodType<{ query: string; account: AccountId }>>(
    name: 'hold' | 'lift' | 'appeal' | 'disable' | 'enable',
    schema: S,
    perform: (
      data: z.output<S> & { accountId: AccountId; staffId: StaffId },
    ) => Promise<Result<object, string>>,
    notice: (data: z.output<S>) => string,
  ): void {
    router.post(`/staff/recruiters/${name}`, gate.admit, async (ctx) => {
      const form = readForm(ctx, schema);
      const asked = form.values['query'] ?? '';
      const again = (errors: readonly object[], status: number) =>
        renderPage(ctx, asked, { errors, values: form.values, opened: name }, status);
      if (!form.ok) return again(form.errors, 422);
      const staffId = staffOf(ctx).staff.id;
      const result = await perform({ ...form.data, accountId: form.data.account, staffId });
      if (!result.ok) return again([{ field: '', message: `review.error.account_${result.reason}` }], 409);
      redirect(ctx, `/staff/recruiters?query=${encodeURIComponent(asked)}&notice=${notice(form.data)}`);
    });
  }

  onAccount('hold', holdForm, holds.set, () => 'held');
  onAccount('lift', accountForm, holds.lift, () => 'lifted');
  onAccount('appeal', appealForm, holds.decideAppeal, ({ outcome }) =>
    outcome === 'grant' ? 'appeal_granted' : 'appeal_refused',
  );
  onAccount('disable', disableForm, suspensions.disable, () => 'disabled');
  onAccount('enable', accountForm, suspensions.enable, () => 'enabled');

  router.post('/staff/recruiters/appoint', gate.admit, async (ctx) => {
    const form = readForm(ctx, appointForm);
    const query = form.values['query'] ?? '';
    if (!form.ok) return renderPage(ctx, query, { errors: form.errors }, 422);
    const membershipId = form.data.member as MembershipId;
    const result = await appointments.appoint({ staffId: staffOf(ctx).staff.id, membershipId });
    if (!result.ok) {
      const errors = [{ field: 'member', message: `review.error.appoint_${result.reason}` }];
      return renderPage(ctx, query, { errors }, 409);
    }
    redirect(ctx, `/staff/recruiters?query=${encodeURIComponent(query)}&notice=appointed`);
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
