import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { projectRoot } from '../core/root.ts';
import type { Middleware } from './context.ts';

export type Assets = {
  /** The address of an asset, with a hash of its content in it; throws when there is no such file. */
  url(name: string): string;
  readonly serve: Middleware;
};

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

type Asset = {
  readonly url: string;
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
};

/** Reads every file of the folder once; answers carry a year's cache because the address changes with the content. */
export function loadAssets(folder: string = join(projectRoot, 'views', 'assets')): Assets {
  const byName = new Map<string, Asset>();
  const byUrl = new Map<string, Asset>();
  for (const name of readdirSync(folder)) load(name);
  /** What a file names is loaded before it, so that its address is known. */
  function load(name: string): void {
    const type = types[extname(name)];
    if (!type || byName.has(name)) return;
    const plain = addressed(name, readFileSync(join(folder, name)), (other) => {
      load(other);
      return url(other);
    });
    const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 10);
    const address = `/assets/${name.slice(0, -extname(name).length)}.${hash}${extname(name)}`;
    const asset = { url: address, type, plain, br: brotliCompressSync(plain), gzip: gzipSync(plain) };
    byName.set(name, asset);
    byUrl.set(address, asset);
  }
  function url(name: string): string {
    const asset = byName.get(name);
    if (!asset) throw new Error(`there is no asset "${name}"`);
    return asset.url;
  }
  return {
    url,
    async serve(ctx, next) {
      const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? byUrl.get(ctx.path) : undefined;
      if (!asset) return next();
      const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
      ctx.type = asset.type;
      ctx.set('cache-control', 'public, max-age=31536000, immutable');
      ctx.vary('accept-encoding');
      if (encoding === 'br' || encoding === 'gzip') ctx.set('content-encoding', encoding);
      ctx.body = encoding === 'br' ? asset.br : encoding === 'gzip' ? asset.gzip : asset.plain;
    },
  };
}

/** A style sheet names pictures and a script the scripts it imports: by their addresses, which carry the hash. */
function addressed(name: string, content: Buffer, url: (name: string) => string): Buffer {
  const text = content.toString('utf8');
  if (name.endsWith('.css'))
    return Buffer.from(text.replace(/url\('([\w.-]+)'\)/g, (_, picture: string) => `url('${url(picture)}')`));
  if (name.endsWith('.js'))
    return Buffer.from(
      text.replace(/ from '\.\/([\w.-]+)'/g, (_, script: string) => ` from '${url(script)}'`),
    );
  return content;
}
