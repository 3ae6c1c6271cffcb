import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Random } from '../../core/random.ts';
import type { ObjectStore } from '../../verification/objects.ts';

/** Objects as files in `folder`, spread over 256 sub-folders by the hash of the key. */
export function createLocalObjects(folder: string, random: Random): ObjectStore {
  const pathOf = (key: string): string => {
    if (!/^[a-z0-9_]{1,80}$/.test(key)) throw new Error('an object key may hold a–z, 0–9 and _ only');
    return join(folder, createHash('sha256').update(key).digest('hex').slice(0, 2), key);
  };
  return {
    async put(key, content) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.${random.bytes(6).toString('hex')}.tmp`;
      try {
        await writeDurably(draft, content);
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await syncFolder(dirname(path));
    },
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async delete(key) {
      const path = pathOf(key);
      await rm(path, { force: true });
      // A process that was killed while writing leaves its draft behind.
      for (const name of await list(dirname(path))) {
        if (name.startsWith(`${key}.`)) await rm(join(dirname(path), name), { force: true });
      }
    },
  };
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
