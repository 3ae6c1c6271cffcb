import { expect, it } from 'vitest';
import { systemRandom } from '../../src/core/random.ts';
import type { KeyRing } from '../../src/core/seal.ts';
import { bindDatabase } from '../../src/storage/database.ts';
import { countStaleKeys, rewrapKeys } from '../../src/storage/rewrap.ts';
import { describeDatabases } from '../support/databases.ts';

const place = (row: string) => ({ table: 'accounts', column: 'phone', row });

describeDatabases('the vault', (open) => {
  it('opens what it sealed, also in another process, and not at another row', async () => {
    const first = await open();
    const sealed = await first.handle.vault.seal('acc_1', place('acc_1'), '+8613800000000');
    const second = await open({ same: first });
    expect(await second.handle.vault.openText('acc_1', place('acc_1'), sealed)).toBe('+8613800000000');
    await expect(second.handle.vault.openText('acc_1', place('acc_2'), sealed)).rejects.toThrow();
  });

  it('makes one data key for a subject, however many ask at once', async () => {
    const { handle } = await open();
    const sealed = await Promise.all(
      Array.from({ length: 20 }, () => handle.vault.seal('acc_1', place('acc_1'), 'x')),
    );
    for (const value of sealed) expect(await handle.vault.openText('acc_1', place('acc_1'), value)).toBe('x');
    expect(await handle.knex('subject_keys').select('subject')).toHaveLength(1);
  });

  it('forgets a data key that was made in a transaction that failed', async () => {
    const { transact, handle } = await open();
    const attempt = transact(async (stores) => {
      await stores.events.append({ type: 'account.registered', subject: 'acc_1', payload: {} });
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await handle.knex('events').select('id')).toEqual([]);
  });

  it('cannot open anything of a subject whose key was destroyed', async () => {
    const { handle } = await open();
    const sealed = await handle.vault.seal('acc_1', place('acc_1'), 'x');
    const other = await handle.vault.seal('acc_2', place('acc_2'), 'y');
    await handle.vault.destroy('acc_1');
    expect(await handle.vault.openText('acc_1', place('acc_1'), sealed)).toBeUndefined();
    expect(await handle.vault.openText('acc_2', place('acc_2'), other)).toBe('y');
  });

  it('wraps every data key under a new key-encryption key without touching what it sealed', async () => {
    const database = await open();
    const sealed = await Promise.all(
      Array.from({ length: 450 }, async (_, i) =>
        database.handle.vault.seal(`acc_${i}`, place(`acc_${i}`), String(i)),
      ),
    );
    const ring: KeyRing = [
      { id: 'new', key: systemRandom.bytes(32) },
      ...database.dependencies.keyEncryptionKeys,
    ];
    expect(await countStaleKeys(database.handle.knex, ring)).toBe(450);
    const progress: number[] = [];
    for await (const done of rewrapKeys(database.handle, ring)) progress.push(done);
    expect(progress.at(-1)).toBe(450);
    expect(await countStaleKeys(database.handle.knex, ring)).toBe(0);
    const unknown = rewrapKeys(database.handle, [{ id: 'newer', key: systemRandom.bytes(32) }]);
    await expect(unknown.next()).rejects.toThrow('a sealed value could not be opened');
    const newOnly = bindDatabase(database.connection, {
      ...database.dependencies,
      keyEncryptionKeys: [ring[0]],
    });
    for (const i of [0, 250, 449]) {
      expect(await newOnly.handle.vault.openText(`acc_${i}`, place(`acc_${i}`), sealed[i] as Buffer)).toBe(
        String(i),
      );
    }
  });
});
