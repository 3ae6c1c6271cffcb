import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('subject_keys', (table) => {
    table.text('subject').primary();
    table.text('kek').notNullable().index();
    table.binary('wrapped').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await knex.schema.createTable('jobs', (table) => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('payload').notNullable();
    table.text('state').notNullable();
    table.integer('attempts').notNullable();
    table.bigInteger('run_at').notNullable();
    table.bigInteger('lease_until');
    table.text('last_error');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['state', 'run_at']);
  });
  await knex.schema.createTable('events', (table) => {
    table.text('id').primary();
    table.text('type').notNullable();
    table.text('subject').notNullable();
    table.text('payload').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['subject', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('events');
  await knex.schema.dropTable('jobs');
  await knex.schema.dropTable('subject_keys');
}
