import { expect, it } from 'vitest';
import { describeDatabases } from './databases.ts';

describeDatabases('the database of a suite', (open, dialect) => {
  it('is migrated, empty and its own', async () => {
    const one = await open();
    const two = await open();
    expect(one.connection.dialect).toBe(dialect);
    await one.connection
      .knex('subject_keys')
      .insert({ subject: 's', kek: 'k', wrapped: Buffer.of(1), created_at: 1 });
    expect(await one.connection.knex('subject_keys').select('subject')).toEqual([{ subject: 's' }]);
    expect(await two.connection.knex('subject_keys').select('subject')).toEqual([]);
  });

  it('can be opened a second time', async () => {
    const one = await open();
    const again = await open({ same: one });
    const sealed = await one.handle.vault.seal('s', { table: 't', column: 'c', row: 'r' }, 'secret');
    const opened = await again.handle.vault.open('s', { table: 't', column: 'c', row: 'r' }, sealed);
    expect(String(opened)).toBe('secret');
  });
});
