import Router from '@koa/router';
import { placeOf } from '../../company-access.ts';
import type { Context, State } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import type { CompanyPageParts } from './index.ts';
import { newsOf, sayCompany, seeOther } from './wording.ts';

/** Showing that one acts for a company by reading the mail of one of its addresses. */
export function emailPages({ gate, emails, stores, mail }: CompanyPageParts): Router<State> {
  const router = new Router<State>();
  const path = '/company/:id/ways/company-email';
  const who = (ctx: Context) => ({
    accountId: visitorOf(ctx).accountId,
    companyId: placeOf(ctx).company.id,
  });
  const home = (ctx: Context) => `/company/${placeOf(ctx).company.id}`;

  router.get(path, gate.admit, (ctx) => show(ctx));

  router.post(path, gate.admit, async (ctx) => {
    const email = (fieldsOf(ctx)['email'] ?? '').slice(0, 400);
    const answer = await emails.begin({ ...who(ctx), email, language: ctx.state.lang });
    if (answer.ok) return seeOther(ctx, `${home(ctx)}/ways/company-email`, 'sent');
    const params = 'retryAfter' in answer ? { minutes: Math.ceil(answer.retryAfter / 60) } : {};
    const status = answer.reason === 'limited' ? 429 : 422;
    return show(
      ctx,
      [{ field: 'email', message: `company.email.problem.${answer.reason}`, params }],
      status,
      {
        email,
      },
    );
  });

  router.post(`${path}/code`, gate.admit, async (ctx) => {
    const answer = await emails.confirm({ ...who(ctx), code: fieldsOf(ctx)['code'] ?? '' });
    if (answer.ok) return seeOther(ctx, home(ctx), 'joined');
    const params = {
      ...('retryAfter' in answer ? { minutes: Math.ceil(answer.retryAfter / 60) } : {}),
      ...('attemptsLeft' in answer ? { left: answer.attemptsLeft } : {}),
    };
    const status = answer.reason === 'locked' ? 429 : 422;
    return show(ctx, [{ field: 'code', message: `company.email.problem.${answer.reason}`, params }], status);
  });

  return router;

  async function show(ctx: Context, errors: readonly object[] = [], status = 200, values: object = {}) {
    const pending = await emails.pending(stores, who(ctx));
    ctx.state.render(
      'company-email',
      {
        company: sayCompany(ctx, placeOf(ctx).company),
        mail,
        sentTo: pending?.email,
        done: newsOf(ctx),
        errors,
        values,
      },
      status,
    );
  }
}
