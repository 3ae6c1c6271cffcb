import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clients } from './clients/index.ts';
import { systemRandom, type Random } from './core/random.ts';
import { deriveKey, type KeyRing } from './core/seal.ts';

const file = 'development-keys.json';
const names = ['SHIMING_KEY_ENCRYPTION_KEYS', 'SHIMING_INDEX_KEYS', 'SHIMING_COOKIE_KEYS'] as const;

/**
 * The secrets of a development installation: made once in the data folder, readable by their owner only, and kept,
 * so that a second start opens what the first one sealed. Production never calls this.
 */
export function developmentSecrets(dataDir: string, random: Random = systemRandom): Record<string, string> {
  const path = join(dataDir, file);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const made = Object.fromEntries(
    names.map((name) => [name, `development-1:${random.bytes(32).toString('base64')}`]),
  );
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  if (!existsSync(path)) renameSync(draft, path);
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
}

/** The demo relying app's credentials: derived, so that they stay the same from one start to the next. */
export function demoClient(indexKeys: KeyRing): { readonly id: string; readonly secret: string } {
  return { id: 'demo', secret: deriveKey(indexKeys[0].key, 'development/demo-client').toString('base64url') };
}

/** Registers the demo app, or brings its addresses up to date. */
export async function addDemoClient(
  clients: Clients,
  url: string,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<void> {
  const metadata = {
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
    client_uri: url,
  };
  const known = await clients.find(id);
  const name = '示例招聘 Demo Jobs';
  if (known) await clients.update(id, { metadata });
  else await clients.add({ id, secret, name, metadata });
}
