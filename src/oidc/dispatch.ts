import type { RequestListener } from 'node:http';
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { RequestAdapter } from './adapter.ts';
import type { PendingPages, ShowPage } from './pages.ts';
import { routes } from './provider.ts';
import { logRequests, type RequestLogDependencies } from './request-log.ts';
import { capture, type StaticDocument } from './static-documents.ts';

/** A provider with the documents that never change while it lives. */
export type Mounted = { readonly provider: Provider; readonly handle: RequestListener };

export type MountDependencies = RequestLogDependencies & {
  readonly adapter: RequestAdapter;
  readonly pages: PendingPages;
  readonly showPage: ShowPage;
};

const wellKnown = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

/** Whether a request is for the provider; decided on the path alone, before anything is parsed. */
export function isProviderPath(url: string): boolean {
  return url.startsWith('/oauth/') || (url.startsWith('/.well-known/') && wellKnown.includes(pathOf(url)));
}

/** Puts around the provider what every one of its answers needs: headers, the commit before the answer, our pages. */
export async function mount(provider: Provider, dependencies: MountDependencies): Promise<Mounted> {
  const { log } = dependencies;
  provider.use(logRequests(dependencies) as never);
  provider.use(settleFirst(dependencies) as never);
  provider.on('server_error', (_ctx, error) => log.error('provider failed', { error }));
  provider.onerror = (error: Error) => log.error('provider failed', { error });
  const handle = provider.callback();
  const documents = new Map<string, StaticDocument>();
  for (const path of [...wellKnown, routes.jwks]) documents.set(path, await capture(provider, path));
  const { host, protocol } = new URL(provider.issuer);
  const scheme = protocol.slice(0, -1);

  return {
    provider,
    handle(request, response) {
      const document = request.method === 'GET' ? documents.get(pathOf(request.url ?? '')) : undefined;
      if (document) {
        response.writeHead(200, document.headers);
        response.end(document.body);
        return;
      }
      // Addresses in answers are the issuer's, whatever host or scheme a client or proxy claims.
      request.headers.host = host;
      request.headers['x-forwarded-proto'] = scheme;
      delete request.headers['x-forwarded-host'];
      void handle(request, response);
    },
  };
}

function settleFirst({ adapter, pages, showPage }: MountDependencies): Middleware {
  return async (ctx, next) => {
    ctx.set('x-content-type-options', 'nosniff');
    if (ctx.path.startsWith(routes.authorization) || ctx.path.startsWith(routes.end_session)) {
      ctx.set({ 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
    }
    await next();
    if ((await adapter.settle(ctx.req)) === 'conflict') await refuseReplay(ctx, adapter);
    const page = pages.take(ctx.req);
    if (!page) return;
    ctx.respond = false;
    showPage(ctx.req, ctx.res, page);
  };
}

/**
 * Somebody else used the code or refresh token between our look and our commit; nothing of this request was stored.
 * Used twice means stolen, so what the first use yielded ends, too (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2).
 */
async function refuseReplay(ctx: Parameters<Middleware>[0], adapter: RequestAdapter): Promise<void> {
  const { oidc } = ctx as unknown as KoaContextWithOIDC;
  const grantId = oidc.entities.Grant?.jti;
  if (grantId) await adapter.endGrant(grantId);
  ctx.status = 400;
  ctx.body = { error: 'invalid_grant', error_description: 'grant request is invalid' };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
