import type { Knex } from 'knex';
import { unwrapKey, wrapKey, type KeyRing } from '../core/seal.ts';
import type { Handle } from './handle.ts';

const BATCH = 200;

/** How many data keys are wrapped under another than the newest key-encryption key. */
export async function countStaleKeys(knex: Knex, [newest]: KeyRing): Promise<number> {
  const row = await knex('subject_keys')
    .whereNot('kek', newest.id)
    .count({ count: '*' })
    .first<{ count: number }>();
  return Number(row?.count ?? 0);
}

/**
 * Wraps data keys anew under the newest key-encryption key, a batch at a time, and yields how many are done. It may
 * be stopped and started again at any time, and run beside the server: a key is replaced only where it still stands
 * as it was read. Throws when a key is wrapped under one that is not configured.
 */
export async function* rewrapKeys(
  { knex, random }: Pick<Handle, 'knex' | 'random'>,
  ring: KeyRing,
): AsyncGenerator<number> {
  let done = 0;
  for (;;) {
    const rows = await knex<KeyRow>('subject_keys')
      .whereNot('kek', ring[0].id)
      .orderBy('subject')
      .limit(BATCH);
    if (rows.length === 0) return;
    for (const row of rows) {
      const dataKey = unwrapKey(ring, row.subject, row);
      await knex('subject_keys')
        .where({ subject: row.subject, kek: row.kek })
        .update(wrapKey(ring, row.subject, dataKey, random));
      yield ++done;
    }
  }
}

type KeyRow = { subject: string; kek: string; wrapped: Buffer };
