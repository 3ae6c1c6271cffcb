import type { AccountId, CompanyCheckId, CompanyId, StaffId } from '../core/ids.ts';
import type { CheckDetails, CompanyCheck, CompanyCheckStore } from '../companies/index.ts';
import type { Handle } from './handle.ts';

type CheckRow = {
  id: CompanyCheckId;
  company_id: CompanyId;
  account_id: AccountId;
  kind: CompanyCheck['kind'];
  state: CompanyCheck['state'];
  live_key: string | null;
  version: number;
  details: Buffer;
  findings: string;
  attempts: number;
  decided_by: CompanyCheck['decidedBy'] | null;
  reason: CompanyCheck['reason'] | null;
  created_at: number;
  submitted_at: number | null;
  decided_at: number | null;
  claimed_by: StaffId | null;
  claimed_at: number | null;
  claim_expires_at: number | null;
  expires_at: number | null;
};

const place = (row: CompanyCheckId) => ({ table: 'company_checks', column: 'details', row });

/** Sealed under the check itself: company evidence outlives the account of who handed it in. */
export function bindCompanyChecks({ knex, clock, ids, vault }: Handle): CompanyCheckStore {
  const table = () => knex<CheckRow>('company_checks');
  const liveKey = ({ companyId, accountId, kind }: Pick<CompanyCheck, 'companyId' | 'accountId' | 'kind'>) =>
    `${kind}/${companyId}/${accountId}`;
  const read = async (row: CheckRow): Promise<CompanyCheck> => {
    const details = await vault.openText(row.id, place(row.id), row.details);
    return {
      id: row.id,
      companyId: row.company_id,
      accountId: row.account_id,
      kind: row.kind,
      state: row.state,
      version: row.version,
      details: details === undefined ? undefined : (JSON.parse(details) as CheckDetails),
      findings: JSON.parse(row.findings) as CompanyCheck['findings'],
      attempts: row.attempts,
      decidedBy: row.decided_by ?? undefined,
      reason: row.reason ?? undefined,
      createdAt: row.created_at,
      submittedAt: row.submitted_at ?? undefined,
      decidedAt: row.decided_at ?? undefined,
      claim:
        row.claimed_by === null
          ? undefined
          : {
              staffId: row.claimed_by,
              claimedAt: row.claimed_at ?? 0,
              expiresAt: row.claim_expires_at ?? 0,
            },
    };
  };
  const readAll = (rows: CheckRow[]): Promise<CompanyCheck[]> => Promise.all(rows.map(read));
  const free = { claimed_by: null, claimed_at: null, claim_expires_at: null };

  return {
    async ensure(key, expiresAt) {
      const id = ids.next('chk');
      const row: CheckRow = {
        id,
        company_id: key.companyId,
        account_id: key.accountId,
        kind: key.kind,
        state: 'open',
        live_key: liveKey(key),
        version: 1,
        details: await vault.seal(id, place(id), '{}'),
        findings: '[]',
        attempts: 0,
        decided_by: null,
        reason: null,
        created_at: clock.now(),
        submitted_at: null,
        decided_at: null,
        ...free,
        expires_at: expiresAt,
      };
      await table().insert(row).onConflict('live_key').ignore();
      const live = (await table().where({ live_key: row.live_key }).first()) as CheckRow;
      if (live.id !== id) await vault.destroy(id);
      return read(live);
    },
    async find(id) {
      const row = await table().where({ id }).first();
      return row && read(row);
    },
    async newest(key) {
      const { companyId: company_id, accountId: account_id, kind } = key;
      const row =
        (await table()
          .where({ live_key: liveKey(key) })
          .first()) ?? (await table().where({ company_id, account_id, kind }).orderBy('id', 'desc').first());
      return row && read(row);
    },
    async countSince(companyId, kind, since) {
      const rows = knex('company_checks').where({ company_id: companyId, kind });
      const [row] = await rows.where('created_at', '>=', since).count<{ n: string | number }[]>({ n: 'id' });
      return Number(row?.n);
    },
    async update({ id, state, version }, change, to = state) {
      const { details, findings, attempts, decidedBy, reason, submittedAt, decidedAt, expiresAt } = change;
      const isLive = to === 'open' || to === 'submitted';
      const changed = await table()
        .where({ id, state, version })
        .update({
          state: to,
          version: version + 1,
          ...(isLive ? {} : { live_key: null, ...free }),
          ...(details === undefined
            ? {}
            : { details: await vault.seal(id, place(id), JSON.stringify(details)) }),
          ...(findings === undefined ? {} : { findings: JSON.stringify(findings) }),
          ...(attempts === undefined ? {} : { attempts }),
          ...(decidedBy === undefined ? {} : { decided_by: decidedBy }),
          ...(reason === undefined ? {} : { reason }),
          ...(submittedAt === undefined ? {} : { submitted_at: submittedAt }),
          ...(decidedAt === undefined ? {} : { decided_at: decidedAt }),
          ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
        });
      return changed === 1;
    },
    async queue(limit) {
      const waiting = table().where({ state: 'submitted' }).whereNot({ kind: 'micro_deposit' });
      return readAll(await waiting.orderBy('submitted_at').orderBy('id').limit(limit));
    },
    async claim(id, { staffId, claimedAt, expiresAt }, now) {
      const taken = await table()
        .where({ id, state: 'submitted' })
        .whereNot({ kind: 'micro_deposit' })
        .andWhere((any) =>
          any.whereNull('claimed_by').orWhere('claim_expires_at', '<=', now).orWhere({ claimed_by: staffId }),
        )
        .update({ claimed_by: staffId, claimed_at: claimedAt, claim_expires_at: expiresAt });
      return taken === 1;
    },
    async release(id, staffId, now) {
      const held = table().where({ id, claimed_by: staffId }).andWhere('claim_expires_at', '>', now);
      return (await held.update(free)) === 1;
    },
    async countClaims(staffId, now) {
      const held = knex('company_checks').where({ claimed_by: staffId, state: 'submitted' });
      const [row] = await held
        .andWhere('claim_expires_at', '>', now)
        .count<{ n: string | number }[]>({ n: 'id' });
      return Number(row?.n);
    },
    async listAbandoned(now, limit) {
      const open = table().where({ state: 'open' }).where('expires_at', '<=', now);
      return readAll(await open.orderBy('expires_at').limit(limit));
    },
    async listOldDeposits(before, limit) {
      const waiting = table().where({ state: 'submitted', kind: 'micro_deposit' });
      return readAll(await waiting.where('submitted_at', '<=', before).orderBy('submitted_at').limit(limit));
    },
    async purge(now, limit) {
      const due = table().whereNotIn('state', ['open', 'submitted']).where('expires_at', '<=', now);
      const gone = await due
        .whereNotExists(
          knex('company_check_pictures as p')
            .whereRaw('p.check_id = company_checks.id')
            .whereNot('p.state', 'destroyed'),
        )
        .orderBy('expires_at')
        .limit(limit)
        .pluck('id');
      await knex('company_check_pictures').whereIn('check_id', gone).delete();
      await knex('subject_keys').whereIn('subject', gone).delete();
      return knex('company_checks').whereIn('id', gone).delete();
    },
  };
}
