import type Router from '@koa/router';
import { z } from 'zod';
import { LONGEST_APPEAL } from '../../../verification/index.ts';
import type { State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import { redirect, type VerifyDependencies } from './journey.ts';
import { statusPage } from './status.ts';

const appealForm = z.object({ appeal: z.string().default('') });

/** Objecting to a rejection, on the page that tells of it. */
export function appealPages(router: Router<State>, dependencies: VerifyDependencies): void {
  const { verification } = dependencies;

  router.post('/verify/appeal', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const form = readForm(ctx, appealForm);
    // A browser sends two characters for the end of a line; the page counts one.
    const text = form.ok ? form.data.appeal.replaceAll('\r\n', '\n') : '';
    const result = await verification.appeal(accountId, text);
    const view = result.ok || result.reason === 'closed' ? undefined : await verification.view(accountId);
    if (result.ok || !view) return redirect(ctx, '/verify/status');
    const params = { most: LONGEST_APPEAL, found: [...text.trim()].length };
    const errors = [{ field: 'appeal', message: `verify.error.appeal.${result.reason}`, params }];
    const page = await statusPage(ctx, view, dependencies);
    ctx.state.render('verify-status', { ...page, errors, values: { appeal: text } }, 422);
  });
}
