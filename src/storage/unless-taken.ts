import type { Knex } from 'knex';

/**
 * Writes within a savepoint; false when a unique column refuses it. On PostgreSQL the refusal would otherwise end the whole transaction.
 */
export async function unlessTaken(
  knex: Knex,
  write: (savepoint: Knex) => Promise<unknown>,
): Promise<boolean> {
  try {
    await knex.transaction(async (savepoint) => void (await write(savepoint)));
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE';
}
