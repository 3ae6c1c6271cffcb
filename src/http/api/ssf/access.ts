import type { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';

/** Who calls: the app behind an access token that it got for itself. */
export type ReadToken = (
  token: string,
) => Promise<{ readonly clientId: string; readonly scopes: ReadonlySet<string> } | undefined>;

export type SsfScope = 'ssf.read' | 'ssf.manage';

/** A request that is answered with problem details (RFC 9457) and, where a token is at fault, a challenge (RFC 6750). */
export class SsfProblem extends Error {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(status: number, detail: string, over: { challenge?: string; retryAfter?: number } = {}) {
    super(detail);
    this.name = 'SsfProblem';
    this.status = status;
    this.challenge = over.challenge;
    this.retryAfter = over.retryAfter;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authorised',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  429: 'Too many requests',
};

/** What kept a request from being understood, as a problem of this API; anything else is thrown on. */
export function toProblem(error: unknown): SsfProblem {
  if (error instanceof SsfProblem) return error;
  if (!(error instanceof AppError) || error.status >= 500) throw error;
  const detail =
    error.code === 'payload_too_large'
      ? 'The body is larger than 64 KiB.'
      : 'The body is not JSON that can be read.';
  return new SsfProblem(error.status, detail);
}

export function answerProblem(ctx: Context, { status, message, challenge, retryAfter }: SsfProblem): void {
  ctx.status = status;
  if (challenge !== undefined) ctx.set('www-authenticate', challenge);
  if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter));
  ctx.body = JSON.stringify({ type: 'about:blank', title: titles[status], status, detail: message });
  ctx.type = 'application/problem+json';
}

export const notFound = (): SsfProblem => new SsfProblem(404, 'This app has no stream with this stream_id.');

/** The app that calls, or a problem: without a token 401, without the scope 403. `ssf.manage` includes `ssf.read`. */
export async function authenticate(
  ctx: Context,
  readToken: ReadToken,
  scope: SsfScope,
  resource: string,
): Promise<string> {
  const realm = `Bearer realm="${resource}"`;
  const [, token] = /^Bearer +([\w.~+/=-]{1,4000})$/i.exec(ctx.get('authorization')) ?? [];
  if (token === undefined) {
    throw new SsfProblem(401, `Send an access token for ${resource}, issued by client credentials.`, {
      challenge: realm,
    });
  }
  const found = await readToken(token);
  if (!found) {
    throw new SsfProblem(401, `The token is not valid here: ask for a new one with resource=${resource}.`, {
      challenge: `${realm}, error="invalid_token"`,
    });
  }
  if (!found.scopes.has(scope) && !(scope === 'ssf.read' && found.scopes.has('ssf.manage'))) {
    throw new SsfProblem(403, `The token lacks the scope ${scope}.`, {
      challenge: `${realm}, error="insufficient_scope", scope="${scope}"`,
    });
  }
  return found.clientId;
}

/** The JSON body against its schema; what is wrong with it is said by member. */
export function readBody<S extends z.ZodType>(ctx: Context, schema: S): z.output<S> {
  const { body } = ctx.request;
  if (!ctx.is('application/json') || typeof body !== 'object' || body === null) {
    throw new SsfProblem(400, 'Send a JSON object with content-type application/json.');
  }
  // PostgreSQL stores it in no text.
  if (JSON.stringify(body).includes('\\u0000')) throw new SsfProblem(400, 'Leave out the NUL character.');
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the body'}: ${message}`,
  );
  throw new SsfProblem(400, problems.join('; '));
}
