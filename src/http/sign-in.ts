import type { Instant } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Context, Middleware, Visitor } from './context.ts';

/** The browser session of the person, which is the OpenID provider's own. */
export type SignIn = {
  current(ctx: Context): Promise<Visitor | undefined>;
  /** Leads through sign-in and back to `returnTo`, a path of this service. `fresh` asks for it even when signed in. */
  start(ctx: Context, returnTo: string, options?: { readonly fresh?: boolean }): Promise<void>;
  signOut(ctx: Context): Promise<void>;
};

/** Lets only signed-in people through and sets `ctx.state.visitor`; others sign in first and come back to the page. */
export function requireVisitor(signIn: SignIn): Middleware {
  return async (ctx, next) => {
    const visitor = await signIn.current(ctx);
    if (visitor) {
      ctx.state.visitor = visitor;
      ctx.set('cache-control', 'no-store');
      return next();
    }
    if (ctx.method !== 'GET' || ctx.accepts('html', 'json') === 'json') throw new AppError('unauthenticated');
    return signIn.start(ctx, ctx.url);
  };
}

/** Lets only people through who signed in a moment ago; others do it again and come to `returnTo`. Behind {@link requireVisitor}. */
export function requireFresh(
  signIn: SignIn,
  isFresh: (authenticatedAt: Instant) => boolean,
  returnTo: string,
): Middleware {
  return async (ctx, next) => {
    if (isFresh(visitorOf(ctx).authenticatedAt)) return next();
    return signIn.start(ctx, returnTo, { fresh: true });
  };
}

/** The visitor of a page behind {@link requireVisitor}. */
export function visitorOf(ctx: Context): Visitor {
  if (!ctx.state.visitor) throw new AppError('unauthenticated');
  return ctx.state.visitor;
}
