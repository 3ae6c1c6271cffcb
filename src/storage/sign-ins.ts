import type { SignInState, SignInStore } from '../accounts/index.ts';
import type { Instant } from '../core/clock.ts';
import type { Handle } from './handle.ts';
import { deleteSealedExpired } from './purge.ts';

export function bindSignIns({ knex, vault, dialect }: Handle): SignInStore {
  const place = (uid: string) => ({ table: 'sign_ins', column: 'state', row: uid });
  const open = async (row: SignInRow | undefined, now: Instant): Promise<SignInState | undefined> => {
    if (!row || row.expires_at <= now) return undefined;
    if (!row.state) return {};
    const text = await vault.openText(row.uid, place(row.uid), row.state);
    return text === undefined ? undefined : (JSON.parse(text) as SignInState);
  };
  return {
    find: async (uid, now) => open(await knex<SignInRow>('sign_ins').where({ uid }).first(), now),
    async lock(uid, now, expiresAt) {
      await knex('sign_ins').insert({ uid, state: null, expires_at: expiresAt }).onConflict('uid').ignore();
      const query = knex<SignInRow>('sign_ins').where({ uid }).first();
      const row = dialect === 'postgres' ? await query.forUpdate() : await query;
      const state = await open(row, now);
      if (state) return state;
      await knex('sign_ins').where({ uid }).update({ state: null, expires_at: expiresAt });
      return {};
    },
    async write(uid, state, expiresAt) {
      const sealed = await vault.seal(uid, place(uid), JSON.stringify(state));
      await knex('sign_ins')
        .where({ uid })
        .update({ state: sealed, ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) });
    },
    async remove(uid) {
      await knex('sign_ins').where({ uid }).delete();
      await vault.destroy(uid);
    },
    purge: (now, limit) => deleteSealedExpired(knex, 'sign_ins', 'uid', now, limit),
  };
}

type SignInRow = { uid: string; state: Buffer | null; expires_at: number };
