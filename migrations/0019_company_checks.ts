import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('company_checks', (table) => {
    table.text('id').primary();
    table.text('company_id').notNullable();
    table.text('account_id').notNullable();
    table.text('kind').notNullable();
    table.text('state').notNullable();
    // Set while the check is under way: one of a kind for each person and company.
    table.text('live_key').unique();
    table.integer('version').notNullable();
    table.binary('details').notNullable();
    table.text('findings').notNullable();
    table.integer('attempts').notNullable();
    table.text('decided_by');
    table.text('reason');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('submitted_at');
    table.bigInteger('decided_at');
    table.text('claimed_by');
    table.bigInteger('claimed_at');
    table.bigInteger('claim_expires_at');
    table.bigInteger('expires_at').index();
    table.index(['state', 'submitted_at']);
    table.index(['company_id', 'kind', 'created_at']);
    table.index(['account_id', 'company_id']);
  });
  await knex.schema.createTable('company_check_pictures', (table) => {
    table.text('id').primary();
    table.text('check_id').notNullable().index();
    table.text('state').notNullable();
    table.integer('width').notNullable();
    table.integer('height').notNullable();
    table.text('complaint');
    table.binary('thumbnail');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('destroy_at').index();
    table.index(['state', 'created_at']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['company_check_pictures', 'company_checks']) await knex.schema.dropTable(table);
}
