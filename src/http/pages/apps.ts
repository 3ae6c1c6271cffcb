import Router from '@koa/router';
import type { Clients } from '../../clients/index.ts';
import { AppError } from '../../core/errors.ts';
import type { Oidc } from '../../oidc/index.ts';
import type { State } from '../context.ts';
import { formatDay } from '../dates.ts';
import { scopeTitle } from './consent-lines.ts';
import { requireVisitor, visitorOf, type SignIn } from '../sign-in.ts';

export type AppsDependencies = {
  readonly signIn: SignIn;
  readonly oidc: Pick<Oidc, 'listConsents' | 'listActing' | 'withdraw'>;
  readonly clients: Pick<Clients, 'find'>;
};

/** What each app was given, and the way to take it back. */
export function appsPages({ signIn, oidc, clients }: AppsDependencies): Router<State> {
  const router = new Router<State>();
  const visitors = requireVisitor(signIn);

  router.get('/account/apps', visitors, async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const consents = await oidc.listConsents(accountId);
    const acting = await oidc.listActing(accountId);
    const apps = await Promise.all(
      consents.map(async (consent) => {
        const client = await clients.find(consent.clientId);
        return {
          id: consent.clientId,
          unasked: consent.unasked === true,
          name: client?.name ?? consent.clientId,
          uri: client?.metadata.client_uri,
          companies: acting.filter(({ clientId }) => clientId === consent.clientId),
          since: formatDay(ctx.state.lang, consent.grantedAt),
          lines: [...consent.scopes, ...Object.values(consent.resources).flat()]
            .filter((scope) => scope !== 'openid')
            .map((scope) => scopeTitle(scope, ctx.state.t))
            .concat(consent.claims.map((claim) => ctx.state.t(`consent.claim.${claim}`))),
        };
      }),
    );
    const { withdrawn } = ctx.query;
    ctx.state.render('account-apps', { apps, withdrawn: typeof withdrawn === 'string' });
  });

  router.post('/account/apps/:client/withdraw', visitors, async (ctx) => {
    const { client } = ctx.params as { client: string };
    if (!(await oidc.withdraw(visitorOf(ctx).accountId, client))) throw new AppError('not_found');
    ctx.status = 303;
    ctx.redirect('/account/apps?withdrawn');
  });

  return router;
}
