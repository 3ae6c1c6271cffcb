import Router from '@koa/router';
import { z } from 'zod';
import {
  actingStates,
  administratorBar,
  joinWays,
  representativesOf,
  type Membership,
} from '../../../companies/index.ts';
import { placeOf } from '../../company-access.ts';
import type { Context, State } from '../../context.ts';
import { formatDay, formatLastDay } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import { standing as standingOf } from '../company-checks/page.ts';
import type { CompanyPageParts } from './index.ts';
import {
  askRepresentatives,
  newsOf,
  placeTones,
  refuse,
  sayCompany,
  sayPlace,
  seeOther,
  stepHref,
  tag,
} from './wording.ts';

/** States of a membership that its company's administrators see. */
const shown: readonly Membership['state'][] = [...actingStates, 'lapsed'];

/** What a company is to who belongs to it or asked to, and what they do about their own place in it. */
export function companyHomePages(parts: CompanyPageParts): Router<State> {
  const { gate, stores, members, nameOf, standings, evidence } = parts;
  const router = new Router<State>();

  router.get('/company/:id', gate.admit, (ctx) => show(ctx));

  router.post('/company/:id/way', gate.admit, async (ctx) => {
    const form = readForm(ctx, z.object({ way: z.enum(joinWays, 'company.problem.way_missing') }));
    if (!form.ok) return show(ctx, form.errors, 422);
    const { way } = form.data;
    const { company } = placeOf(ctx);
    const answer = await members.chooseEvidence(who(ctx), way);
    if (!answer.ok) return show(ctx, [{ field: 'way', message: refuse(answer.reason) }], 409);
    if (way === 'administrator') return seeOther(ctx, `/company/${company.id}`, 'asked');
    return seeOther(ctx, `/company/${company.id}/ways/${way.replaceAll('_', '-')}`);
  });

  const leaving = (ctx: Context, problem?: string) => {
    const { company, own } = placeOf(ctx);
    const asks = !shown.includes(own.state);
    const what = asks ? 'withdraw' : 'leave';
    return confirm(ctx, { what, params: { company: company.name }, problem, danger: true });
  };
  router.get('/company/:id/leave', gate.admit, (ctx) => leaving(ctx));
  router.post('/company/:id/leave', gate.admit, async (ctx) => {
    const asked = !shown.includes(placeOf(ctx).own.state);
    const answer = await members.leave(who(ctx));
    if (!answer.ok) return leaving(ctx, refuse(answer.reason));
    return seeOther(ctx, '/company', asked ? 'withdrawn' : 'left');
  });

  const administering = (ctx: Context, problem?: string) =>
    confirm(ctx, { what: 'administer', params: { company: placeOf(ctx).company.name }, problem });
  router.get('/company/:id/administer', gate.admit, (ctx) => administering(ctx));
  router.post('/company/:id/administer', gate.admit, async (ctx) => {
    const answer = await members.becomeAdministrator(who(ctx));
    if (!answer.ok) return administering(ctx, refuse(answer.reason));
    return seeOther(ctx, `/company/${placeOf(ctx).company.id}`, 'administers');
  });

  return router;

  async function show(ctx: Context, errors: readonly object[] = [], status = 200): Promise<void> {
    const { company, own } = placeOf(ctx);
    const { accountId } = visitorOf(ctx);
    const standing = (await standings(accountId)).find((one) => one.companyId === company.id);
    const all = await stores.memberships.listByCompany(company.id);
    const speakers = representativesOf(all);
    const represents = speakers.some(({ id }) => id === own.id);
    const shared = {
      company: sayCompany(ctx, company),
      own: sayPlace(ctx, own),
      state: own.state,
      verified: (await nameOf(accountId)) !== undefined,
      // What a notice says already is not said twice.
      reason:
        !(company.state === 'lapsed' && standing?.nextStep === 'renew_company') &&
        standing?.reasons[0] &&
        ctx.state.t(`consent.value.${standing.reasons[0]}`),
      step: standing && stepHref(standing.nextStep, { id: company.id, represents }),
      done: newsOf(ctx),
      errors,
    };
    if (!actingStates.includes(own.state)) {
      const ways = own.state === 'in_review' ? [] : await members.offeredWays(company.id);
      const handedIn = await evidence.checks.view({
        companyId: company.id,
        accountId,
        kind: 'authorisation_letter',
      });
      const letter = handedIn && standingOf(ctx, handedIn);
      return ctx.state.render('company-request', { ...shared, ways, letter }, status);
    }
    const administrators = all.filter(
      (one) => one.role === 'administrator' && actingStates.includes(one.state),
    );
    const isAdministrator = own.role === 'administrator';
    const visible = isAdministrator ? all.filter(({ state }) => shown.includes(state)) : [];
    return ctx.state.render(
      'company-home',
      {
        ...shared,
        isAdministrator,
        represents,
        ask: askRepresentatives(ctx.state.t, await namesOf(speakers)),
        isAsked: ['renew_company', 'show_company_licence'].includes(standing?.nextStep ?? ''),
        mayAdminister: standing?.status === 'eligible' && !administratorBar(company, all, own),
        isLeft: company.administeredAt !== undefined,
        administrators: await Promise.all(administrators.map(({ accountId: id }) => nameOf(id))),
        requests: isAdministrator
          ? await rows(
              ctx,
              all.filter(({ state }) => state === 'awaiting_admin'),
            )
          : [],
        members: await rows(ctx, visible),
        mail: parts.mail,
      },
      status,
    );
  }

  async function namesOf(list: readonly Membership[]): Promise<string[]> {
    const names = await Promise.all(list.map(({ accountId }) => nameOf(accountId)));
    return names.filter((name) => name !== undefined);
  }

  function rows(ctx: Context, list: readonly Membership[]) {
    const { t, lang } = ctx.state;
    return Promise.all(
      list.map(async (one) => ({
        href: `/company/${one.companyId}/members/${one.id}`,
        name: (await nameOf(one.accountId)) ?? t('company.unnamed'),
        role: t(`acting.role.${one.role}`),
        since: one.activatedAt === undefined ? '' : formatDay(lang, one.activatedAt),
        until: one.validUntil === undefined ? t('company.no_end') : formatLastDay(lang, one.validUntil),
        evidence: one.evidence === undefined ? '' : t(`company.evidence.${one.evidence}`),
        state: tag(ctx, 'state', placeTones, one.state),
      })),
    );
  }
}

const who = (ctx: Context) => ({
  accountId: visitorOf(ctx).accountId,
  companyId: placeOf(ctx).company.id,
});

/** A page that says what will happen, and asks once more. */
export function confirm(
  ctx: Context,
  page: {
    /** Texts: `company.confirm.<what>_…`. */
    readonly what: string;
    readonly params: Readonly<Record<string, string>>;
    readonly problem?: string | undefined;
    readonly danger?: boolean;
    /** Codes to choose a reason from: `company.ended.<code>`. */
    readonly reasons?: readonly string[];
    readonly back?: string;
  },
): void {
  const { problem, back = `/company/${placeOf(ctx).company.id}` } = page;
  const field = problem === 'company.problem.reason_missing' ? 'reason' : '';
  const errors = problem === undefined ? [] : [{ field, message: problem }];
  const status = problem === undefined ? 200 : field === 'reason' ? 422 : 409;
  ctx.state.render('company-confirm', { reasons: [], danger: false, ...page, back, errors }, status);
}
