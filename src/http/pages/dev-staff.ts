import Router from '@koa/router';
import { developmentReviewer, type StaffAccounts } from '../../review/index.ts';
import type { State } from '../context.ts';

/** Development only: how to sign in to the review console, with the code an authenticator would show. */
export function devStaffPages({ accounts }: { accounts: Pick<StaffAccounts, 'currentCode'> }): Router<State> {
  const router = new Router<State>();
  const credentials = async () => {
    const next = await accounts.currentCode(developmentReviewer.login);
    return { ...developmentReviewer, code: next?.code, waitSeconds: next?.waitSeconds ?? 0 };
  };
  router.get('/dev/staff', async (ctx) => {
    ctx.state.render('dev-staff', await credentials());
  });
  router.get('/dev/staff.json', async (ctx) => {
    ctx.body = await credentials();
    ctx.set('cache-control', 'no-store');
  });
  return router;
}
