import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { randomToken, type Random } from '../core/random.ts';
import { deriveKey, type KeyRing } from '../core/seal.ts';
import type { Context, Middleware } from './context.ts';
import { cookieName } from './cookies.ts';

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export type Csrf = {
  /**
   * Gives the browser its cookie and the page its token, and checks both on every unsafe request. Multipart bodies are
   * refused except by the routes that take pictures, which check the token themselves while they read.
   */
  readonly protect: Middleware;
  /** Checks a token that was read from a multipart body or a header. */
  verify(ctx: Context, token: string | undefined): void;
};

/**
 * Signed double-submit: the cookie holds a random value, the form its HMAC, so neither can be made by another site.
 * A request that the browser itself calls cross-site is refused before that (Fetch Metadata, Origin).
 */
export function createCsrf(
  keys: KeyRing,
  issuer: string,
  random: Random,
  takesUploads: (path: string) => boolean = () => false,
): Csrf {
  const secure = issuer.startsWith('https:');
  const name = cookieName('csrf', secure);
  const secrets = keys.map(({ key }) => deriveKey(key, 'csrf'));
  const sign = (secret: Buffer, value: string) =>
    createHmac('sha256', secret).update(value).digest('base64url');
  const tokenFor = (value: string) => sign(secrets[0] as Buffer, value);

  const verify: Csrf['verify'] = (ctx, token) => {
    const value = ctx.cookies.get(name);
    if (
      !value ||
      !token ||
      isForeign(ctx, issuer) ||
      !secrets.some((secret) => same(sign(secret, value), token))
    ) {
      throw new AppError('csrf_rejected');
    }
  };

  return {
    verify,
    async protect(ctx, next) {
      let value = ctx.cookies.get(name);
      if (!value || !/^[\w-]{43}$/.test(value)) {
        value = randomToken(random);
        if (!unsafe.has(ctx.method))
          ctx.cookies.set(name, value, {
            httpOnly: true,
            sameSite: 'lax',
            secure,
            path: '/',
            overwrite: true,
          });
      }
      ctx.state.csrfToken = tokenFor(value);
      if (unsafe.has(ctx.method)) {
        if (isForeign(ctx, issuer)) throw new AppError('csrf_rejected');
        const multipart = Boolean(ctx.is('multipart/form-data'));
        if (multipart && !takesUploads(ctx.path)) throw new AppError('unsupported_media_type');
        if (!multipart) verify(ctx, ctx.get('x-csrf-token') || readField(ctx.request.body));
      }
      return next();
    },
  };
}

function readField(body: unknown): string | undefined {
  const token = typeof body === 'object' && body !== null && '_csrf' in body ? body._csrf : undefined;
  return typeof token === 'string' ? token : undefined;
}

function isForeign(ctx: Context, issuer: string): boolean {
  const site = ctx.get('sec-fetch-site');
  if (site !== '' && site !== 'same-origin' && site !== 'none') return true;
  const origin = ctx.get('origin');
  return origin !== '' && origin !== new URL(issuer).origin;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
