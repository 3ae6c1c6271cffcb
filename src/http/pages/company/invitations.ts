import Router from '@koa/router';
import { z } from 'zod';
import { dayOf } from '../../../accounts/index.ts';
import type { InvitationState } from '../../../companies/index.ts';
import type { InvitationId } from '../../../core/ids.ts';
import { placeOf } from '../../company-access.ts';
import type { Context, State } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import type { CompanyPageParts } from './index.ts';
import { endOfDay, newsOf, refuse, sayCompany, seeOther } from './wording.ts';

const form = z.object({
  role: z.enum(['recruiter', 'administrator'], 'company.problem.role_missing'),
  until: z
    .string('company.problem.no_day')
    .trim()
    .refine((text) => text === '' || endOfDay(text) !== undefined, 'company.problem.no_day'),
});

const tones = {
  open: 'info',
  accepted: 'success',
  withdrawn: 'neutral',
  expired: 'neutral',
  void: 'neutral',
} as const satisfies Record<InvitationState, string>;

/** The links by which administrators let people in; each is shown once, in the answer that made it. */
export function invitationPages({
  gate,
  invitations,
  nameOf,
  issuer,
  clock,
}: CompanyPageParts): Router<State> {
  const router = new Router<State>();

  router.get('/company/:id/invitations', gate.admit, (ctx) => show(ctx));

  router.post('/company/:id/invitations', gate.admit, async (ctx) => {
    const read = readForm(ctx, form);
    if (!read.ok) return show(ctx, { errors: read.errors, values: read.values }, 422);
    const { role, until } = read.data;
    const memberUntil = endOfDay(until);
    const answer = await invitations.invite({ ...who(ctx), role, memberUntil });
    if (!answer.ok) {
      const field = ['past', 'too_far'].includes(answer.reason) ? 'until' : '';
      const reason = answer.reason === 'too_many' ? 'too_many_invitations' : answer.reason;
      return show(ctx, { errors: [{ field, message: refuse(reason) }], values: read.values }, 409);
    }
    const made = {
      link: `${issuer}/company/invitations/${answer.secret}`,
      until: formatDay(ctx.state.lang, answer.expiresAt),
    };
    return show(ctx, { made }, 201);
  });

  router.post('/company/:id/invitations/:invitation/withdraw', gate.admit, async (ctx) => {
    const { invitation = '' } = ctx.params as { invitation?: string };
    const answer = await invitations.withdraw({ ...who(ctx), invitationId: invitation as InvitationId });
    if (!answer.ok) return show(ctx, { errors: [{ field: '', message: refuse(answer.reason) }] }, 409);
    return seeOther(ctx, `/company/${placeOf(ctx).company.id}/invitations`, 'invitation_withdrawn');
  });

  return router;

  async function show(
    ctx: Context,
    extra: Readonly<Record<string, unknown>> = {},
    status = 200,
  ): Promise<void> {
    const { company } = placeOf(ctx);
    const { t, lang } = ctx.state;
    const list = await invitations.list(company.id);
    ctx.state.render(
      'company-invitations',
      {
        company: sayCompany(ctx, company),
        invitations: await Promise.all(
          list.map(async (one) => ({
            id: one.id,
            role: t(`acting.role.${one.role}`),
            by: (await nameOf(one.invitedBy)) ?? t('company.former'),
            made: formatDay(lang, one.createdAt),
            expires: formatDay(lang, one.expiresAt),
            isOpen: one.state === 'open',
            tag: { text: t(`company.invitation.state.${one.state}`), tone: tones[one.state] },
          })),
        ),
        tomorrow: dayOf(clock.now() + 86_400_000),
        done: newsOf(ctx),
        ...extra,
      },
      status,
    );
  }
}

const who = (ctx: Context) => ({ by: visitorOf(ctx).accountId, companyId: placeOf(ctx).company.id });
