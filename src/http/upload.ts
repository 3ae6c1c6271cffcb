import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { AppError } from '../core/errors.ts';
import type { Context } from './context.ts';
import type { Csrf } from './csrf.ts';

export type UploadResult =
  | { readonly ok: true; readonly bytes: Buffer; readonly further: readonly Buffer[] }
  | { readonly ok: false; readonly reason: 'empty' | 'too_large' | 'busy' };

export type Uploads = {
  /**
   * Reads the file `field` of a multipart form into memory, and the files named by `further`, answered in that order
   * without those that did not come. Nothing of it ever reaches a disk.
   */
  read(ctx: Context, field: string, further?: readonly string[]): Promise<UploadResult>;
};

export type UploadLimits = {
  /** Of all files of a form together. */
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
    async read(ctx, field, further = []) {
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
        return await readFiles(ctx, [field, ...further], { csrf, maxBytes });
      } finally {
        running -= 1;
        const left = (byPerson.get(person) ?? 1) - 1;
        if (left > 0) byPerson.set(person, left);
        else byPerson.delete(person);
      }
    },
  };
}

function readFiles(
  ctx: Context,
  names: readonly string[],
  { csrf, maxBytes }: { csrf: Csrf; maxBytes: number },
): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    const files = new Map<string, Buffer[]>();
    let overflow = false;
    let kept = 0;
    let received = 0;
    const fail = (error: unknown): void => {
      ctx.req.unpipe(parser);
      ctx.req.resume();
      reject(error instanceof AppError ? error : new AppError('bad_request', { cause: error }));
    };
    let parser: ReturnType<typeof open>;
    try {
      parser = open(ctx, maxBytes, names.length);
    } catch (error) {
      return fail(error);
    }
    parser.on('field', (name: string, value: string) => (fields[name] = value));
    parser.on('file', (name: string, file: BusboyFileStream) => {
      file.on('error', fail);
      if (!names.includes(name) || files.has(name)) return void file.resume();
      try {
        csrf.verify(ctx, fields['_csrf'] ?? ctx.get('x-csrf-token'));
      } catch (error) {
        file.resume();
        return fail(error);
      }
      const chunks: Buffer[] = [];
      files.set(name, chunks);
      const drop = (): void => {
        overflow = true;
        for (const own of files.values()) own.length = 0;
      };
      file.on('limit', drop);
      (file as Readable).on('data', (chunk: Buffer) => {
        kept += chunk.length;
        if (kept > maxBytes) drop();
        if (!overflow) chunks.push(chunk);
      });
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      parser.on(limit, () => fail(new AppError('bad_request')));
    }
    parser.on('error', fail);
    parser.on('finish', () => {
      if (overflow) return resolve({ ok: false, reason: 'too_large' });
      const [bytes, ...further] = names.map((name) => Buffer.concat(files.get(name) ?? []));
      if (!bytes || bytes.length === 0) return resolve({ ok: false, reason: 'empty' });
      resolve({ ok: true, bytes, further: further.filter(({ length }) => length > 0) });
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

function open(ctx: Context, maxBytes: number, files: number) {
  const limits = { fileSize: maxBytes, fields: 8, fieldSize: FIELD_BYTES, fieldNameSize: 64 };
  return new Busboy({
    headers: { 'content-type': ctx.get('content-type') },
    limits: { ...limits, files, parts: files + 9 },
  });
}

function tooLarge(ctx: Context): AppError {
  ctx.set('connection', 'close');
  return new AppError('payload_too_large');
}
