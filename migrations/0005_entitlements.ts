import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('recruiter_statuses', (table) => {
    table.text('account_id').primary();
    table.text('status').notNullable();
    table.text('reasons').notNullable();
    table.text('next_step').notNullable();
    table.text('company_id');
    table.text('company_code');
    table.text('requirements').notNullable();
    table.bigInteger('derived_at').notNullable();
    table.bigInteger('recheck_at');
    table.index('recheck_at');
  });
  await knex.schema.createTable('recruiter_holds', (table) => {
    table.text('account_id').primary();
    table.text('reason').notNullable();
    table.text('set_by').notNullable();
    table.bigInteger('set_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('recruiter_holds');
  await knex.schema.dropTable('recruiter_statuses');
}
