import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { randomToken, type Random } from '../core/random.ts';

export type RequestLogDependencies = { readonly log: Log; readonly clock: Clock; readonly random: Random };

/** One line for each request to the provider: which app asked what, and the error code it was told; no parameter else. */
export function logRequests({ log, clock, random }: RequestLogDependencies): Middleware {
  return async (ctx, next) => {
    const started = clock.now();
    const requestId = randomToken(random, 12);
    ctx.set('x-request-id', requestId);
    try {
      await next();
    } finally {
      const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
      log.info('request', {
        requestId,
        method: ctx.method,
        route: oidc?.route ?? '-',
        status: ctx.status,
        durationMs: clock.now() - started,
        clientId: oidc?.client?.clientId,
        grantType: grantTypeOf(oidc),
        code: errorOf(ctx.body),
      });
    }
  };
}

const grantTypes = new Set(['authorization_code', 'refresh_token', 'client_credentials']);

/** Only known values: what a stranger writes into a parameter does not belong into the log. */
function grantTypeOf(oidc: KoaContextWithOIDC['oidc'] | undefined): string | undefined {
  const asked = oidc?.params?.['grant_type'];
  return typeof asked === 'string' && grantTypes.has(asked) ? asked : undefined;
}

function errorOf(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'string' ? error : undefined;
}
