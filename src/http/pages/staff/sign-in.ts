import Router from '@koa/router';
import { z } from 'zod';
import { minutes } from '../../../core/clock.ts';
import { staffSignInLimits, type StaffAccounts, type StaffSignIn } from '../../../review/index.ts';
import type { State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { consolePath, redirect, staffOf, type StaffCookie, type StaffGate } from '../../staff-session.ts';

const signInForm = z.object({
  login: z
    .string('review.error.login_missing')
    .trim()
    .min(1, 'review.error.login_missing')
    .max(100, 'review.error.sign_in_rejected'),
  password: z
    .string('review.error.password_missing')
    .min(1, 'review.error.password_missing')
    .max(500, 'review.error.sign_in_rejected'),
  code: z
    .string('review.error.code_malformed')
    .transform((text) => text.normalize('NFKC').replaceAll(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'review.error.code_malformed')),
  return: z.string().optional(),
});

const passwordForm = z
  .object({
    current: z
      .string('review.error.password_missing')
      .min(1, 'review.error.password_missing')
      .max(500, 'review.error.wrong_password'),
    next: z
      .string('review.error.new_password_missing')
      .min(1, 'review.error.new_password_missing')
      .max(1000, 'review.error.too_long'),
    again: z.string('review.error.passwords_differ'),
  })
  .refine(({ next, again }) => next === again, { path: ['again'], message: 'review.error.passwords_differ' });

/** Sign-in, sign-out and the password of staff. */
export function staffSignInPages(deps: {
  signIn: StaffSignIn;
  accounts: StaffAccounts;
  cookie: StaffCookie;
  gate: StaffGate;
}): Router<State> {
  const { signIn, accounts, cookie, gate } = deps;
  const router = new Router<State>();

  router.get('/staff/sign-in', async (ctx) => {
    const token = cookie.read(ctx);
    const returnTo = consolePath(ctx.query['return']);
    if (token !== undefined && (await signIn.current(token))) return redirect(ctx, returnTo);
    ctx.state.render('staff-sign-in', { returnTo });
  });

  router.post('/staff/sign-in', async (ctx) => {
    const form = readForm(ctx, signInForm);
    const returnTo = consolePath(form.values['return']);
    const again = (errors: readonly object[], status: number) =>
      ctx.state.render(
        'staff-sign-in',
        { returnTo, errors, values: { login: form.values['login'] } },
        status,
      );
    if (!form.ok) return again(form.errors, 422);
    const { login, password, code } = form.data;
    const result = await signIn.signIn({ login, password, code, address: ctx.state.clientAddress });
    if (!result.ok && result.reason === 'limited') {
      ctx.set('retry-after', String(staffSignInLimits.window / 1000));
      const params = { minutes: staffSignInLimits.window / minutes(1) };
      return again([{ field: '', message: 'review.error.sign_in_limited', params }], 429);
    }
    if (!result.ok) return again([{ field: 'login', message: 'review.error.sign_in_rejected' }], 422);
    const earlier = cookie.read(ctx);
    if (earlier !== undefined) await signIn.signOut(earlier);
    cookie.set(ctx, result.token);
    redirect(ctx, result.staff.mustChangePassword ? '/staff/password' : returnTo);
  });

  router.post('/staff/sign-out', async (ctx) => {
    const token = cookie.read(ctx);
    if (token !== undefined) await signIn.signOut(token);
    cookie.clear(ctx);
    redirect(ctx, '/staff/sign-in');
  });

  router.get('/staff/password', gate.admit, (ctx) => {
    const { staff } = staffOf(ctx);
    ctx.state.render('staff-password', { staff, isFirst: staff.mustChangePassword });
  });

  router.post('/staff/password', gate.admit, async (ctx) => {
    const { staff, token } = staffOf(ctx);
    const form = readForm(ctx, passwordForm);
    const again = (errors: readonly object[]) =>
      ctx.state.render('staff-password', { staff, isFirst: staff.mustChangePassword, errors }, 422);
    if (!form.ok) return again(form.errors);
    const { current, next } = form.data;
    const result = await accounts.changePassword(staff.id, { current, next, keepToken: token });
    if (result.ok) return redirect(ctx, '/staff?notice=password');
    if (result.reason === 'limited') {
      cookie.clear(ctx);
      const error = { field: '', message: 'review.error.password_guesses' };
      return ctx.state.render('staff-sign-in', { returnTo: '/staff', errors: [error] }, 429);
    }
    const field = result.reason === 'wrong_password' ? 'current' : 'next';
    again([{ field, message: `review.error.${result.reason}` }]);
  });

  return router;
}
