import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('companies', (table) => {
    // A company that had an administrator gets the next one from them or from staff, never by somebody's own wish.
    table.bigInteger('administered_at');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('companies', (table) => {
    table.dropColumns('administered_at');
  });
}
