import type { AcceptanceStore, Account, AccountStore, PasswordStore, Role } from '../accounts/index.ts';
import type { PhoneNumber, PolicyKind, Profile } from '../accounts/index.ts';
import type { AccountId } from '../core/ids.ts';
import type { Handle } from './handle.ts';
import { unlessTaken } from './unless-taken.ts';

/** Blind index of phone numbers; the same for every table that finds something by number. */
export const PHONE_INDEX = 'phone';

const place = (column: 'phone' | 'profile', row: string) => ({ table: 'accounts', column, row });

export function bindAccounts({ knex, vault }: Handle): AccountStore {
  return {
    async create({ id, phone, roles, locale }, now) {
      const taken = await knex<AccountRow>('accounts')
        .whereIn('phone_index', vault.indexCandidates(PHONE_INDEX, phone))
        .first('id');
      if (taken) return false;
      const added = await knex('accounts')
        .insert({
          id,
          state: 'active',
          phone: await vault.seal(id, place('phone', id), phone),
          phone_index: vault.index(PHONE_INDEX, phone),
          phone_verified_at: now,
          ...roleColumns(roles),
          resume_complete: 0,
          locale,
          created_at: now,
          updated_at: now,
        })
        .onConflict('phone_index')
        .ignore()
        .returning('id');
      if (added.length === 0) await vault.destroy(id);
      return added.length === 1;
    },
    async find(id) {
      const row = await knex<AccountRow>('accounts').where({ id }).first();
      if (!row) return undefined;
      const phone = await vault.openText(id, place('phone', id), row.phone);
      return phone === undefined ? undefined : fromRow(row, phone as PhoneNumber);
    },
    findByPhone: (phone) =>
      knex<AccountRow>('accounts')
        .whereIn('phone_index', vault.indexCandidates(PHONE_INDEX, phone))
        .first('id', 'state'),
    async stateOf(id) {
      return (await knex<AccountRow>('accounts').where({ id }).first('state'))?.state;
    },
    async setState(id, from, to, now) {
      const moved = await knex('accounts').where({ id, state: from }).update({ state: to, updated_at: now });
      return moved === 1;
    },
    async setRoles(id, roles, now) {
      await knex('accounts')
        .where({ id })
        .update({ ...roleColumns(roles), updated_at: now });
    },
    async setLocale(id, locale, now) {
      await knex('accounts').where({ id }).update({ locale, updated_at: now });
    },
    async confirmPhone(id, now) {
      await knex('accounts').where({ id }).update({ phone_verified_at: now });
    },
    async changePhone(id, phone, now) {
      const candidates = vault.indexCandidates(PHONE_INDEX, phone);
      const taken = await knex<AccountRow>('accounts').whereIn('phone_index', candidates).first('id');
      if (taken) return false;
      const sealed = await vault.seal(id, place('phone', id), phone);
      return unlessTaken(knex, async (savepoint) => {
        const moved = await savepoint('accounts')
          .where({ id, state: 'active' })
          .update({
            phone: sealed,
            phone_index: vault.index(PHONE_INDEX, phone),
            phone_verified_at: now,
            updated_at: now,
          });
        if (moved !== 1) throw new Error('only an active account changes its number');
      });
    },
    async readProfile(id) {
      const row = await knex<AccountRow>('accounts').where({ id }).first('profile');
      const text = row?.profile && (await vault.openText(id, place('profile', id), row.profile));
      return text ? (JSON.parse(text) as Profile) : {};
    },
    async writeProfile(id, profile, now) {
      const sealed =
        Object.keys(profile).length === 0
          ? null
          : await vault.seal(id, place('profile', id), JSON.stringify(profile));
      await knex('accounts').where({ id }).update({ profile: sealed, updated_at: now });
    },
  };
}

const DECOY = 'decoy';

export function bindPasswords({ knex, vault }: Handle): PasswordStore {
  const seal = (id: string, hash: string) =>
    vault.seal(id, { table: 'passwords', column: 'hash', row: id }, hash);
  return {
    async read(id) {
      const rows = await knex<PasswordRow>('passwords').whereIn('account_id', [id ?? DECOY, DECOY]);
      const row = rows.find(({ account_id }) => account_id === id) ?? rows[0];
      if (!row) return undefined;
      const { account_id: owner, hash: sealed } = row;
      const hash = await vault.openText(owner, { table: 'passwords', column: 'hash', row: owner }, sealed);
      return hash === undefined ? undefined : { hash, real: owner === id };
    },
    async write(id, hash, now) {
      await knex('passwords')
        .insert({ account_id: id, hash: await seal(id, hash), changed_at: now })
        .onConflict('account_id')
        .merge(['hash', 'changed_at']);
    },
    async writeDecoy(hash, now) {
      await knex('passwords')
        .insert({ account_id: DECOY, hash: await seal(DECOY, hash), changed_at: now })
        .onConflict('account_id')
        .ignore();
    },
    async changedAt(id) {
      const row = await knex<PasswordRow>('passwords').where({ account_id: id }).first('changed_at');
      return row?.changed_at;
    },
    async remove(id) {
      return (await knex('passwords').where({ account_id: id }).delete()) === 1;
    },
  };
}

export function bindAcceptances({ knex }: Handle): AcceptanceStore {
  return {
    async record(id, { policy, version, language, acceptedAt }) {
      await knex('acceptances')
        .insert({ account_id: id, policy, version, language, accepted_at: acceptedAt })
        .onConflict(['account_id', 'policy', 'version'])
        .ignore();
    },
    async list(id) {
      const rows = await knex<AcceptanceRow>('acceptances').where('account_id', id).orderBy('accepted_at');
      return rows.map(({ policy, version, language, accepted_at }) => ({
        policy,
        version,
        language,
        acceptedAt: accepted_at,
      }));
    },
  };
}

type AccountRow = {
  id: AccountId;
  phone_index: string;
  state: Account['state'];
  phone: Buffer;
  phone_verified_at: number;
  is_candidate: number;
  is_recruiter: number;
  resume_complete: number;
  locale: string;
  profile: Buffer | null;
  created_at: number;
  updated_at: number;
};

type PasswordRow = { account_id: string; hash: Buffer; changed_at: number };

type AcceptanceRow = {
  account_id: string;
  policy: PolicyKind;
  version: string;
  language: string;
  accepted_at: number;
};

function roleColumns(roles: readonly Role[]): { is_candidate: number; is_recruiter: number } {
  return {
    is_candidate: Number(roles.includes('candidate')),
    is_recruiter: Number(roles.includes('recruiter')),
  };
}

function fromRow(row: AccountRow, phone: PhoneNumber): Account {
  const roles: Role[] = [];
  if (row.is_candidate) roles.push('candidate');
  if (row.is_recruiter) roles.push('recruiter');
  return {
    id: row.id,
    state: row.state,
    phone,
    phoneVerifiedAt: row.phone_verified_at,
    roles,
    resumeComplete: Boolean(row.resume_complete),
    locale: row.locale,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
