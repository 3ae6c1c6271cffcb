import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('recruiter_facts', (table) => {
    table.text('account_id').notNullable();
    table.bigInteger('valid_from').notNullable();
    // Null: these are the facts of now.
    table.bigInteger('valid_until').index();
    table.text('facts').notNullable();
    table.primary(['account_id', 'valid_from']);
  });
  await knex.raw(
    'create unique index recruiter_facts_current on recruiter_facts (account_id) where valid_until is null',
  );
  // By which subject identifier an app knows a person; noted when somebody asks by it.
  await knex.schema.alterTable('consents', (table) => {
    table.text('subject');
    table.index(['client_id', 'subject']);
  });
  // What staff noted, and what the person objects; both sealed.
  await knex.schema.alterTable('recruiter_holds', (table) => {
    table.binary('note');
    table.binary('appeal');
    table.bigInteger('appealed_at').index();
    table.text('refused_by');
    table.bigInteger('refused_at');
  });
  // The sweep looks for verifications in force whose document ran out.
  await knex.schema.alterTable('person_verifications', (table) => table.index(['state', 'valid_until']));
  // The next sweep derives every status once more, and keeps the facts it finds.
  await knex('recruiter_statuses').update({ recheck_at: 0 });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('recruiter_holds', (table) => {
    table.dropIndex('appealed_at');
    table.dropColumns('note', 'appeal', 'appealed_at', 'refused_by', 'refused_at');
  });
  await knex.schema.alterTable('person_verifications', (table) => table.dropIndex(['state', 'valid_until']));
  await knex.schema.alterTable('consents', (table) => {
    table.dropIndex(['client_id', 'subject']);
    table.dropColumn('subject');
  });
  await knex.schema.dropTable('recruiter_facts');
}
