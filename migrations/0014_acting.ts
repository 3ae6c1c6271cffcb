import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('recruiter_statuses', (table) => {
    table.text('companies').notNullable().defaultTo('[]');
  });
  // What was derived before knows nothing of single companies: it is derived anew before it is used again.
  await knex('recruiter_statuses').whereNotNull('company_id').update({ recheck_at: 0 });
  await knex.schema.createTable('acting_choices', (table) => {
    table.text('account_id').notNullable();
    table.text('client_id').notNullable();
    table.text('company_id').notNullable();
    table.bigInteger('chosen_at').notNullable();
    table.primary(['account_id', 'client_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('acting_choices');
  await knex.schema.alterTable('recruiter_statuses', (table) => table.dropColumn('companies'));
}
