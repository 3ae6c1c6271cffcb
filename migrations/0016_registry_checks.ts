import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('authority_checks', (table) => {
    // Which kind of source was asked: the official source about the person, or the registry about the company.
    table.text('kind').notNullable().defaultTo('authority');
    // What a registry said of the company, as JSON; nothing about a person.
    table.text('registered');
    table.dropUnique(['case_id', 'round']);
    table.unique(['case_id', 'round', 'kind']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex('authority_checks').whereNot('kind', 'authority').delete();
  await knex.schema.alterTable('authority_checks', (table) => {
    table.dropUnique(['case_id', 'round', 'kind']);
    table.unique(['case_id', 'round']);
    table.dropColumn('registered');
    table.dropColumn('kind');
  });
}
