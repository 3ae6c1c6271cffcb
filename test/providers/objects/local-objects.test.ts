import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../../src/core/random.ts';
import { createLocalObjects } from '../../../src/providers/objects/local-objects.ts';
import type { ObjectStore } from '../../../src/verification/objects.ts';

let folder: string;
let objects: ObjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shiming-objects-'));
  objects = createLocalObjects(folder, systemRandom);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('sealed files', () => {
  it('keep, replace and delete an object', async () => {
    expect(await objects.get('img_1')).toBeUndefined();
    await objects.put('img_1', Buffer.from('one'));
    await objects.put('img_1', Buffer.from('two'));
    expect((await objects.get('img_1'))?.toString()).toBe('two');
    expect(files().map(({ name }) => name)).toEqual(['img_1']);
    await objects.delete('img_1');
    await objects.delete('img_1');
    expect(await objects.get('img_1')).toBeUndefined();
    expect(files()).toEqual([]);
  });

  it.each(['../escape', '/etc/passwd', '', 'a/b', 'A', 'img_1\0'])('refuse the key %j', async (key) => {
    await expect(objects.put(key, Buffer.from('x'))).rejects.toThrow(/object key/);
    await expect(objects.get(key)).rejects.toThrow(/object key/);
    expect(files()).toEqual([]);
  });

  it('survive parallel writers of one key with one whole content', async () => {
    const contents = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000, i));
    await Promise.all(contents.map((content) => objects.put('img_1', content)));
    const kept = (await objects.get('img_1')) as Buffer;
    expect(contents.some((content) => content.equals(kept))).toBe(true);
    expect(files()).toHaveLength(1);
  });

  it('leave no draft of a killed process behind once deleted', async () => {
    await objects.put('img_1', Buffer.from('x'));
    const [file] = files();
    writeFileSync(join(file!.parentPath, 'img_1.abc.tmp'), 'half');
    await objects.delete('img_1');
    expect(files()).toEqual([]);
  });

  it('are readable by their owner only', async () => {
    await objects.put('img_1', Buffer.from('x'));
    const [file] = files();
    expect(statSync(join(file!.parentPath, file!.name)).mode & 0o077).toBe(0);
  });
});
