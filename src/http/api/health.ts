import Router from '@koa/router';
import type { State } from '../context.ts';

/** `/healthz`: the process answers; `/readyz`: so does its database. */
export function healthApi({ ready }: { ready(): Promise<boolean> }): Router<State> {
  const router = new Router<State>();
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async (ctx) => {
    const isReady = await ready().catch(() => false);
    ctx.status = isReady ? 200 : 503;
    ctx.body = { status: isReady ? 'ok' : 'unavailable' };
  });
  return router;
}
