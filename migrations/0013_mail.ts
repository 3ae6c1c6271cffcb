import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('mails', (table) => {
    table.text('id').primary();
    table.text('state').notNullable();
    table.text('reason');
    table.binary('address').notNullable();
    table.binary('body').notNullable();
    table.integer('attempts').notNullable();
    table.bigInteger('lease_until');
    table.text('vendor_id');
    table.text('vendor_code');
    table.bigInteger('valid_until').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('inbox_mails', (table) => {
    table.text('id').primary();
    table.binary('address').notNullable();
    table.text('address_index').notNullable();
    table.binary('body').notNullable();
    table.bigInteger('received_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['address_index', 'received_at']);
  });
  await knex.schema.createTable('company_domains', (table) => {
    table.text('company_id').notNullable().references('companies.id');
    table.text('domain').notNullable();
    table.text('bound_by').notNullable();
    table.bigInteger('bound_at').notNullable();
    table.primary(['company_id', 'domain']);
  });
  await knex.schema.createTable('company_email_requests', (table) => {
    table.text('account_id').notNullable().references('accounts.id');
    table.text('company_id').notNullable().references('companies.id');
    table.text('challenge_id').notNullable();
    table.text('message_id').notNullable();
    table.text('domain').notNullable();
    table.binary('address').notNullable();
    table.bigInteger('code_expires_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.primary(['account_id', 'company_id']);
  });
  await knex.schema.createTable('company_email_proofs', (table) => {
    table.text('account_id').notNullable().references('accounts.id');
    table.text('company_id').notNullable().references('companies.id');
    table.text('domain').notNullable();
    table.binary('address').notNullable();
    table.text('address_index').notNullable();
    table.bigInteger('proved_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.primary(['account_id', 'company_id']);
    // One mailbox speaks for one person at a company.
    table.unique(['company_id', 'address_index']);
    table.index(['company_id', 'domain']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'company_email_proofs',
    'company_email_requests',
    'company_domains',
    'inbox_mails',
    'mails',
  ]) {
    await knex.schema.dropTable(table);
  }
}
