import Router from '@koa/router';
import { placeOf } from '../../company-access.ts';
import type { Context, State } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import { formatDay } from '../../dates.ts';
import { visitorOf } from '../../sign-in.ts';
import type { CompanyPageParts } from './index.ts';
import { newsOf, refuse, sayCompany, seeOther } from './wording.ts';

/** The domains whose addresses speak for a company. */
export function domainPages({ gate, domains, emails, stores, mail }: CompanyPageParts): Router<State> {
  const router = new Router<State>();
  const act = (ctx: Context) => ({
    by: visitorOf(ctx).accountId,
    companyId: placeOf(ctx).company.id,
    domain: (fieldsOf(ctx)['domain'] ?? '').slice(0, 300),
  });

  router.get('/company/:id/domains', gate.admit, (ctx) => show(ctx));

  router.post('/company/:id/domains', gate.admit, async (ctx) => {
    const asked = act(ctx);
    const answer = await domains.bind(asked);
    if (answer.ok) return seeOther(ctx, `/company/${asked.companyId}/domains`, 'bound');
    const reason = answer.reason === 'too_many' ? 'too_many_domains' : answer.reason;
    return show(ctx, [{ field: 'domain', message: refuse(reason) }], 422, { domain: asked.domain });
  });

  router.post('/company/:id/domains/unbind', gate.admit, async (ctx) => {
    const asked = act(ctx);
    const answer = await domains.unbind(asked);
    if (answer.ok) return seeOther(ctx, `/company/${asked.companyId}/domains`, 'unbound');
    return show(ctx, [{ field: '', message: refuse(answer.reason) }], 409);
  });

  return router;

  async function show(ctx: Context, errors: readonly object[] = [], status = 200, values: object = {}) {
    const { company } = placeOf(ctx);
    const bound = await emails.listDomains(stores, company.id);
    const resting = await domains.countResting(company.id);
    ctx.state.render(
      'company-domains',
      {
        company: sayCompany(ctx, company),
        domains: bound.map(({ domain, boundAt }) => ({
          domain,
          at: formatDay(ctx.state.lang, boundAt),
          resting: resting.get(domain) ?? 0,
        })),
        mail,
        done: newsOf(ctx),
        errors,
        values,
      },
      status,
    );
  }
}
