import type { Provider } from 'oidc-provider';
import type { AccountId } from '../core/ids.ts';
import type { Instant } from '../core/clock.ts';
import type { ArtifactStorage } from './artifacts.ts';
import type { ReadStanding } from './accounts.ts';
import { ownClientId } from './grants.ts';
import { routes, signedInPath } from './provider.ts';
import type { CookieContext, WebContext } from './web-context.ts';

export type SignInVisitor = {
  readonly accountId: AccountId;
  readonly authenticatedAt: Instant;
  readonly amr: readonly string[];
  /** Names this session among those of the account; no secret. */
  readonly session: string;
};

/** The browser's session, which is the provider's own: there is one way to sign in, for apps and for our pages. */
export type SignIn = {
  current(ctx: WebContext): Promise<SignInVisitor | undefined>;
  start(ctx: WebContext, returnTo: string, options?: { readonly fresh?: boolean }): Promise<void>;
  /** Ends the session of this browser and leads to the start page. */
  signOut(ctx: CookieContext): Promise<void>;
};

export type SignInDependencies = {
  readonly provider: () => Provider;
  readonly issuer: string;
  readonly readStanding: ReadStanding;
  readonly storage: ArtifactStorage;
};

export function createSignIn({ provider, issuer, readStanding, storage }: SignInDependencies): SignIn {
  const sessionOf = (ctx: WebContext) =>
    provider().Session.get(ctx as unknown as Parameters<Provider['Session']['get']>[0]);

  return {
    async current(ctx) {
      const { accountId, loginTs, amr, uid } = await sessionOf(ctx);
      if (!accountId) return undefined;
      const standing = await readStanding(accountId as AccountId);
      if (standing?.state !== 'active') return undefined;
      return {
        accountId: accountId as AccountId,
        authenticatedAt: (loginTs ?? 0) * 1000,
        amr: amr ?? [],
        session: uid,
      };
    },
    async start(ctx, returnTo, { fresh = false } = {}) {
      const query = new URLSearchParams({
        client_id: ownClientId,
        response_type: 'none',
        redirect_uri: `${issuer}${signedInPath}`,
        scope: 'openid',
        state: localPath(returnTo),
        ...(fresh ? { prompt: 'login' } : {}),
      });
      ctx.status = 303;
      ctx.redirect(`${routes.authorization}?${query.toString()}`);
    },
    async signOut(ctx) {
      const session = await sessionOf(ctx);
      const name = provider().cookieName('session');
      // A browser drops a `__Host-` cookie only by an answer that is `Secure` itself.
      const options = { path: '/', secure: issuer.startsWith('https:'), httpOnly: true, signed: false };
      for (const cookie of [name, `${name}.sig`]) ctx.cookies.set(cookie, null, options);
      ctx.status = 303;
      ctx.redirect('/');
      if (!session.accountId) return;
      const writes = storage.begin();
      // Apps that were given offline access keep it; everything else ends with the session.
      for (const { grantId, persistsLogout } of Object.values(session.authorizations ?? {})) {
        if (!grantId || persistsLogout) continue;
        writes.revokeByGrantId(grantId);
        writes.destroy('Grant', grantId);
      }
      writes.destroy('Session', session.jti);
      await writes.commit();
    },
  };
}

/** Only paths of this service: a return address never leads to another site. */
export function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])/.test(path) ? path : '/';
}
