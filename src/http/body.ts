import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';
import type { Middleware } from './context.ts';

declare module 'koa' {
  interface Request {
    /** Fields of a urlencoded form, or a JSON document; undefined for other types. */
    body?: unknown;
  }
}

const MAX_BYTES = 64 * 1024;
const MAX_FIELDS = 200;

/** Reads urlencoded and JSON bodies up to 64 KiB. Multipart is left to the route that expects it. */
export const parseBody: Middleware = async (ctx, next) => {
  if (ctx.is('application/x-www-form-urlencoded')) ctx.request.body = parseForm(await readText(ctx.req));
  else if (ctx.is('application/json')) ctx.request.body = parseJson(await readText(ctx.req));
  return next();
};

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) throw new AppError('payload_too_large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The last value wins where a name is repeated; names that could reach a prototype are plain keys here. */
function parseForm(text: string): Record<string, string> {
  const fields = new URLSearchParams(text);
  if ([...fields.keys()].length > MAX_FIELDS) throw new AppError('payload_too_large');
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(fields));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('bad_request', { cause });
  }
}
