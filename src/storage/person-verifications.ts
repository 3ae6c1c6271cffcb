import type { AccountId, CaseId } from '../core/ids.ts';
import type { PersonClaims, PersonStore, PersonVerification } from '../verification/index.ts';
import type { Handle } from './handle.ts';
import { unlessTaken } from './unless-taken.ts';
import { NUMBER_INDEX } from './verification-cases.ts';

type PersonRow = {
  account_id: AccountId;
  state: PersonVerification['state'];
  level: PersonVerification['level'];
  method: PersonVerification['method'];
  claims: Buffer;
  number_index: string | null;
  verified_at: number;
  valid_until: number | null;
  case_id: CaseId;
  revoked_at: number | null;
  revoked_reason: string | null;
  expires_at: number | null;
};

const place = (row: AccountId) => ({ table: 'person_verifications', column: 'claims', row });

export function bindPersons({ knex, clock, vault }: Handle): PersonStore {
  const table = () => knex<PersonRow>('person_verifications');
  const isTaken = async (accountId: AccountId, number: string): Promise<boolean> => {
    const other = await table()
      .whereIn('number_index', vault.indexCandidates(NUMBER_INDEX, number))
      .whereNot({ account_id: accountId })
      .first('account_id');
    return other !== undefined;
  };
  return {
    isTaken,
    async find(accountId) {
      const row = await table().where({ account_id: accountId }).first();
      if (!row) return undefined;
      const claims = await vault.openText(accountId, place(accountId), row.claims);
      return {
        accountId,
        state: row.state,
        level: row.level,
        method: row.method,
        claims: claims === undefined ? undefined : (JSON.parse(claims) as PersonClaims),
        verifiedAt: row.verified_at,
        validUntil: row.valid_until ?? undefined,
        caseId: row.case_id,
        revokedAt: row.revoked_at ?? undefined,
        revokedReason: row.revoked_reason ?? undefined,
      };
    },
    async verify({ accountId, level, method, claims, verifiedAt, validUntil, caseId }) {
      // The index may have been written under an older key, which the unique column cannot see.
      if (await isTaken(accountId, claims.documentNumber)) return false;
      const row: PersonRow = {
        account_id: accountId,
        state: 'verified',
        level,
        method,
        claims: await vault.seal(accountId, place(accountId), JSON.stringify(claims)),
        number_index: vault.index(NUMBER_INDEX, claims.documentNumber),
        verified_at: verifiedAt,
        valid_until: validUntil ?? null,
        case_id: caseId,
        revoked_at: null,
        revoked_reason: null,
        expires_at: null,
      };
      return storeUnlessTaken(row);
    },
    async revoke(accountId, reason, keptUntil) {
      const inForce = table().where({ account_id: accountId }).whereIn('state', ['verified', 'expired']);
      const revoked = await inForce.update({
        state: 'revoked',
        number_index: null,
        revoked_at: clock.now(),
        revoked_reason: reason,
        expires_at: keptUntil,
      });
      return revoked === 1;
    },
    async listRunOut(now, limit) {
      const due = table().where({ state: 'verified' }).where('valid_until', '<=', now);
      const rows = await due.orderBy('valid_until').limit(limit).select('account_id');
      return rows.map(({ account_id }) => account_id);
    },
    async expire(accountId, now, keptUntil) {
      // The number stays the person's own until the record goes: they renew on this account.
      const ended = await table()
        .where({ account_id: accountId, state: 'verified' })
        .where('valid_until', '<=', now)
        .update({ state: 'expired', expires_at: keptUntil });
      return ended === 1;
    },
    async purge(now, limit) {
      const ended = await table()
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit)
        .select('account_id');
      const accounts = ended.map(({ account_id }) => account_id);
      await table().whereIn('account_id', accounts).where('expires_at', '<=', now).delete();
      return accounts;
    },
  };

  /** Of parallel approvals of one identity one succeeds; the unique column refuses the others. */
  function storeUnlessTaken(row: PersonRow): Promise<boolean> {
    return unlessTaken(knex, (savepoint) =>
      savepoint<PersonRow>('person_verifications').insert(row).onConflict('account_id').merge(),
    );
  }
}
