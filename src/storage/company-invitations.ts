import type { AccountId, CompanyId, InvitationId } from '../core/ids.ts';
import type { Invitation, InvitationStore } from '../companies/index.ts';
import { eventRetention } from '../events/index.ts';
import type { Handle } from './handle.ts';

type InvitationRow = {
  id: InvitationId;
  company_id: CompanyId;
  token_hash: string;
  role: Invitation['role'];
  invited_by: AccountId;
  member_until: number | null;
  created_at: number;
  accepted_at: number | null;
  accepted_by: AccountId | null;
  withdrawn_at: number | null;
  expires_at: number;
  kept_until: number;
};

/** Purpose of the keyed hash of an invitation's secret. */
const PURPOSE = 'company-invitation';

export function bindInvitations({ knex, ids, vault, clock }: Handle): InvitationStore {
  const table = () => knex<InvitationRow>('company_invitations');
  return {
    async add(invitation, secret) {
      const id = ids.next('inv');
      await table().insert({
        id,
        company_id: invitation.companyId,
        token_hash: vault.index(PURPOSE, secret),
        role: invitation.role,
        invited_by: invitation.invitedBy,
        member_until: invitation.memberUntil ?? null,
        created_at: invitation.createdAt,
        expires_at: invitation.expiresAt,
        kept_until: invitation.expiresAt + eventRetention,
      });
      return id;
    },
    async find(id) {
      const row = await table().where({ id }).first();
      return row && toInvitation(row);
    },
    async findBySecret(secret) {
      const row = await table().whereIn('token_hash', vault.indexCandidates(PURPOSE, secret)).first();
      return row && toInvitation(row);
    },
    async listByCompany(companyId) {
      const rows = await table().where({ company_id: companyId }).orderBy('id', 'desc').limit(200);
      return rows.map(toInvitation);
    },
    accept: async (id, accountId, now) =>
      (await table()
        .where({ id, accepted_at: null, withdrawn_at: null })
        .andWhere('expires_at', '>', now)
        .update({ accepted_at: now, accepted_by: accountId })) === 1,
    withdraw: async (id, now) =>
      (await table().where({ id, accepted_at: null, withdrawn_at: null }).update({ withdrawn_at: now })) ===
      1,
    async withdrawOf(companyId, invitedBy) {
      await table()
        .where({ company_id: companyId, invited_by: invitedBy, accepted_at: null, withdrawn_at: null })
        .update({ withdrawn_at: clock.now() });
    },
    async purge(now, limit) {
      const rows = await table().where('kept_until', '<=', now).limit(limit).select('id');
      return table()
        .whereIn(
          'id',
          rows.map(({ id }) => id),
        )
        .delete();
    },
  };
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    companyId: row.company_id,
    role: row.role,
    invitedBy: row.invited_by,
    memberUntil: row.member_until ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    acceptedAt: row.accepted_at ?? undefined,
    acceptedBy: row.accepted_by ?? undefined,
    withdrawnAt: row.withdrawn_at ?? undefined,
  };
}
