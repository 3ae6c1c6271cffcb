import type { KeyState, SigningKey, SigningKeyStore } from '../oidc/index.ts';
import type { Handle } from './handle.ts';

const order: readonly KeyState[] = ['active', 'next', 'retiring'];

export function bindSigningKeys({ knex, vault, clock, random }: Handle): SigningKeyStore {
  const place = (id: string) => ({ table: 'signing_keys', column: 'private_key', row: id });
  /** Each key is a subject of its own, so that removing it destroys it for good. */
  const subject = (id: string) => `signing-key:${id}`;

  return {
    async list() {
      const rows = await knex<KeyRow>('signing_keys').orderBy('created_at', 'desc');
      const keys = await Promise.all(
        rows.map(async (row) => {
          const privateKey = await vault.open(subject(row.id), place(row.id), row.private_key);
          return privateKey && fromRow(row, privateKey);
        }),
      );
      return keys
        .filter((key) => key !== undefined)
        .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    },
    async add(key) {
      const privateKey = await vault.seal(subject(key.id), place(key.id), key.privateKey);
      await knex('signing_keys')
        .insert({
          id: key.id,
          alg: key.alg,
          state: key.state,
          public_jwk: JSON.stringify(key.publicJwk),
          private_key: privateKey,
          created_at: key.createdAt,
          state_since: key.stateSince,
        })
        .onConflict()
        .ignore();
    },
    move: async (id, from, to, now) =>
      (await knex('signing_keys').where({ id, state: from }).update({ state: to, state_since: now })) === 1,
    async remove(id) {
      await knex('signing_keys').where({ id }).delete();
      await vault.destroy(subject(id));
    },
    async secret(id) {
      const sealedIn = { table: 'oidc_secrets', column: 'value', row: id };
      const value = await vault.seal(`oidc-secret:${id}`, sealedIn, random.bytes(32));
      await knex('oidc_secrets').insert({ id, value, created_at: clock.now() }).onConflict('id').ignore();
      const row = await knex<{ id: string; value: Buffer }>('oidc_secrets').where({ id }).first('value');
      const opened = row && (await vault.open(`oidc-secret:${id}`, sealedIn, row.value));
      if (!opened) throw new Error(`the secret "${id}" cannot be opened`);
      return opened;
    },
  };
}

type KeyRow = {
  id: string;
  alg: SigningKey['alg'];
  state: KeyState;
  public_jwk: string;
  private_key: Buffer;
  created_at: number;
  state_since: number;
};

function fromRow(row: KeyRow, privateKey: Buffer): SigningKey {
  return {
    id: row.id,
    alg: row.alg,
    state: row.state,
    publicJwk: JSON.parse(row.public_jwk) as SigningKey['publicJwk'],
    privateKey,
    createdAt: row.created_at,
    stateSince: row.state_since,
  };
}
