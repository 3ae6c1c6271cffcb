import Router from '@koa/router';
import { z } from 'zod';
import { rejectionsFor, type CheckDecision, type PicturedKind } from '../../../companies/index.ts';
import { AppError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { CompanyCheckId } from '../../../core/ids.ts';
import type { CompanyCheckDesk, StaffAccounts, Watermarker } from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { fieldsOf } from '../../guard.ts';
import type { FieldError } from '../../partials.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { companyCheckView } from './company-check-view.ts';
import { consoleFrame, formatAge, shortId, staffNames } from './console.ts';
import { createMarkedSender } from './images.ts';

type RouteContext = Context & { params: Record<string, string> };
type Shown = { readonly errors?: readonly FieldError[]; readonly status?: number };

const notices = new Set([
  'released',
  'decided',
  'held_by_other',
  'not_claimed',
  'not_submitted',
  'too_many_claims',
  'conflict_of_interest',
  'membership_over',
  'company_over',
]);

const text = z
  .string()
  .transform((value) => value.replaceAll('\r\n', '\n').trim())
  .pipe(z.string().max(2000, 'review.error.text_too_long'))
  .optional()
  .default('');

const decisionForm = z.object({
  decision: z.enum(['approve', 'reject'], 'review.error.decision_missing'),
  version: z.coerce.number('review.error.decision_missing').int(),
  reason: z.string().optional().default(''),
  name: z.string().max(200, 'checks.error.name_empty').optional().default(''),
  legal_representative: z.string().max(100, 'review.error.text_too_long').optional().default(''),
  until: z.string().max(40, 'checks.error.until_form').optional().default(''),
  licence_number: z.string().max(80, 'checks.error.number_form').optional().default(''),
  message: text,
});

const fields: Readonly<Record<string, string>> = {
  reason_unknown: 'reason',
  name_empty: 'name',
  until_empty: 'until',
  until_form: 'until',
  until_past: 'until',
  number_empty: 'licence_number',
  number_form: 'licence_number',
};

/** Evidence of companies that waits for a person: the queue, one check for who holds it, and the decision. */
export function staffCompanyCheckPages(deps: {
  clock: Clock;
  checks: CompanyCheckDesk;
  accounts: StaffAccounts;
  watermarker: Watermarker;
  gate: StaffGate;
}): Router<State> {
  const { clock, checks, accounts, gate } = deps;
  const sendMarked = createMarkedSender(deps);
  const router = new Router<State>();

  router.get('/staff/company-checks', gate.admit, async (ctx) => {
    const { id: self } = staffOf(ctx).staff;
    const { t, lang } = ctx.state;
    const nameOf = await staffNames(accounts);
    const asked = ctx.query['notice'];
    const now = clock.now();
    const rows = (await checks.list(self)).map(({ check, bar, claim }) => ({
      id: check.id,
      short: shortId(check.id),
      age: formatAge(t, now - (check.submittedAt ?? now)),
      submitted: formatMoment(lang, check.submittedAt ?? now),
      submittedIso: new Date(check.submittedAt ?? now).toISOString(),
      kind: t(`checks.kind.${check.kind}`),
      why: check.findings.flatMap(({ code, outcome }) =>
        outcome === 'ok' ? [] : [t(`checks.finding.${code}`)],
      ),
      bar: bar && t(`review.queue.bar_${bar}`),
      holder: claim && nameOf(claim.staffId),
      isOwn: claim?.staffId === self,
      minutesLeft: claim && Math.max(1, Math.ceil((claim.expiresAt - now) / 60_000)),
    }));
    const notice = typeof asked === 'string' && notices.has(asked) ? asked : undefined;
    ctx.state.render('staff-company-checks', { ...consoleFrame(ctx, 'checks'), rows, notice });
  });

  router.get('/staff/company-checks/:id', gate.admit, (ctx) => show(ctx));

  router.get('/staff/company-checks/:id/picture', gate.admit, async (ctx) => {
    const picture = await checks.picture(idOf(ctx), staffOf(ctx).staff.id);
    if (!picture.ok) throw new AppError(picture.reason === 'destroyed' ? 'gone' : 'not_found');
    await sendMarked(ctx, picture.jpeg);
  });

  router.post('/staff/company-checks/:id/claim', gate.admit, async (ctx) => {
    const result = await checks.claim(idOf(ctx), staffOf(ctx).staff.id);
    if (!result.ok) return turnAway(ctx, result.reason);
    redirect(ctx, `/staff/company-checks/${idOf(ctx)}`);
  });

  router.post('/staff/company-checks/:id/release', gate.admit, async (ctx) => {
    await checks.release(idOf(ctx), staffOf(ctx).staff.id);
    redirect(ctx, '/staff/company-checks?notice=released');
  });

  router.post('/staff/company-checks/:id/decide', gate.admit, async (ctx) => {
    const parsed = decisionForm.safeParse(fieldsOf(ctx));
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({ field: String(path[0]), message }));
      return show(ctx, { errors, status: 422 });
    }
    const { version, message, reason, name, legal_representative: legalRepresentative } = parsed.data;
    const { until, licence_number: licenceNumber } = parsed.data;
    const said = message === '' ? undefined : message;
    const decision: CheckDecision =
      parsed.data.decision === 'reject'
        ? // Whatever is not on the list is refused by it.
          { decision: 'reject', reason: reason as never, message: said }
        : { decision: 'approve', message: said, name, legalRepresentative, until, licenceNumber };
    const { id: staffId } = staffOf(ctx).staff;
    const result = await checks.decide({ checkId: idOf(ctx), staffId, version, ...decision });
    if (result.ok) return redirect(ctx, '/staff/company-checks?notice=decided');
    const field = fields[result.reason];
    if (field)
      return show(ctx, { errors: [{ field, message: `checks.error.${result.reason}` }], status: 422 });
    if (result.reason === 'changed')
      return show(ctx, { errors: [{ field: '', message: 'checks.error.changed' }], status: 409 });
    return turnAway(ctx, result.reason);
  });

  async function show(ctx: RouteContext, { errors, status = 200 }: Shown = {}): Promise<void> {
    const result = await checks.open(idOf(ctx), staffOf(ctx).staff.id);
    if (!result.ok) return turnAway(ctx, result.reason);
    const { opened } = result;
    const kind = opened.check.kind as PicturedKind;
    const view = companyCheckView(ctx, opened, clock.now());
    const { _csrf, ...typed } = ctx.method === 'POST' ? fieldsOf(ctx) : {};
    const reasons = rejectionsFor(kind).map((code) => [code, ctx.state.t(`checks.reason.${code}`)]);
    const values = { ...view.proposed, ...typed };
    ctx.state.render(
      'staff-company-check',
      { ...consoleFrame(ctx, 'checks'), ...view, reasons, errors, values },
      status,
    );
  }

  function turnAway(ctx: Context, reason: string): void {
    if (reason === 'not_found') throw new AppError('not_found');
    redirect(ctx, `/staff/company-checks?notice=${reason}`);
  }

  return router;
}

function idOf(ctx: RouteContext): CompanyCheckId {
  const id = ctx.params['id'] ?? '';
  if (!/^chk_[0-9a-z]{26}$/.test(id)) throw new AppError('not_found');
  return id as CompanyCheckId;
}
