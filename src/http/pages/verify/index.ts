import Router from '@koa/router';
import { z } from 'zod';
import { caseScopes } from '../../../verification/index.ts';
import type { State } from '../../context.ts';
import type { Context } from '../../context.ts';
import { requireVisitor, visitorOf } from '../../sign-in.ts';
import { answerPages } from './answers.ts';
import { appealPages } from './appeal.ts';
import { closingPages } from './closing.ts';
import { confirmPages } from './confirm.ts';
import { startPage } from './start.ts';
import { redirect, whereTo, type VerifyDependencies } from './journey.ts';
import { picturePages } from './pictures.ts';

/** What somebody chose on the start page; anything else is left to what is missing. */
const startForm = z.object({ scope: z.enum(caseScopes).optional().catch(undefined) });

export { wayBack, type FindApp, type VerifyDependencies, type WayBack } from './journey.ts';
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
    const counts = await verification.standing(accountId);
    // What was approved is no end where something else is missing, or has run out since.
    const isMissing = !counts.person || counts.joined.length === 0;
    if (!view || view.case.state === 'withdrawn' || (view.case.state === 'approved' && isMissing)) {
      const page = await startPage(ctx, dependencies);
      return ctx.state.render('verify-start', { ...page, interaction: app && uid, app });
    }
    if (uid !== undefined && app) {
      await verification.rememberOrigin(accountId, { interaction: uid, clientName: app.name });
    }
    const current = view.case.state === 'open' ? await verification.resume(accountId) : view;
    redirect(ctx, current?.case.state === 'open' ? whereTo(current) : '/verify/status');
  });
  router.get('/verify/about', async (ctx) => {
    ctx.state.render('verify-start', await startPage(ctx, dependencies));
  });
  router.post('/verify/start', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const { scope } = startForm.parse(ctx.request.body ?? {});
    const started = await verification.start(accountId, scope);
    if (!started.ok) {
      ctx.set('retry-after', '3600');
      return ctx.state.render(
        'verify-start',
        {
          ...(await startPage(ctx, dependencies)),
          errors: [{ field: '', message: 'verify.error.too_many_cases' }],
        },
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
