import type { CompanyId } from '../../core/ids.ts';
import type { ArtifactStore } from '../../oidc/index.ts';
import type { Handle } from '../handle.ts';
import { deleteExpired } from '../purge.ts';
import { artifactKey, uidKey } from './row.ts';

type Row = { key: Buffer; model: string; account_id: string | null; uid_key: Buffer | null; payload: string };

/** Artifacts as seen by other transactions: they are revoked there, and read and written elsewhere. */
export function bindArtifacts({ knex }: Handle): ArtifactStore {
  const grantsOf = (accountId: string) =>
    knex<Row>('artifacts').where({ account_id: accountId, model: 'Grant' }).select('key', 'payload');

  const revokeGrants = async (keys: readonly Buffer[]): Promise<number> => {
    if (keys.length === 0) return 0;
    const tokens = await knex('artifacts').whereIn('grant_key', keys).delete();
    return tokens + (await knex('artifacts').whereIn('key', keys).delete());
  };

  const sessionOf = (accountId: string, uid: string) =>
    knex<Row>('artifacts')
      .where({ account_id: accountId, model: 'Session', uid_key: uidKey(uid) })
      .first('key', 'payload');

  return {
    async killAccessTokens(accountId, isAllowed) {
      const grants = await grantsOf(accountId);
      if (grants.length === 0) return 0;
      const companies = new Map(grants.map(({ key, payload }) => [key.toString('hex'), companyOf(payload)]));
      const tokens = await knex<Row & { grant_key: Buffer }>('artifacts')
        .whereIn(
          'grant_key',
          grants.map(({ key }) => key),
        )
        .where({ model: 'AccessToken' })
        .select('key', 'grant_key', 'payload');
      const isDead = ({ grant_key, payload }: (typeof tokens)[number]) => {
        const companyId = companies.get(grant_key.toString('hex'));
        return !scopesOf(payload).every((scope) => isAllowed(scope, companyId));
      };
      const dead = tokens.filter(isDead).map(({ key }) => key);
      return dead.length === 0 ? 0 : knex('artifacts').whereIn('key', dead).delete();
    },
    async revokeAccount(accountId, keep) {
      const kept = keep === undefined ? undefined : await sessionOf(accountId, keep);
      const keptKeys = kept
        ? [kept.key, ...grantIdsOf(kept.payload).map((id) => artifactKey('Grant', id))]
        : [];
      const isKept = (key: Buffer) => keptKeys.some((one) => one.equals(key));
      const grants = await grantsOf(accountId);
      const ended = await revokeGrants(grants.map(({ key }) => key).filter((key) => !isKept(key)));
      return (
        ended +
        (await knex('artifacts').where({ account_id: accountId }).whereNotIn('key', keptKeys).delete())
      );
    },
    async revokeClient(accountId, clientId) {
      const grants = await grantsOf(accountId);
      const mine = grants.filter(({ payload }) => clientOf(payload) === clientId);
      return revokeGrants(mine.map(({ key }) => key));
    },
    async companiesActedFor(accountId) {
      const grants = await grantsOf(accountId);
      return grants.flatMap(({ payload }) => {
        const [clientId, companyId] = [clientOf(payload), companyOf(payload)];
        return clientId !== undefined && companyId !== undefined ? [{ clientId, companyId }] : [];
      });
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

function companyOf(payload: string): CompanyId | undefined {
  return (JSON.parse(payload) as { company?: CompanyId }).company;
}

/** The grants that apps have in a session. */
function grantIdsOf(payload: string): string[] {
  const { authorizations = {} } = JSON.parse(payload) as {
    authorizations?: Record<string, { grantId?: string }>;
  };
  return Object.values(authorizations).flatMap(({ grantId }) => (grantId === undefined ? [] : [grantId]));
}
