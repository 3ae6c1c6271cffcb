import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { AppError } from '../core/errors.ts';
import type { Context } from './context.ts';
import type { Csrf } from './csrf.ts';

export type UploadResult =
  | { readonly ok: true; readonly bytes: Buffer; readonly fields: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly reason: 'empty' | 'too_large' | 'busy' };

export type Uploads = {
  /** Reads one file of a multipart form into memory; nothing of it ever reaches a disk. */
  read(ctx: Context, field: string): Promise<UploadResult>;
};

export type UploadLimits = {
  readonly maxBytes: number;
  /** Uploads held in memory at once; further ones are told to try again. */
  readonly parallel: number;
};

/** Of these a person has so many at most, so that nobody takes all places by sending slowly. */
const PARALLEL_EACH = 2;

/** More than this is not even read to its end: the connection is closed. */
const HOPELESS = 8;
const FIELD_BYTES = 1024;

/**
 * Multipart reading with limits. The token has to come before the file, so that nothing is taken in from another
 * site. A file that is too large is read to its end and dropped, because a browser shows the answer only then.
 */
export function createUploads(csrf: Csrf, { maxBytes, parallel }: UploadLimits): Uploads {
  let running = 0;
  const byPerson = new Map<string, number>();
  return {
    async read(ctx, field) {
      if (!ctx.is('multipart/form-data')) throw new AppError('unsupported_media_type');
      if (Number(ctx.get('content-length')) > maxBytes * HOPELESS) throw tooLarge(ctx);
      const person = ctx.state.visitor?.accountId ?? ctx.state.clientAddress;
      const own = byPerson.get(person) ?? 0;
      if (running >= parallel || own >= PARALLEL_EACH) {
        ctx.req.resume();
        return { ok: false, reason: 'busy' };
      }
      running += 1;
      byPerson.set(person, own + 1);
      try {
        return await readOne(ctx, field, { csrf, maxBytes });
      } finally {
        running -= 1;
        const left = (byPerson.get(person) ?? 1) - 1;
        if (left > 0) byPerson.set(person, left);
        else byPerson.delete(person);
      }
    },
  };
}

function readOne(
  ctx: Context,
  field: string,
  { csrf, maxBytes }: { csrf: Csrf; maxBytes: number },
): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    const chunks: Buffer[] = [];
    let overflow = false;
    let received = 0;
    const fail = (error: unknown): void => {
      ctx.req.unpipe(parser);
      ctx.req.resume();
      reject(error instanceof AppError ? error : new AppError('bad_request', { cause: error }));
    };
    let parser: ReturnType<typeof open>;
    try {
      parser = open(ctx, maxBytes);
    } catch (error) {
      return fail(error);
    }
    parser.on('field', (name: string, value: string) => (fields[name] = value));
    parser.on('file', (name: string, file: BusboyFileStream) => {
      file.on('error', fail);
      if (name !== field) return void file.resume();
      try {
        csrf.verify(ctx, fields['_csrf'] ?? ctx.get('x-csrf-token'));
      } catch (error) {
        file.resume();
        return fail(error);
      }
      file.on('limit', () => {
        overflow = true;
        chunks.length = 0;
      });
      (file as Readable).on('data', (chunk: Buffer) => {
        if (!overflow) chunks.push(chunk);
      });
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      parser.on(limit, () => fail(new AppError('bad_request')));
    }
    parser.on('error', fail);
    parser.on('finish', () => {
      if (overflow) return resolve({ ok: false, reason: 'too_large' });
      const bytes = Buffer.concat(chunks);
      resolve(bytes.length === 0 ? { ok: false, reason: 'empty' } : { ok: true, bytes, fields });
    });
    ctx.req.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxBytes * HOPELESS) fail(tooLarge(ctx));
    });
    ctx.req.on('close', () => {
      if (!ctx.req.complete) fail(new AppError('bad_request'));
    });
    ctx.req.on('error', fail);
    ctx.req.pipe(parser);
  });
}

function open(ctx: Context, maxBytes: number) {
  return new Busboy({
    headers: { 'content-type': ctx.get('content-type') },
    limits: { fileSize: maxBytes, files: 1, fields: 8, parts: 10, fieldSize: FIELD_BYTES, fieldNameSize: 64 },
  });
}

function tooLarge(ctx: Context): AppError {
  ctx.set('connection', 'close');
  return new AppError('payload_too_large');
}
