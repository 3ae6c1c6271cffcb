import type { StaffId } from '../core/ids.ts';
import { randomToken } from '../core/random.ts';
import type { StaffRole } from '../review/roles.ts';
import type { HandedOut, NewStaff, Staff, StaffState, StaffStore } from '../review/staff-store.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type StaffRow = {
  id: StaffId;
  login: string;
  name: Buffer;
  role: StaffRole;
  state: StaffState;
  password_hash: Buffer;
  password_expires_at: number | null;
  totp_secret: Buffer;
  totp_step: number;
  created_at: number;
  updated_at: number;
  last_signed_in_at: number | null;
};

type SessionRow = {
  token_index: string;
  staff_id: StaffId;
  created_at: number;
  last_seen_at: number;
  idle_until: number;
  expires_at: number;
};

export function bindStaff(handle: Handle): StaffStore {
  return { ...bindAccounts(handle), ...bindSessions(handle), ...bindAttempts(handle), ...bindPurge(handle) };
}

type AccountPart = Pick<
  StaffStore,
  | 'add'
  | 'list'
  | 'byLogin'
  | 'byId'
  | 'credentials'
  | 'setState'
  | 'setRole'
  | 'lockAdministrators'
  | 'handOut'
  | 'setPassword'
  | 'acceptTotpStep'
>;

function bindAccounts({ knex, vault, dialect }: Handle): AccountPart {
  const place = (id: StaffId, column: string) => ({ table: 'staff', column, row: id });
  const seal = (id: StaffId, column: string, value: string) => vault.seal(id, place(id, column), value);
  const unseal = async (id: StaffId, column: string, value: Buffer) =>
    (await vault.openText(id, place(id, column), value)) ?? '';

  async function toStaff(row: StaffRow): Promise<Staff> {
    return {
      id: row.id,
      login: row.login,
      name: await unseal(row.id, 'name', row.name),
      role: row.role,
      state: row.state,
      mustChangePassword: row.password_expires_at !== null,
      createdAt: row.created_at,
      lastSignedInAt: row.last_signed_in_at ?? undefined,
    };
  }

  async function handedOut(id: StaffId, credentials: HandedOut) {
    return {
      password_hash: await seal(id, 'password_hash', credentials.passwordHash),
      password_expires_at: credentials.passwordExpiresAt,
      totp_secret: await seal(id, 'totp_secret', credentials.totpSecret),
      totp_step: 0,
    };
  }

  return {
    async add(staff: NewStaff) {
      const row = {
        id: staff.id,
        login: staff.login,
        name: await seal(staff.id, 'name', staff.name),
        role: staff.role,
        state: 'active',
        ...(await handedOut(staff.id, staff)),
        created_at: staff.createdAt,
        updated_at: staff.createdAt,
      };
      const added = await knex('staff')
        .insert(row)
        .onConflict('login')
        .ignore()
        .returning<{ id: string }[]>('id');
      return added.length === 1;
    },
    async list() {
      const rows = await knex<StaffRow>('staff').orderBy('login');
      return Promise.all(rows.map((row) => toStaff(row)));
    },
    async byLogin(login) {
      const row = await knex<StaffRow>('staff').where({ login }).first();
      return row && toStaff(row);
    },
    async byId(id) {
      const row = await knex<StaffRow>('staff').where({ id }).first();
      return row && toStaff(row);
    },
    async credentials(id) {
      const row = await knex<StaffRow>('staff').where({ id }).first();
      if (!row) return undefined;
      return {
        passwordHash: await unseal(id, 'password_hash', row.password_hash),
        passwordExpiresAt: row.password_expires_at ?? undefined,
        totpSecret: await unseal(id, 'totp_secret', row.totp_secret),
        totpStep: row.totp_step,
      };
    },
    async setState(id, state, now) {
      await knex('staff').where({ id }).update({ state, updated_at: now });
    },
    async setRole(id, role, now) {
      await knex('staff').where({ id }).update({ role, updated_at: now });
    },
    async lockAdministrators() {
      const query = knex<StaffRow>('staff').where({ role: 'administrator', state: 'active' }).select('id');
      const rows = await (dialect === 'postgres' ? query.forUpdate() : query);
      return rows.map(({ id }) => id);
    },
    async handOut(id, credentials, now) {
      await knex('staff')
        .where({ id })
        .update({ ...(await handedOut(id, credentials)), updated_at: now });
    },
    async setPassword(id, passwordHash, now) {
      await knex('staff')
        .where({ id })
        .update({
          password_hash: await seal(id, 'password_hash', passwordHash),
          password_expires_at: null,
          updated_at: now,
        });
    },
    async acceptTotpStep(id, step, now) {
      const accepted = await knex('staff')
        .where({ id, state: 'active' })
        .where('totp_step', '<', step)
        .update({ totp_step: step, last_signed_in_at: now });
      return accepted === 1;
    },
  };
}

type SessionPart = Pick<StaffStore, 'addSession' | 'session' | 'touchSession' | 'endSession' | 'endSessions'>;

function bindSessions({ knex, vault }: Handle): SessionPart {
  const byToken = (token: string) =>
    knex<SessionRow>('staff_sessions').whereIn('token_index', vault.indexCandidates('staff-session', token));

  return {
    async addSession(token, session) {
      await knex('staff_sessions').insert({
        token_index: vault.index('staff-session', token),
        staff_id: session.staffId,
        created_at: session.createdAt,
        last_seen_at: session.lastSeenAt,
        idle_until: session.idleUntil,
        expires_at: session.expiresAt,
      });
    },
    async session(token, now) {
      const row = await byToken(token).where('idle_until', '>', now).where('expires_at', '>', now).first();
      return (
        row && {
          staffId: row.staff_id,
          createdAt: row.created_at,
          lastSeenAt: row.last_seen_at,
          idleUntil: row.idle_until,
          expiresAt: row.expires_at,
        }
      );
    },
    async touchSession(token, seenAt, idleUntil) {
      await byToken(token).update({ last_seen_at: seenAt, idle_until: idleUntil });
    },
    async endSession(token) {
      await byToken(token).delete();
    },
    async endSessions(id, keepToken) {
      const kept = keepToken === undefined ? [] : vault.indexCandidates('staff-session', keepToken);
      await knex('staff_sessions').where({ staff_id: id }).whereNotIn('token_index', kept).delete();
    },
  };
}

type AttemptPart = Pick<StaffStore, 'countAttempt' | 'takeBackAttempts' | 'clearAttempts'>;

function bindAttempts({ knex, vault, random }: Handle): AttemptPart {
  const index = (limit: string, key: string) => vault.index('staff-attempt', `${limit}\0${key}`);

  return {
    async countAttempt({ limit, key, at, since, expiresAt }) {
      const id = randomToken(random, 16);
      const keyIndex = index(limit, key);
      await knex('staff_attempts').insert({
        id,
        key_index: keyIndex,
        occurred_at: at,
        expires_at: expiresAt,
      });
      const [row] = await knex('staff_attempts')
        .where({ key_index: keyIndex })
        .where('occurred_at', '>', since)
        .count<{ count: string | number }[]>({ count: '*' });
      return { id, count: Number(row?.count) };
    },
    async takeBackAttempts(ids) {
      await knex('staff_attempts').whereIn('id', ids).delete();
    },
    async clearAttempts(limit, key) {
      await knex('staff_attempts')
        .where({ key_index: index(limit, key) })
        .delete();
    },
  };
}

function bindPurge({ knex }: Handle): Pick<StaffStore, 'purge'> {
  return {
    async purge(now, limit) {
      const sessions = await deleteExpired(knex, 'staff_sessions', 'token_index', now, limit);
      const attempts = await deleteExpired(knex, 'staff_attempts', 'id', now, limit);
      return Math.max(sessions, attempts);
    },
  };
}
