import type { CompanyId, MembershipId } from '../core/ids.ts';
import type { Activity, ActivityStore } from '../companies/index.ts';
import { eventRetention } from '../events/index.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type ActivityRow = {
  id: string;
  company_id: CompanyId;
  action: Activity['action'];
  actor: Activity['actor'];
  membership_id: MembershipId | null;
  detail: string | null;
  occurred_at: number;
  expires_at: number;
};

export function bindCompanyActivity({ knex, clock, ids }: Handle): ActivityStore {
  const table = () => knex<ActivityRow>('company_activity');
  return {
    async record({ companyId, action, actor, membershipId, detail }) {
      const now = clock.now();
      await table().insert({
        id: ids.next('act'),
        company_id: companyId,
        action,
        actor,
        membership_id: membershipId ?? null,
        detail: detail ?? null,
        occurred_at: now,
        expires_at: now + eventRetention,
      });
    },
    async list(companyId, limit, before) {
      const query = table().where({ company_id: companyId }).orderBy('id', 'desc').limit(limit);
      return (await (before === undefined ? query : query.andWhere('id', '<', before))).map(toActivity);
    },
    purge: (now, limit) => deleteExpired(knex, 'company_activity', 'id', now, limit),
  };
}

function toActivity(row: ActivityRow): Activity {
  return {
    id: row.id,
    companyId: row.company_id,
    action: row.action,
    actor: row.actor,
    ...(row.membership_id === null ? {} : { membershipId: row.membership_id }),
    ...(row.detail === null ? {} : { detail: row.detail }),
    at: row.occurred_at,
  };
}
