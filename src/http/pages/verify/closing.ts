import { setTimeout as pause } from 'node:timers/promises';
import type Router from '@koa/router';
import { z } from 'zod';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import { enter, redirect, renderStep, staleError, versionOf, type VerifyDependencies } from './journey.ts';
import { statusPage } from './status.ts';
import { summary } from './summary.ts';

/** Milliseconds. */
const PAGE_WAIT = 3000;

const submitForm = z.object({
  version: z.string().optional().transform(versionOf),
  ask_source: z.string().optional(),
});

/** The end of the journey: check, submit, status, and "stop and delete" at any time. */
export function closingPages(router: Router<State>, dependencies: VerifyDependencies): void {
  const { verification } = dependencies;

  router.get('/verify/check', (ctx) => showCheck(ctx));
  router.post('/verify/check', async (ctx) => {
    const form = readForm(ctx, submitForm);
    const version = form.ok ? form.data.version : 0;
    const source = { granted: form.ok && form.data.ask_source === '1', language: ctx.state.lang };
    const result = await verification.submit({ accountId: visitorOf(ctx).accountId, version }, source);
    if (result.ok) {
      await soon(verification.examine(result.view.case.id));
      return redirect(ctx, '/verify/status');
    }
    if (result.reason === 'closed' || result.reason === 'incomplete') return redirect(ctx, '/verify');
    if (result.reason === 'stale') return showCheck(ctx, { errors: [staleError] }, 409);
    return showCheck(ctx, { errors: [{ field: '', message: 'verify.error.document_expired' }] }, 422);
  });

  router.get('/verify/status', async (ctx) => {
    const view = await verification.view(visitorOf(ctx).accountId);
    if (!view) return redirect(ctx, '/verify');
    ctx.state.render('verify-status', await statusPage(ctx, view, dependencies));
  });

  /** What the status page asks for while the machine looks. */
  router.get('/verify/status.json', async (ctx) => {
    const view = await verification.view(visitorOf(ctx).accountId);
    ctx.set('cache-control', 'no-store');
    ctx.body = { state: view?.case.state ?? 'none', version: view?.case.version ?? 0 };
  });

  router.get('/verify/stop', async (ctx) => {
    const view = await verification.view(visitorOf(ctx).accountId);
    if (!view || ['withdrawn', 'revoked'].includes(view.case.state)) return redirect(ctx, '/verify');
    const { state, scope } = view.case;
    const bereft = state === 'approved' ? await dependencies.bereftBy(view.case) : [];
    ctx.state.render('verify-stop', { state, scope, bereft });
  });
  router.post('/verify/stop', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    await verification.withdraw(accountId, ctx.state.lang);
    redirect(ctx, '/verify/status');
  });

  async function showCheck(ctx: Context, data: object = {}, status = 200): Promise<void> {
    const view = await enter(ctx, dependencies, 'check');
    if (!view) return;
    const readings = (await verification.readings(view.case.accountId)) ?? {};
    const officialSource = verification.officialSource(view);
    renderStep(
      ctx,
      'verify-check',
      view,
      'check',
      { ...summary(ctx, view, readings), officialSource, ...data },
      status,
    );
  }
}

/** Waits for the machine's verdict as long as a page may take; after that the status page follows it. */
async function soon(examined: Promise<unknown>): Promise<void> {
  const given = new AbortController();
  // What goes wrong here goes wrong in the job too, which is tried again.
  const settled = examined.catch(() => undefined).finally(() => given.abort());
  await Promise.race([settled, pause(PAGE_WAIT, undefined, { signal: given.signal }).catch(() => undefined)]);
}
