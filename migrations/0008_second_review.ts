import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('review_opinions', (table) => {
    table.text('id').primary();
    table.text('case_id').notNullable();
    table.text('account_id').notNullable().index();
    table.text('staff_id').notNullable();
    // The version of the case it is about: when the case moves on, the opinion has nothing to say any more.
    table.integer('case_version').notNullable();
    table.text('kind').notNullable();
    table.text('cause').notNullable();
    table.text('reasons').notNullable();
    table.binary('message');
    table.binary('note');
    table.text('policy_version').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.unique(['case_id', 'case_version', 'staff_id']);
  });
  await forbidUpdates(knex, 'review_opinions');
  await knex.schema.alterTable('review_decisions', (table) => {
    table.text('first_staff_id');
    table.text('policy_version');
  });
  await knex.schema.createTable('staff_conflicts', (table) => {
    table.text('staff_id').notNullable();
    table.text('credit_code').notNullable();
    table.bigInteger('declared_at').notNullable();
    table.primary(['staff_id', 'credit_code']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('staff_conflicts');
  // Not by the schema builder: on SQLite it makes the table anew, without its trigger.
  for (const column of ['first_staff_id', 'policy_version']) {
    await knex.raw('alter table review_decisions drop column ??', [column]);
  }
  await knex.schema.dropTable('review_opinions');
}

/** The function for PostgreSQL is there since 0006. */
async function forbidUpdates(knex: Knex, table: string): Promise<void> {
  const { client } = (knex.client as { config: { client: unknown } }).config;
  const action =
    client === 'pg'
      ? `for each row execute function refuse_update()`
      : `begin select raise(abort, 'append-only'); end`;
  await knex.raw(`create trigger ${table}_append_only before update on ${table} ${action}`);
}
