import type { ArtifactStore } from '../../oidc/index.ts';
import type { Handle } from '../handle.ts';
import { deleteExpired } from '../purge.ts';

type Row = { key: Buffer; model: string; account_id: string | null; payload: string };

/** Artifacts as seen by other transactions: they are revoked there, and read and written elsewhere. */
export function bindArtifacts({ knex }: Handle): ArtifactStore {
  const grantsOf = (accountId: string) =>
    knex<Row>('artifacts').where({ account_id: accountId, model: 'Grant' }).select('key', 'payload');

  const revokeGrants = async (keys: readonly Buffer[]): Promise<number> => {
    if (keys.length === 0) return 0;
    const tokens = await knex('artifacts').whereIn('grant_key', keys).delete();
    return tokens + (await knex('artifacts').whereIn('key', keys).delete());
  };

  return {
    async killAccessTokens(accountId, isAllowed) {
      const grants = await grantsOf(accountId);
      if (grants.length === 0) return 0;
      const tokens = await knex<Row>('artifacts')
        .whereIn(
          'grant_key',
          grants.map(({ key }) => key),
        )
        .where({ model: 'AccessToken' })
        .select('key', 'payload');
      const dead = tokens.filter(({ payload }) => !scopesOf(payload).every(isAllowed)).map(({ key }) => key);
      return dead.length === 0 ? 0 : knex('artifacts').whereIn('key', dead).delete();
    },
    async revokeAccount(accountId) {
      const grants = await grantsOf(accountId);
      const ended = await revokeGrants(grants.map(({ key }) => key));
      return ended + (await knex('artifacts').where({ account_id: accountId }).delete());
    },
    async revokeClient(accountId, clientId) {
      const grants = await grantsOf(accountId);
      const mine = grants.filter(({ payload }) => clientOf(payload) === clientId);
      return revokeGrants(mine.map(({ key }) => key));
    },
    purge: (now, limit) => deleteExpired(knex, 'artifacts', 'key', now, limit),
  };
}

function scopesOf(payload: string): string[] {
  const { scope } = JSON.parse(payload) as { scope?: string };
  return scope ? scope.split(' ') : [];
}

function clientOf(payload: string): string | undefined {
  return (JSON.parse(payload) as { clientId?: string }).clientId;
}
