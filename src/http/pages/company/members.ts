import Router from '@koa/router';
import { z } from 'zod';
import { dayOf } from '../../../accounts/index.ts';
import {
  actingStates,
  declineReasons,
  removeReasons,
  seenOf,
  type AdministratorAct,
  type Membership,
} from '../../../companies/index.ts';
import { AppError } from '../../../core/errors.ts';
import type { MembershipId } from '../../../core/ids.ts';
import { hasPlace, placeOf } from '../../company-access.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import { confirm } from './company.ts';
import type { CompanyPageParts } from './index.ts';
import { endOfDay, newsOf, refuse, sayCompany, sayPlace, seeOther, type News } from './wording.ts';

const roleForm = z.object({
  role: z.enum(['recruiter', 'administrator'], 'company.problem.role_missing'),
  seen: z.string('company.problem.stale'),
});

const endForm = z.object({
  until: z
    .string('company.problem.no_day')
    .trim()
    .refine((text) => text === '' || endOfDay(text) !== undefined, 'company.problem.no_day'),
  seen: z.string('company.problem.stale'),
});

/** One member or request, and what an administrator does about them. */
export function memberPages({ gate, stores, members, nameOf, clock }: CompanyPageParts): Router<State> {
  const router = new Router<State>();
  const at = '/company/:id/members/:member';

  router.get(at, gate.admit, (ctx) => show(ctx));

  router.post(`${at}/approve`, gate.admit, async (ctx) => {
    const answer = await members.approve(actOf(ctx));
    if (!answer.ok) return show(ctx, [{ field: '', message: refuse(answer.reason) }], 409);
    return toCompany(ctx, 'approved');
  });

  router.post(`${at}/role`, gate.admit, async (ctx) => {
    const form = readForm(ctx, roleForm);
    if (!form.ok) return show(ctx, form.errors, 422);
    const answer = await members.setRole({ ...actOf(ctx), ...form.data });
    if (!answer.ok) return show(ctx, [{ field: 'role', message: refuse(answer.reason) }], 409);
    // Who gave the role up sees no members any more.
    return isOwn(ctx) ? toCompany(ctx, 'role') : seeOther(ctx, pathOf(ctx), 'role');
  });

  router.post(`${at}/end-date`, gate.admit, async (ctx) => {
    const form = readForm(ctx, endForm);
    if (!form.ok) return show(ctx, form.errors, 422, form.values);
    const until = endOfDay(form.data.until);
    const answer = await members.setEndDate({ ...actOf(ctx), until, seen: form.data.seen });
    if (!answer.ok) return show(ctx, [{ field: 'until', message: refuse(answer.reason) }], 409, form.values);
    return seeOther(ctx, pathOf(ctx), 'end_date');
  });

  const withReason = (what: 'decline' | 'remove', done: News) => {
    const reasons = what === 'decline' ? declineReasons : removeReasons;
    const page = async (ctx: Context, problem?: string) => {
      const { name } = await target(ctx);
      const params = { name, company: placeOf(ctx).company.name };
      return confirm(ctx, { what, params, problem, danger: true, reasons, back: pathOf(ctx) });
    };
    router.get(`${at}/${what}`, gate.admit, (ctx) => page(ctx));
    router.post(`${at}/${what}`, gate.admit, async (ctx) => {
      const form = readForm(ctx, z.object({ reason: z.enum(reasons, 'company.problem.reason_missing') }));
      if (!form.ok) return page(ctx, 'company.problem.reason_missing');
      const act = actOf(ctx);
      const { reason } = form.data;
      const answer =
        what === 'decline'
          ? await members.decline({ ...act, reason: z.enum(declineReasons).parse(reason) })
          : await members.remove({ ...act, reason: z.enum(removeReasons).parse(reason) });
      if (!answer.ok) return page(ctx, refuse(answer.reason));
      return toCompany(ctx, done);
    });
  };
  withReason('decline', 'declined');
  withReason('remove', 'removed');

  const handing = async (ctx: Context, problem?: string) => {
    const { name } = await target(ctx);
    const params = { name, company: placeOf(ctx).company.name };
    return confirm(ctx, { what: 'hand_over', params, problem, danger: true, back: pathOf(ctx) });
  };
  router.get(`${at}/hand-over`, gate.admit, (ctx) => handing(ctx));
  router.post(`${at}/hand-over`, gate.admit, async (ctx) => {
    const answer = await members.handOver(actOf(ctx));
    if (!answer.ok) return handing(ctx, refuse(answer.reason));
    return toCompany(ctx, 'handed_over');
  });

  return router;

  async function target(ctx: Context): Promise<{ membership: Membership; name: string }> {
    const membership = await stores.memberships.find(actOf(ctx).membershipId);
    if (membership?.companyId !== placeOf(ctx).company.id || !hasPlace(membership))
      throw new AppError('not_found');
    return { membership, name: (await nameOf(membership.accountId)) ?? ctx.state.t('company.unnamed') };
  }

  async function show(
    ctx: Context,
    errors: readonly object[] = [],
    status = 200,
    values: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const { membership, name } = await target(ctx);
    const { state, role, validUntil, accountId } = membership;
    // The last day is the one before the instant from which it does not hold.
    const until = validUntil === undefined ? '' : dayOf(validUntil - 1);
    ctx.state.render(
      'company-member',
      {
        company: sayCompany(ctx, placeOf(ctx).company),
        member: sayPlace(ctx, membership),
        name,
        base: pathOf(ctx),
        isNamed: (await nameOf(accountId)) !== undefined,
        isOwn: isOwn(ctx),
        asks: state === 'awaiting_admin',
        acts: actingStates.includes(state),
        mayReturn: state === 'lapsed',
        seen: seenOf(membership),
        values: { role, until, ...values },
        tomorrow: dayOf(clock.now() + 86_400_000),
        done: newsOf(ctx),
        errors,
      },
      status,
    );
  }
}

function actOf(ctx: Context): AdministratorAct {
  const { member = '' } = ctx['params'] as { member?: string };
  return {
    by: visitorOf(ctx).accountId,
    companyId: placeOf(ctx).company.id,
    membershipId: member as MembershipId,
  };
}

const isOwn = (ctx: Context): boolean => actOf(ctx).membershipId === placeOf(ctx).own.id;

const pathOf = (ctx: Context): string => {
  const { companyId, membershipId } = actOf(ctx);
  return `/company/${companyId}/members/${encodeURIComponent(membershipId)}`;
};

const toCompany = (ctx: Context, done: News): void =>
  seeOther(ctx, `/company/${placeOf(ctx).company.id}`, done);
