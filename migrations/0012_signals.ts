import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('signal_streams', (table) => {
    table.text('id').primary();
    table.text('client_id').notNullable().index().references('id').inTable('clients').onDelete('CASCADE');
    table.text('method').notNullable();
    table.text('endpoint_url');
    table.binary('secret');
    // Null: everything the app may have.
    table.text('events_requested');
    table.text('description');
    table.text('state').notNullable();
    table.text('state_by').notNullable();
    table.text('reason');
    table.integer('failures').notNullable();
    table.bigInteger('failing_since');
    table.bigInteger('next_attempt_at');
    table.text('last_error');
    table.bigInteger('last_delivered_at');
    table.bigInteger('verification_asked_at');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await knex.schema.createTable('signal_removed_subjects', (table) => {
    table.text('stream_id').notNullable().references('id').inTable('signal_streams').onDelete('CASCADE');
    table.text('subject').notNullable();
    table.bigInteger('removed_at').notNullable();
    table.primary(['stream_id', 'subject']);
  });
  // One row a subject: who moves it holds it until the commit, so positions are handed out in the order of commits.
  await knex.schema.createTable('signal_positions', (table) => {
    table.text('subject').primary();
    table.bigInteger('position').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await knex.schema.createTable('signal_deliveries', (table) => {
    table.text('id').primary();
    table.text('stream_id').notNullable().references('id').inTable('signal_streams').onDelete('CASCADE');
    table.text('subject').notNullable();
    table.bigInteger('position').notNullable();
    table.text('event_id').notNullable();
    table.text('type').notNullable();
    table.text('payload').notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.text('state').notNullable();
    table.integer('attempts').notNullable();
    table.bigInteger('lease_until');
    table.text('error');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('finished_at');
    table.bigInteger('expires_at').notNullable().index();
    table.index(['stream_id', 'created_at']);
  });
  await knex.raw(
    `create index signal_deliveries_pending on signal_deliveries (stream_id, subject, position) where state = 'pending'`,
  );
  // A replay walks through the outbox by time.
  await knex.schema.alterTable('events', (table) => table.index(['occurred_at']));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index events_occurred_at_index');
  for (const table of [
    'signal_deliveries',
    'signal_positions',
    'signal_removed_subjects',
    'signal_streams',
  ]) {
    await knex.schema.dropTable(table);
  }
}
