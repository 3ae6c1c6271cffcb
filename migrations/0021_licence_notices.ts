import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('company_details', (table) => {
    table.bigInteger('next_notice_at').index();
  });
  // What is on record already, and no later one took the place of, is looked at once.
  const later = knex('company_details as later').whereRaw(
    'later.company_id = company_details.company_id and later.field = company_details.field and later.valid_from > company_details.valid_from',
  );
  await knex('company_details')
    .where({ field: 'commercial_licence' })
    .whereNotNull('valid_until')
    .whereNotExists(later)
    .update({ next_notice_at: 0 });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('company_details', (table) => {
    table.dropIndex('next_notice_at');
  });
  await knex.schema.alterTable('company_details', (table) => {
    table.dropColumn('next_notice_at');
  });
}
