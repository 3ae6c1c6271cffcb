import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ProviderPage } from '../oidc/index.ts';
import type { Middleware } from './context.ts';

export type HandedOver = {
  /** Answers a request that the OpenID provider handled with one of our pages; `server` is the page server. */
  show(server: RequestListener, request: IncomingMessage, response: ServerResponse, page: ProviderPage): void;
  /** Stands before the bodies are read, because the provider has read them. */
  readonly render: Middleware;
};

/**
 * Requests that come here from the OpenID provider because a page has to be shown: it gets the same language, headers
 * and content policy as every page, while requests that need no page never meet this stack.
 */
export function createHandedOver(): HandedOver {
  const pages = new WeakMap<IncomingMessage, ProviderPage>();
  return {
    show(server, request, response, page) {
      pages.set(request, page);
      server(request, response);
    },
    async render(ctx, next) {
      const page = pages.get(ctx.req);
      if (!page) return next();
      if (page.formTargets) ctx.state.allowFormTargets(page.formTargets);
      ctx.state.render(page.name, page.data, page.status);
    },
  };
}
