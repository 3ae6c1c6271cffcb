import Router from '@koa/router';
import type { State } from '../context.ts';

/** The front page: what this service is, for whom, and where to go. */
export function homePages({ development }: { development: boolean }) {
  const router = new Router<State>();
  router.get('/', (ctx) => ctx.state.render('home', { development }));
  return router;
}
