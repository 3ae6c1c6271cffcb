import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('verification_images', (table) => {
    table.text('complaint');
    table.integer('insisted').notNullable().defaultTo(0);
  });
  await knex.schema.alterTable('verification_cases', (table) => {
    // What the person objects to in a rejection; sealed.
    table.binary('appeal');
    // Prompts of the face check and when they were given.
    table.text('prompts');
  });
  await knex.schema.createTable('verification_analyses', (table) => {
    table.text('image_id').primary();
    table.text('case_id').notNullable().index();
    table.text('subject').notNullable();
    // What was read and seen, sealed.
    table.binary('content').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await knex.schema.createTable('authority_checks', (table) => {
    // The reference that the source is given: one for a case and a round, whatever is killed in between.
    table.text('reference').primary();
    table.text('case_id').notNullable().index();
    table.integer('round').notNullable();
    table.text('source').notNullable();
    table.text('outcome');
    table.text('code');
    table.text('vendor_reference');
    table.float('face_similarity');
    table.integer('attempts').notNullable();
    table.bigInteger('asked_at').notNullable();
    table.bigInteger('answered_at');
    table.bigInteger('lease_until').notNullable();
    table.unique(['case_id', 'round']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('authority_checks');
  await knex.schema.dropTable('verification_analyses');
  await knex.schema.alterTable('verification_cases', (table) => {
    table.dropColumn('prompts');
    table.dropColumn('appeal');
  });
  await knex.schema.alterTable('verification_images', (table) => {
    table.dropColumn('insisted');
    table.dropColumn('complaint');
  });
}
