import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('clients', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.text('metadata').notNullable();
    table.text('secret_digest');
    table.integer('first_party').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await knex.schema.createTable('resources', (table) => {
    table.text('identifier').primary();
    table.text('name').notNullable();
    table.text('token_format').notNullable();
    table.integer('token_lifetime').notNullable();
  });
  await knex.schema.createTable('resource_scopes', (table) => {
    table.text('resource').notNullable().references('identifier').inTable('resources').onDelete('CASCADE');
    table.text('scope').notNullable();
    table.text('requires').notNullable();
    table.integer('machine').notNullable();
    table.text('titles').notNullable();
    table.primary(['resource', 'scope']);
  });
  await knex.schema.createTable('signing_keys', (table) => {
    table.text('id').primary();
    table.text('alg').notNullable();
    table.text('state').notNullable();
    table.text('public_jwk').notNullable();
    table.binary('private_key').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('state_since').notNullable();
  });
  await knex.raw("create unique index signing_keys_active on signing_keys (alg) where state = 'active'");
  await knex.schema.createTable('oidc_secrets', (table) => {
    table.text('id').primary();
    table.binary('value').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await knex.schema.createTable('consents', (table) => {
    table.text('account_id').notNullable();
    table.text('client_id').notNullable();
    table.text('granted').notNullable();
    table.bigInteger('granted_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.primary(['account_id', 'client_id']);
    table.index('client_id');
  });
  await createArtifacts(knex);
}

/**
 * One table for sessions, grants, codes and tokens: found by a hash of the id, so that nothing stored can be presented
 * as a token. The other indexes are partial: each token pays only for the ones it is looked up by.
 */
async function createArtifacts(knex: Knex): Promise<void> {
  await knex.schema.createTable('artifacts', (table) => {
    table.binary('key').primary();
    table.text('model').notNullable();
    table.binary('grant_key');
    table.binary('uid_key');
    table.binary('session_key');
    table.text('account_id');
    table.text('payload').notNullable();
    table.bigInteger('consumed_at');
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.raw('create index artifacts_grant on artifacts (grant_key) where grant_key is not null');
  await knex.raw('create index artifacts_uid on artifacts (uid_key) where uid_key is not null');
  await knex.raw('create index artifacts_account on artifacts (account_id) where account_id is not null');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'artifacts',
    'consents',
    'oidc_secrets',
    'signing_keys',
    'resource_scopes',
    'resources',
    'clients',
  ]) {
    await knex.schema.dropTable(table);
  }
}
