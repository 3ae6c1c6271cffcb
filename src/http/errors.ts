import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Context, Middleware } from './context.ts';

/**
 * The only renderer of errors: a page for people, RFC 9457 problem details for programs. Causes are logged, never
 * sent. It stands above everything that can fail.
 */
export function handleErrors(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new AppError('not_found');
      if (ctx.status === 405 && ctx.body === undefined) throw new AppError('method_not_allowed');
    } catch (error) {
      const known = toAppError(error);
      const fields = { requestId: ctx.state.requestId, method: ctx.method, code: known.code };
      if (known.status >= 500) log.error('request failed', { ...fields, error });
      else log.debug('request refused', { ...fields, ...(known.cause ? { error: known.cause } : {}) });
      answer(ctx, known);
    }
  };
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new AppError('payload_too_large', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new AppError('bad_request', { cause: error });
  return new AppError('internal', { cause: error });
}

function answer(ctx: Context, error: AppError): void {
  const { code, status, fields, retryAfter } = error;
  ctx.remove('content-encoding');
  ctx.remove('etag');
  ctx.remove('last-modified');
  ctx.set('cache-control', 'no-store');
  if (retryAfter !== undefined) ctx.set('retry-after', String(Math.ceil(retryAfter)));
  const { t, requestId } = ctx.state;
  if (wantsJson(ctx)) {
    ctx.status = status;
    ctx.body = JSON.stringify({
      type: 'about:blank',
      title: t(`error.${code}.title`),
      status,
      detail: t(`error.${code}.body`),
      code,
      request_id: requestId,
      ...(fields
        ? { errors: Object.entries(fields).map(([field, key]) => ({ field, message: t(key) })) }
        : {}),
    });
    ctx.type = 'application/problem+json';
    return;
  }
  ctx.state.render('error', { code, requestId, retryAfter }, status);
}

function wantsJson(ctx: Context): boolean {
  return ctx.path.startsWith('/api/') || ctx.path.endsWith('.json') || ctx.accepts('html', 'json') === 'json';
}
