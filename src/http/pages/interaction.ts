import Router from '@koa/router';
import { AppError } from '../../core/errors.ts';
import { localPath, notAsked, signedInPath, type Interactions } from '../../oidc/index.ts';
import type { Context, State } from '../context.ts';
import { fieldsOf } from '../guard.ts';
import type { FieldError } from '../partials.ts';
import { companyLines } from './company-lines.ts';
import { consentLines } from './consent-lines.ts';

export type InteractionDependencies = { readonly interactions: Interactions };

/**
 * Authorization requests that wait for the person. One dispatcher asks what is next from the stored request; the steps
 * never lead to each other.
 */
export function interactionPages({ interactions }: InteractionDependencies): Router<State> {
  const router = new Router<State>();

  router.get('/interaction/:uid', async (ctx) => {
    const { uid, prompt } = await interactions.details(ctx);
    ctx.status = 303;
    switch (prompt) {
      case 'login':
        return ctx.redirect(`/interaction/${uid}/phone`);
      case 'company':
        return ctx.redirect(`/interaction/${uid}/company`);
      case 'consent':
        return ctx.redirect(`/interaction/${uid}/consent`);
      case 'verification':
        return ctx.redirect(`/verify?interaction=${uid}`);
    }
  });

  const showCompanies = async (ctx: Context, errors: readonly FieldError[] = []): Promise<void> => {
    const view = await interactions.companyRequest(ctx);
    const data = { ...view, options: companyLines(view.options, ctx.state.t, ctx.state.lang), errors };
    ctx.set('cache-control', 'no-store');
    ctx.state.render('company', data, errors.length > 0 ? 422 : 200);
  };

  router.get('/interaction/:uid/company', (ctx) => showCompanies(ctx));

  router.post('/interaction/:uid/company', async (ctx) => {
    const { company } = fieldsOf(ctx);
    if (company !== undefined && (await interactions.chooseCompany(ctx, company))) return;
    await showCompanies(ctx, [{ field: 'company', message: 'acting.choose' }]);
  });

  router.get('/interaction/:uid/consent', async (ctx) => {
    const view = await interactions.consentRequest(ctx);
    ctx.state.render('consent', {
      ...view,
      lines: consentLines(view.rows, ctx.state.t, ctx.state.lang),
      notAsked: notAsked(view.rows),
    });
  });

  router.post('/interaction/:uid/consent', async (ctx) => {
    const { decision } = fieldsOf(ctx);
    if (decision === 'allow') return interactions.grant(ctx);
    if (decision === 'deny') return interactions.abort(ctx);
    throw new AppError('bad_request');
  });

  // A link and not a form: coming back changes nothing by itself, the app gets whatever status there is.
  router.get('/interaction/:uid/continue', (ctx) => interactions.continueAfterVerification(ctx));
  router.post('/interaction/:uid/abort', (ctx) => interactions.abort(ctx));

  router.get(signedInPath, (ctx) => {
    const state = typeof ctx.query['state'] === 'string' ? ctx.query['state'] : undefined;
    ctx.status = 303;
    ctx.redirect(localPath(state));
  });

  return router;
}
