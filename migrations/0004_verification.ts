import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('receipts', (table) => {
    table.text('id').primary();
    table.text('account_id').notNullable();
    table.text('purpose').notNullable();
    table.integer('granted').notNullable();
    table.text('version').notNullable();
    table.text('language').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.index(['account_id', 'id']);
  });
  await createCases(knex);
  await createPersons(knex);
  await createCompanies(knex);
}

async function createCases(knex: Knex): Promise<void> {
  await knex.schema.createTable('verification_cases', (table) => {
    table.text('id').primary();
    table.text('account_id').notNullable();
    // The account while the case is under way, else null: one such case an account, whatever races.
    table.text('live_account_id').unique();
    table.text('state').notNullable();
    table.integer('version').notNullable();
    table.binary('answers');
    table.text('number_index').index();
    table.text('consents').notNullable();
    table.text('route');
    table.text('redo').notNullable();
    table.integer('round').notNullable();
    table.text('findings').notNullable();
    table.text('verdict');
    table.text('decision');
    table.binary('decision_message');
    table.text('origin');
    table.text('company_id').index();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.bigInteger('submitted_at');
    table.bigInteger('decided_at').index();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['account_id', 'created_at']);
    table.index(['state', 'submitted_at']);
  });
  await knex.schema.createTable('verification_history', (table) => {
    table.text('case_id').notNullable();
    table.integer('sequence').notNullable();
    table.text('event').notNullable();
    table.text('state').notNullable();
    table.text('actor').notNullable();
    table.text('reasons').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.primary(['case_id', 'sequence']);
  });
  await knex.schema.createTable('verification_images', (table) => {
    table.text('id').primary();
    table.text('case_id').notNullable();
    table.text('account_id').notNullable();
    table.text('kind').notNullable();
    table.text('state').notNullable();
    table.integer('width').notNullable();
    table.integer('height').notNullable();
    table.integer('bytes').notNullable();
    table.binary('thumbnail');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('destroy_at').index();
    // When the record itself goes; set once the bytes are destroyed.
    table.bigInteger('expires_at').index();
    table.index(['case_id', 'kind']);
    table.index(['state', 'created_at']);
  });
}

async function createPersons(knex: Knex): Promise<void> {
  await knex.schema.createTable('person_verifications', (table) => {
    table.text('account_id').primary();
    table.text('state').notNullable();
    table.text('level').notNullable();
    table.text('method').notNullable();
    table.binary('claims').notNullable();
    // Blind index of the document number while verified, else null: one identity, one person.
    table.text('number_index').unique();
    table.bigInteger('verified_at').notNullable();
    table.bigInteger('valid_until');
    table.text('case_id').notNullable();
    table.bigInteger('revoked_at');
    table.text('revoked_reason');
    table.bigInteger('expires_at').index();
  });
}

async function createCompanies(knex: Knex): Promise<void> {
  await knex.schema.createTable('companies', (table) => {
    table.text('id').primary();
    table.text('credit_code').notNullable().unique();
    table.text('name').notNullable();
    table.text('state').notNullable();
    table.bigInteger('verified_at');
    table.bigInteger('recheck_at').index();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await knex.schema.createTable('company_names', (table) => {
    table.text('company_id').notNullable();
    table.text('name').notNullable();
    table.bigInteger('first_given_at').notNullable();
    table.primary(['company_id', 'name']);
  });
  await knex.schema.createTable('memberships', (table) => {
    table.text('id').primary();
    table.text('account_id').notNullable();
    table.text('company_id').notNullable().index();
    table.text('role').notNullable();
    table.text('state').notNullable();
    table.text('case_id').index();
    table.bigInteger('valid_until');
    table.bigInteger('activated_at');
    table.bigInteger('ended_at');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.unique(['account_id', 'company_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'memberships',
    'company_names',
    'companies',
    'person_verifications',
    'verification_images',
    'verification_history',
    'verification_cases',
    'receipts',
  ]) {
    await knex.schema.dropTable(table);
  }
}
