import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit_log', (table) => {
    table.bigInteger('sequence').primary();
    table.bigInteger('occurred_at').notNullable().index();
    table.text('actor').notNullable();
    table.text('action').notNullable();
    table.text('target');
    table.text('details').notNullable();
    table.text('previous_hash').notNullable();
    table.text('hash').notNullable();
    table.index(['action', 'sequence']);
  });
  await knex.schema.createTable('audit_ends', (table) => {
    table.text('kind').primary();
    table.bigInteger('sequence').notNullable();
    table.text('hash').notNullable();
    table.text('mac');
  });
  // The dashboard counts the decisions of a period.
  await knex.schema.alterTable('review_decisions', (table) => table.index(['occurred_at']));
  const beginning = { sequence: 0, hash: '0'.repeat(64), mac: null };
  await knex('audit_ends').insert([
    { kind: 'anchor', ...beginning },
    { kind: 'head', ...beginning },
  ]);
  for (const statement of isPostgres(knex) ? postgresTriggers : sqliteTriggers) await knex.raw(statement);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('audit_log');
  await knex.schema.dropTable('audit_ends');
  await knex.raw('drop index review_decisions_occurred_at_index');
  if (isPostgres(knex)) await knex.raw('drop function refuse_unanchored_delete()');
}

/** No record is ever rewritten, and only those that the anchor has passed can go. */
const sqliteTriggers = [
  `create trigger audit_log_append_only before update on audit_log
   begin select raise(abort, 'append-only'); end`,
  `create trigger audit_log_anchored before delete on audit_log
   when old.sequence > (select sequence from audit_ends where kind = 'anchor')
   begin select raise(abort, 'append-only'); end`,
];

const postgresTriggers = [
  `create trigger audit_log_append_only before update on audit_log
   for each row execute function refuse_update()`,
  `create function refuse_unanchored_delete() returns trigger language plpgsql as $$ begin
     if old.sequence > (select sequence from audit_ends where kind = 'anchor') then
       raise exception 'append-only';
     end if;
     return old;
   end $$`,
  `create trigger audit_log_anchored before delete on audit_log
   for each row execute function refuse_unanchored_delete()`,
  `create trigger audit_log_whole before truncate on audit_log
   for each statement execute function refuse_update()`,
];

function isPostgres(knex: Knex): boolean {
  return (knex.client as { config: { client: unknown } }).config.client === 'pg';
}
