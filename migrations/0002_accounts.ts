import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('accounts', (table) => {
    table.text('id').primary();
    table.text('state').notNullable();
    table.binary('phone').notNullable();
    table.text('phone_index').notNullable().unique();
    table.bigInteger('phone_verified_at').notNullable();
    table.integer('is_candidate').notNullable();
    table.integer('is_recruiter').notNullable();
    table.integer('resume_complete').notNullable();
    table.text('locale').notNullable();
    table.binary('profile');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await knex.schema.createTable('passwords', (table) => {
    // Not a reference to accounts: one row is the decoy of numbers that have no password.
    table.text('account_id').primary();
    table.binary('hash').notNullable();
    table.bigInteger('changed_at').notNullable();
  });
  await knex.schema.createTable('acceptances', (table) => {
    table.text('account_id').notNullable().references('accounts.id');
    table.text('policy').notNullable();
    table.text('version').notNullable();
    table.text('language').notNullable();
    table.bigInteger('accepted_at').notNullable();
    table.primary(['account_id', 'policy', 'version']);
  });
  await knex.schema.createTable('challenges', (table) => {
    table.text('id').primary();
    table.text('purpose').notNullable();
    table.text('context').notNullable();
    table.text('code_hash').notNullable();
    table.integer('attempts').notNullable();
    table.bigInteger('consumed_at');
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('limits', (table) => {
    table.text('key').primary();
    table.text('hits').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('messages', (table) => {
    table.text('id').primary();
    table.text('state').notNullable();
    table.text('reason');
    table.binary('phone').notNullable();
    table.binary('body').notNullable();
    table.integer('attempts').notNullable();
    table.bigInteger('lease_until');
    table.text('vendor_id');
    table.text('vendor_code');
    table.bigInteger('valid_until').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('inbox_messages', (table) => {
    table.text('id').primary();
    table.binary('phone').notNullable();
    table.text('phone_index').notNullable();
    table.binary('body').notNullable();
    table.bigInteger('received_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['phone_index', 'received_at']);
  });
  await knex.schema.createTable('sign_ins', (table) => {
    table.text('uid').primary();
    table.binary('state');
    table.bigInteger('expires_at').notNullable().index();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'sign_ins',
    'inbox_messages',
    'messages',
    'limits',
    'challenges',
    'acceptances',
    'passwords',
    'accounts',
  ]) {
    await knex.schema.dropTable(table);
  }
}
