import type { AccountId } from '../../core/ids.ts';
import type { AccountStanding } from '../../entitlements/index.ts';
import type { ArtifactReads } from '../../oidc/index.ts';
import { standingColumns, toStanding, type StandingRow } from '../entitlements.ts';
import { standing } from './hot-reads.ts';
import type { Query } from './postgres.ts';
import { artifactKey, decode, uidKey, type FoundRow, type PayloadSources } from './row.ts';

/** What a token is always read together with: its grant, the session it ends with, and what the account may have. */
type BundleRow = FoundRow & {
  grant_key: Buffer | null;
  grant_payload: string | null;
  session_key: Buffer | null;
  session_payload: string | null;
  account: AccountId | null;
} & StandingRow;

const bundled = new Set(['AccessToken', 'RefreshToken', 'AuthorizationCode', 'Session']);

const BUNDLE = `select t.payload, t.consumed_at, t.grant_key, g.payload as grant_payload,
  t.session_key, n.payload as session_payload, a.id as account, ${standingColumns.join(', ')}
  from artifacts t
  left join artifacts g on g.key = t.grant_key
  left join artifacts n on n.uid_key = t.session_key
  left join accounts a on a.id = coalesce(g.account_id, t.account_id)
  left join recruiter_statuses s on s.account_id = a.id
  where t.key = $1`;

/**
 * The reads of one request. Finding a token brings along what the provider asks for next, so that a token request is
 * one round trip to read and one to write.
 */
export function postgresReads(query: Query, sources: Pick<PayloadSources, 'vault'>): ArtifactReads {
  const rows = new Map<string, FoundRow | null>();
  const standings = new Map<string, AccountStanding>();

  const bundle = async (key: Buffer): Promise<FoundRow | undefined> => {
    const [row] = await query<BundleRow>({ name: 'artifact-bundle', text: BUNDLE, values: [key] });
    if (!row) return undefined;
    remember(row.grant_key, row.grant_payload);
    remember(row.session_key, row.session_payload);
    if (row.account !== null) standings.set(row.account, toStanding(row.account, row));
    return row;
  };
  const remember = (key: Buffer | null, payload: string | null): void => {
    if (key) rows.set(name(key), payload === null ? null : { payload, consumed_at: null });
  };
  const one = async (statement: string, column: 'key' | 'uid_key', key: Buffer) =>
    (
      await query<FoundRow>({
        name: statement,
        text: `select payload, consumed_at from artifacts where ${column} = $1`,
        values: [key],
      })
    )[0];

  return {
    async find(model, id) {
      const key = artifactKey(model, id);
      const known = rows.get(name(key));
      if (known === null) return undefined;
      const row =
        known ?? (bundled.has(model) ? await bundle(key) : await one('artifact-by-key', 'key', key));
      return row && decode(model, id, row, sources);
    },
    async findByUid(uid) {
      const key = uidKey(uid);
      const known = rows.get(name(key));
      if (known === null) return undefined;
      const row = known ?? (await one('artifact-by-uid', 'uid_key', key));
      return row && decode('Session', undefined, row, sources);
    },
    async standing(accountId) {
      const known = standings.get(accountId);
      if (known) return known;
      const [row] = await query<StandingRow>({
        name: 'standing-by-account',
        text: standing('$1'),
        values: [accountId],
      });
      return row && toStanding(accountId, row);
    },
  };
}

function name(key: Buffer): string {
  return key.toString('latin1');
}
