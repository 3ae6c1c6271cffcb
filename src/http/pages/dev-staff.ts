import Router from '@koa/router';
import { developmentStaff, type StaffAccounts } from '../../review/index.ts';
import type { State } from '../context.ts';

/** Development only: how to sign in to the review console, with the codes that authenticators would show. */
export function devStaffPages({ accounts }: { accounts: Pick<StaffAccounts, 'currentCode'> }): Router<State> {
  const router = new Router<State>();
  const credentials = () =>
    Promise.all(
      developmentStaff.map(async ({ login, password }) => {
        const next = await accounts.currentCode(login);
        return { login, password, code: next?.code, waitSeconds: next?.waitSeconds ?? 0 };
      }),
    );
  router.get('/dev/staff', async (ctx) => {
    ctx.state.render('dev-staff', { reviewers: await credentials() });
  });
  router.get('/dev/staff.json', async (ctx) => {
    const reviewers = await credentials();
    // The first one's members stand at the top as well: one reviewer is all that most scripts need.
    ctx.body = { ...reviewers[0], reviewers };
    ctx.set('cache-control', 'no-store');
  });
  return router;
}
