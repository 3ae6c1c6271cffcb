import type Router from '@koa/router';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { DEPOSIT_ATTEMPTS, expiryOf } from '../../../companies/index.ts';
import type { State } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import type { FieldError } from '../../partials.ts';
import { goTo, keyOf, standing, type CompanyCheckPages, type RouteContext } from './page.ts';

const beginForm = z.object({ account_number: z.string().max(60, 'checks.error.account_form').default('') });
const confirmForm = z.object({ amount: z.string().max(20, 'checks.error.amount_form').default('') });

const fields: Readonly<Record<string, string>> = {
  account_form: 'account_number',
  amount_form: 'amount',
  amount_wrong: 'amount',
};

/** A small deposit to the company's account, whose amount its member enters. */
export function depositPages(router: Router<State>, { gate, checks, deposits }: CompanyCheckPages): void {
  router.get('/company/:id/deposit', gate.admit, (ctx) => show(ctx));

  router.post('/company/:id/deposit', gate.admit, async (ctx) => {
    const form = readForm(ctx, beginForm);
    if (!form.ok) return show(ctx, form.errors, 422);
    const result = await deposits.begin(keyOf(ctx), form.data.account_number);
    if (!result.ok && result.reason !== 'closed') return fail(ctx, result.reason);
    goTo(ctx, here(ctx));
  });

  router.post('/company/:id/deposit/confirm', gate.admit, async (ctx) => {
    const form = readForm(ctx, confirmForm);
    if (!form.ok) return show(ctx, form.errors, 422);
    const result = await deposits.confirm(keyOf(ctx), form.data.amount);
    if (!result.ok && !['closed', 'attempts_used'].includes(result.reason)) return fail(ctx, result.reason);
    goTo(ctx, here(ctx));
  });

  router.post('/company/:id/deposit/withdraw', gate.admit, async (ctx) => {
    const result = await checks.withdraw({ ...keyOf(ctx), kind: 'micro_deposit' });
    if (!result.ok && result.reason === 'not_found') throw new AppError('not_found');
    goTo(ctx, here(ctx));
  });

  async function show(ctx: RouteContext, errors: readonly FieldError[] = [], status = 200): Promise<void> {
    const view = await checks.view({ ...keyOf(ctx), kind: 'micro_deposit' });
    if (!view) throw new AppError('not_found');
    const { company, check, refused } = view;
    const waits = check?.state === 'submitted';
    ctx.state.render(
      'company-deposit',
      {
        company,
        here: here(ctx),
        standing: waits ? undefined : standing(ctx, view),
        refused: deposits.available ? refused : 'none',
        waits,
        isSent: check?.details?.amount !== undefined,
        // The account is the company's; its end is enough to tell which one was named.
        account: waits ? check.details?.accountNumber?.slice(-4) : undefined,
        until: waits ? formatDay(ctx.state.lang, expiryOf(check)) : undefined,
        left: DEPOSIT_ATTEMPTS - (check?.attempts ?? 0),
        errors: errors.length > 0 ? errors : undefined,
      },
      status,
    );
  }

  async function fail(ctx: RouteContext, reason: string): Promise<void> {
    if (reason === 'not_found') throw new AppError('not_found');
    const status = reason === 'too_many_deposits' ? 429 : 422;
    return show(ctx, [{ field: fields[reason] ?? '', message: `checks.error.${reason}` }], status);
  }
}

const here = (ctx: RouteContext): string => `/company/${keyOf(ctx).companyId}/deposit`;
