import Router from '@koa/router';
import type { State } from '../../context.ts';
import type { Context } from '../../context.ts';
import { requireVisitor, visitorOf } from '../../sign-in.ts';
import { answerPages } from './answers.ts';
import { appealPages } from './appeal.ts';
import { closingPages } from './closing.ts';
import { confirmPages } from './confirm.ts';
import { redirect, whereTo, type VerifyDependencies } from './journey.ts';
import { picturePages } from './pictures.ts';
import { sayDuration } from './wording.ts';

export type { FindApp, VerifyDependencies } from './journey.ts';
export { takesPicture } from './pictures.ts';

/**
 * Recruiter verification in the browser. Every page stands on the stored case, so that a visit goes on where it
 * stopped, on any device; `/verify` is the one address that leads to the right page.
 */
export function verifyPages(dependencies: VerifyDependencies): Router<State> {
  const { signIn, verification, findApp } = dependencies;
  const router = new Router<State>();
  router.use('/verify', requireVisitor(signIn));

  router.get('/verify', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const uid = interactionOf(ctx);
    const app = uid === undefined ? undefined : await findApp(uid, accountId);
    const view = await verification.view(accountId);
    if (!view || view.case.state === 'withdrawn') {
      return ctx.state.render('verify-start', { ...(await times(ctx)), interaction: app && uid, app });
    }
    if (uid !== undefined && app) {
      await verification.rememberOrigin(accountId, { interaction: uid, clientName: app.name });
    }
    redirect(ctx, view.case.state === 'open' ? whereTo(view) : '/verify/status');
  });
  router.get('/verify/about', async (ctx) => {
    const view = await verification.view(visitorOf(ctx).accountId);
    const underWay = view !== undefined && ['open', 'resubmission'].includes(view.case.state);
    const continueHref = underWay ? whereTo(view) : undefined;
    ctx.state.render('verify-start', { ...(await times(ctx)), continueHref });
  });
  router.post('/verify/start', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const started = await verification.start(accountId);
    if (!started.ok) {
      ctx.set('retry-after', '3600');
      return ctx.state.render(
        'verify-start',
        { ...(await times(ctx)), errors: [{ field: '', message: 'verify.error.too_many_cases' }] },
        429,
      );
    }
    const uid = interactionOf(ctx, ctx.request.body);
    const app = uid === undefined ? undefined : await findApp(uid, accountId);
    if (uid !== undefined && app) {
      await verification.rememberOrigin(accountId, { interaction: uid, clientName: app.name });
    }
    redirect(ctx, whereTo(started.view));
  });

  /** How long a decision takes, from real figures: by whoever decided, and by a reviewer. */
  async function times(ctx: Context) {
    const [all, reviewed] = [await verification.reviewTime(), await verification.reviewTime('reviewer')];
    const say = (ms: number | undefined) => (ms === undefined ? undefined : sayDuration(ctx, ms));
    return { typical: say(all), reviewed: say(reviewed) };
  }

  answerPages(router, dependencies);
  confirmPages(router, dependencies);
  picturePages(router, dependencies);
  closingPages(router, dependencies);
  appealPages(router, dependencies);
  return router;
}

/** The uid of the app's request that led here, from the address or the start form. */
function interactionOf(ctx: Context, from: unknown = ctx.query): string | undefined {
  const uid = (from as Record<string, unknown> | undefined)?.['interaction'];
  return typeof uid === 'string' && /^[\w-]{10,64}$/.test(uid) ? uid : undefined;
}
