import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Who waits for an administrator has a reason of their own now: the sweep derives them anew.
  await knex('recruiter_statuses')
    .whereIn('account_id', knex('memberships').where({ state: 'awaiting_admin' }).select('account_id'))
    .update({ recheck_at: 0 });
}

export async function down(): Promise<void> {
  // An older program derives what it knows at the next change of a fact.
}
