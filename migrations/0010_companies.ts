import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('companies', (table) => {
    table.text('account_class').notNullable().defaultTo('own');
    // When what only time changes has to be looked at next; the sweep asks for this and nothing else.
    table.bigInteger('next_change_at').index();
    table.integer('reminders').notNullable().defaultTo(0);
  });
  await knex('companies').update({ next_change_at: knex.ref('recheck_at') });
  await knex.schema.alterTable('memberships', (table) => {
    table.text('evidence');
    table.text('ended_reason');
    table.bigInteger('next_change_at').index();
  });
  await knex.schema.createTable('company_details', (table) => {
    table.text('company_id').notNullable();
    table.text('field').notNullable();
    table.bigInteger('valid_from').notNullable();
    table.bigInteger('valid_until');
    table.binary('value').notNullable();
    table.text('source').notNullable();
    table.primary(['company_id', 'field', 'valid_from']);
  });
  await knex.schema.createTable('company_activity', (table) => {
    table.text('id').primary();
    table.text('company_id').notNullable();
    table.text('action').notNullable();
    table.text('actor').notNullable();
    table.text('membership_id');
    table.text('detail');
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['company_id', 'id']);
  });
  await knex.schema.createTable('company_invitations', (table) => {
    table.text('id').primary();
    table.text('company_id').notNullable();
    table.text('token_hash').notNullable().unique();
    table.text('role').notNullable();
    table.text('invited_by').notNullable();
    table.bigInteger('member_until');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('accepted_at');
    table.text('accepted_by');
    table.bigInteger('withdrawn_at');
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('kept_until').notNullable().index();
    table.index(['company_id', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['company_invitations', 'company_activity', 'company_details'])
    await knex.schema.dropTable(table);
  await knex.schema.alterTable('memberships', (table) => {
    table.dropIndex(['next_change_at']);
    table.dropColumns('evidence', 'ended_reason', 'next_change_at');
  });
  await knex.schema.alterTable('companies', (table) => {
    table.dropIndex(['next_change_at']);
    table.dropColumns('account_class', 'next_change_at', 'reminders');
  });
}
