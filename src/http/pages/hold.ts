import Router from '@koa/router';
import { z } from 'zod';
import type { AccountId } from '../../core/ids.ts';
import type { Holds } from '../../review/index.ts';
import { LONGEST_APPEAL } from '../../verification/index.ts';
import type { Context, State } from '../context.ts';
import { formatDay } from '../dates.ts';
import { readForm } from '../guard.ts';
import { requireVisitor, visitorOf, type SignIn } from '../sign-in.ts';
import type { WayBack } from './verify/index.ts';

const appealForm = z.object({ appeal: z.string().default('') });

/** Why somebody may not recruit for now, what they can do about it, and their objection. */
export function holdPages(deps: {
  signIn: SignIn;
  holds: Pick<Holds, 'ofPerson' | 'appeal'>;
  /** The app that waits for them, if they came from one. */
  backTo: (accountId: AccountId) => Promise<WayBack | undefined>;
}): Router<State> {
  const { signIn, holds, backTo } = deps;
  const router = new Router<State>();
  const visitorOnly = requireVisitor(signIn);

  async function renderPage(ctx: Context, extra: Record<string, unknown> = {}, status = 200): Promise<void> {
    const { accountId } = visitorOf(ctx);
    const hold = await holds.ofPerson(accountId);
    const shown = hold && { ...hold, since: formatDay(ctx.state.lang, hold.setAt) };
    const app = await backTo(accountId);
    ctx.state.render('account-hold', { hold: shown, most: LONGEST_APPEAL, backTo: app, ...extra }, status);
  }

  router.get('/account/hold', visitorOnly, (ctx) => renderPage(ctx));

  router.post('/account/hold', visitorOnly, async (ctx) => {
    const form = readForm(ctx, appealForm);
    // A browser sends two characters for the end of a line; the page counts one.
    const text = form.ok ? form.data.appeal.replaceAll('\r\n', '\n') : '';
    const result = await holds.appeal(visitorOf(ctx).accountId, text);
    if (result.ok || result.reason === 'closed') {
      ctx.status = 303;
      return ctx.redirect('/account/hold');
    }
    const params = { most: LONGEST_APPEAL, found: [...text.trim()].length };
    const errors = [{ field: 'appeal', message: `account.hold.error.${result.reason}`, params }];
    return renderPage(ctx, { errors, values: { appeal: text } }, 422);
  });

  return router;
}
