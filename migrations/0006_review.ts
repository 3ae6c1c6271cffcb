import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('staff', (table) => {
    table.text('id').primary();
    table.text('login').notNullable().unique();
    table.binary('name').notNullable();
    table.text('role').notNullable();
    table.text('state').notNullable();
    table.binary('password_hash').notNullable();
    table.bigInteger('password_expires_at');
    table.binary('totp_secret').notNullable();
    table.bigInteger('totp_step').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.bigInteger('last_signed_in_at');
  });
  await knex.schema.createTable('staff_sessions', (table) => {
    table.text('token_index').primary();
    table.text('staff_id').notNullable().index();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('last_seen_at').notNullable();
    table.bigInteger('idle_until').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('staff_attempts', (table) => {
    table.text('id').primary();
    table.text('key_index').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['key_index', 'occurred_at']);
  });
  await knex.schema.createTable('case_claims', (table) => {
    table.text('case_id').primary();
    table.text('staff_id').notNullable().index();
    table.bigInteger('claimed_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('review_decisions', (table) => {
    table.text('id').primary();
    table.text('case_id').index();
    table.text('account_id').index();
    table.text('company_id').index();
    table.text('staff_id').notNullable();
    table.text('kind').notNullable();
    table.text('reasons').notNullable();
    table.binary('message');
    table.binary('note');
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('evidence_views', (table) => {
    table.text('id').primary();
    table.text('case_id').notNullable();
    table.text('account_id').notNullable().index();
    table.text('staff_id').notNullable();
    table.text('what').notNullable();
    table.text('target');
    table.text('reason').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
    table.index(['case_id', 'id']);
  });
  for (const table of appendOnly) await forbidUpdates(knex, table);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [...appendOnly, 'case_claims', 'staff_attempts', 'staff_sessions', 'staff']) {
    await knex.schema.dropTable(table);
  }
  if (isPostgres(knex)) await knex.raw('drop function refuse_update()');
}

/** What was decided and looked at is never rewritten; it leaves only when its time is over. */
const appendOnly = ['review_decisions', 'evidence_views'] as const;

async function forbidUpdates(knex: Knex, table: string): Promise<void> {
  if (!isPostgres(knex)) {
    await knex.raw(
      `create trigger ${table}_append_only before update on ${table} begin select raise(abort, 'append-only'); end`,
    );
    return;
  }
  await knex.raw(
    `create or replace function refuse_update() returns trigger language plpgsql as $$ begin raise exception 'append-only'; end $$`,
  );
  await knex.raw(
    `create trigger ${table}_append_only before update on ${table} for each row execute function refuse_update()`,
  );
}

function isPostgres(knex: Knex): boolean {
  return (knex.client as { config: { client: unknown } }).config.client === 'pg';
}
