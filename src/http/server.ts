import Koa from 'koa';
import type Router from '@koa/router';
import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { randomToken, type Random } from '../core/random.ts';
import { loadAssets } from './assets.ts';
import { parseBody } from './body.ts';
import type { Middleware, State } from './context.ts';
import { cookieName } from './cookies.ts';
import type { Csrf } from './csrf.ts';
import { handleErrors } from './errors.ts';
import { chooseLanguage, loadLocales } from './locale.ts';
import { securityHeaders } from './security-headers.ts';
import { createViews } from './views.ts';

export type ServerDependencies = {
  readonly config: Pick<Config, 'issuer' | 'mode' | 'trustedProxies'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly csrf: Csrf;
  readonly routers: readonly Router<State>[];
  /** Stands before the bodies are read. */
  readonly early?: readonly Middleware[];
};

/** The pages and APIs as one Koa application; the list below is the order in which a request meets them. */
export function createServer(dependencies: ServerDependencies): Koa<State> {
  const { csrf, log, routers } = dependencies;
  const assets = loadAssets();
  const app = new Koa<State>();
  // TLS ends at the proxy: whether cookies may be secure is decided by the issuer, not by this hop.
  Object.defineProperty(app.request, 'secure', { value: dependencies.config.issuer.startsWith('https:') });
  const stack: Middleware[] = [
    identifyRequest(dependencies),
    securityHeaders(dependencies.config.issuer),
    chooseLocale(dependencies),
    preparePages(dependencies, assets.url),
    handleErrors(log),
    assets.serve,
    refuseNul,
    ...(dependencies.early ?? []),
    parseBody,
    csrf.protect,
    ...routers.flatMap((router) => [router.routes() as Middleware, router.allowedMethods() as Middleware]),
  ];
  for (const middleware of stack) app.use(middleware);
  app.on('error', (error: unknown) => log.error('response failed', { error }));
  return app;
}

function identifyRequest({ clock, random, log, config }: ServerDependencies): Middleware {
  return async (ctx, next) => {
    const started = clock.now();
    ctx.state.requestId = randomToken(random, 12);
    ctx.state.clientAddress = clientAddress(
      ctx.req.socket.remoteAddress ?? '',
      ctx.get('x-forwarded-for'),
      config.trustedProxies,
    );
    ctx.set('x-request-id', ctx.state.requestId);
    try {
      await next();
    } finally {
      const { _matchedRoute } = ctx as { _matchedRoute?: unknown };
      const route = typeof _matchedRoute === 'string' ? _matchedRoute : '-';
      log.info('request', {
        requestId: ctx.state.requestId,
        method: ctx.method,
        route,
        status: ctx.status,
        durationMs: clock.now() - started,
      });
    }
  };
}

/** Counts back through `proxies` trusted hops; what a client itself writes into the header is never believed. */
function clientAddress(peer: string, forwarded: string, proxies: number): string {
  const hops = forwarded
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  const address = proxies === 0 ? peer : (hops[Math.max(0, hops.length - proxies)] ?? peer);
  return address.replace(/^::ffff:/, '');
}

/** No address of ours holds a NUL character, and PostgreSQL takes none in a text. */
const refuseNul: Middleware = async (ctx, next) => {
  if (ctx.url.includes('%00')) throw new AppError('bad_request');
  return next();
};

function chooseLocale({ config }: ServerDependencies): Middleware {
  const locales = loadLocales();
  const secure = config.issuer.startsWith('https:');
  const name = cookieName('lang', secure);
  return async (ctx, next) => {
    const asked = typeof ctx.query['lang'] === 'string' ? ctx.query['lang'] : undefined;
    const chosen = asked === 'en' || asked === 'zh-CN' ? asked : ctx.cookies.get(name);
    if (chosen === asked && asked !== undefined) {
      ctx.cookies.set(name, asked, {
        httpOnly: true,
        sameSite: 'lax',
        secure,
        path: '/',
        maxAge: 365 * 86_400_000,
        overwrite: true,
      });
    }
    const apply = (uiLocales?: string) => {
      ctx.state.lang = chooseLanguage(chosen, ctx.get('accept-language'), uiLocales);
      ctx.state.t = locales.translate(ctx.state.lang);
    };
    ctx.state.offerLocales = apply;
    apply();
    return next();
  };
}

function preparePages({ config, random }: ServerDependencies, asset: (name: string) => string): Middleware {
  const views = createViews({ reload: config.mode === 'development' });
  return async (ctx, next) => {
    ctx.state.csrfToken = randomToken(random);
    ctx.state.render = (page, data = {}, status = 200) => {
      const { t, lang, csrfToken } = ctx.state;
      ctx.status = status;
      ctx.type = 'text/html; charset=utf-8';
      if (!ctx.response.get('cache-control')) ctx.set('cache-control', 'no-store');
      ctx.body = views.render(page, {
        ...data,
        t,
        lang,
        csrfToken,
        asset,
        path: pagePath(ctx.path, ctx.querystring),
      });
    };
    return next();
  };
}

/** Where the language links lead: the page itself, without an older choice of language. */
function pagePath(path: string, query: string): string {
  const parameters = new URLSearchParams(query);
  parameters.delete('lang');
  const rest = parameters.toString();
  return rest === '' ? path : `${path}?${rest}`;
}
