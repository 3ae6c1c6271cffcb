import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('verification_cases', (table) => {
    // Not sealed with the answers: the recruiter status is derived from it.
    table.text('scope').notNullable().defaultTo('person_and_company');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('verification_cases', (table) => {
    table.dropColumns('scope');
  });
}
