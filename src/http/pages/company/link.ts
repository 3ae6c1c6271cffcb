import Router from '@koa/router';
import { hours } from '../../../core/clock.ts';
import { cookieName } from '../../cookies.ts';
import type { Context, State } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import { visitorOf } from '../../sign-in.ts';
import type { CompanyPageParts } from './index.ts';
import { seeOther } from './wording.ts';

const shape = /^[\w-]{43}$/;

/**
 * What an invitation is, to whoever holds its link. The secret stays in this address and in a cookie on the way through
 * sign-in: not in the parameters of the sign-in, which are kept and passed on.
 */
export function linkPages({ gate, invitations, issuer }: CompanyPageParts): Router<State> {
  const router = new Router<State>();
  const secure = issuer.startsWith('https:');
  const cookie = cookieName('invitation', secure);
  const attributes = { httpOnly: true, sameSite: 'lax', secure, path: '/', overwrite: true } as const;
  const secretOf = (ctx: Context) => (ctx['params'] as { secret?: string }).secret ?? '';

  // What comes back from sign-in.
  router.get('/company/invited', gate.admit, (ctx) => {
    const secret = ctx.cookies.get(cookie) ?? '';
    ctx.cookies.set(cookie, null, attributes);
    return seeOther(ctx, shape.test(secret) ? `/company/invitations/${secret}` : '/company');
  });

  router.get('/company/invitations/:secret', gate.admit, async (ctx) => {
    const secret = secretOf(ctx);
    const seen = shape.test(secret) ? await invitations.look(secret) : undefined;
    if (!seen?.ok) return refuse(ctx, seen?.reason ?? 'not_valid');
    const signedIn = ctx.state.visitor !== undefined;
    if (!signedIn) ctx.cookies.set(cookie, secret, { ...attributes, maxAge: hours(2) });
    return ctx.state.render('company-link', {
      signedIn,
      companyName: seen.companyName,
      isAdministrator: seen.role === 'administrator',
      memberUntil: seen.memberUntil && formatDay(ctx.state.lang, seen.memberUntil - 1),
      expires: formatDay(ctx.state.lang, seen.expiresAt),
    });
  });

  router.post('/company/invitations/:secret', gate.admit, async (ctx) => {
    const secret = secretOf(ctx);
    if (!shape.test(secret)) return refuse(ctx, 'not_valid');
    const answer = await invitations.accept(secret, visitorOf(ctx).accountId);
    if (!answer.ok) return refuse(ctx, answer.reason);
    return seeOther(ctx, `/company/${answer.companyId}`, 'joined');
  });

  return router;
}

const statuses: Readonly<Record<string, number>> = { not_valid: 404, expired: 410, used: 410 };

function refuse(ctx: Context, problem: string): void {
  ctx.state.render('company-link', { problem }, statuses[problem] ?? 409);
}
