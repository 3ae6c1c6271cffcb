import Router from '@koa/router';
import { representativesOf } from '../../../companies/index.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { hasPlace } from '../../company-access.ts';
import { fieldsOf } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import type { CompanyPageParts } from './index.ts';
import { createFindPast, sayPast } from './past.ts';
import { newsOf, sayCompany, sayPlace, seeOther, stepHref } from './wording.ts';

/** The companies somebody belongs to, and asking to join one more. */
export function listPages(parts: CompanyPageParts): Router<State> {
  const { gate, stores, members, standings } = parts;
  const findPast = createFindPast(parts);
  const router = new Router<State>();

  router.get('/company', gate.admit, async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const found = await standings(accountId);
    const places = await Promise.all(
      (await stores.memberships.listByAccount(accountId)).map(async (own) => {
        const company = await stores.companies.find(own.companyId);
        const standing = found.find((one) => one.companyId === own.companyId);
        if (!company) return undefined;
        const { t } = ctx.state;
        const reason = standing?.reasons[0];
        const speakers = representativesOf(await stores.memberships.listByCompany(company.id));
        const represents = speakers.some(({ id }) => id === own.id);
        return {
          company: sayCompany(ctx, company),
          own: sayPlace(ctx, own),
          isOpen: hasPlace(own),
          reason: reason === undefined ? undefined : t(`consent.value.${reason}`),
          step: standing && stepHref(standing.nextStep, { id: company.id, represents }),
        };
      }),
    );
    const known = places.filter((place) => place !== undefined);
    const past = await findPast(accountId);
    ctx.state.render('company-list', {
      past: past && sayPast(ctx, past),
      current: known.filter(({ isOpen }) => isOpen),
      former: known.filter(({ isOpen }) => !isOpen),
      done: newsOf(ctx),
    });
  });

  router.get('/company/join', gate.admit, async (ctx) => {
    const asked = ctx.query['credit_code'];
    if (typeof asked !== 'string') return ctx.state.render('company-join', { values: {} });
    return show(ctx, asked.slice(0, 100));
  });

  router.post('/company/join', gate.admit, async (ctx) => {
    const code = fieldsOf(ctx)['credit_code'] ?? '';
    const answer = await members.requestToJoin(visitorOf(ctx).accountId, code);
    if (answer.ok) return seeOther(ctx, `/company/${answer.companyId}`, 'requested');
    return show(ctx, code, problem(ctx, answer));
  });

  return router;

  async function show(ctx: Context, code: string, refused?: object): Promise<void> {
    const values = { credit_code: code };
    const company = await members.findJoinable(code);
    if (!company.ok) {
      const errors = [problem(ctx, company)];
      return ctx.state.render('company-join', { values, errors }, 422);
    }
    const errors = refused === undefined ? [] : [refused];
    return ctx.state.render('company-join', { values, company, errors }, refused === undefined ? 200 : 409);
  }
}

type Refused = {
  readonly reason: string;
  readonly found?: number;
  readonly character?: string;
  readonly at?: number;
};

/** What stands in the way of a request, at the field of the code. */
function problem(ctx: Context, { reason, found, character, at }: Refused) {
  const params = {
    found: found ?? 0,
    character: character ?? '',
    at: at === undefined ? '' : formatMoment(ctx.state.lang, at),
  };
  return { field: 'credit_code', message: `company.join.problem.${reason}`, params };
}
