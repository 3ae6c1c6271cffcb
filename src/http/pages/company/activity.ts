import Router from '@koa/router';
import type { Activity } from '../../../companies/index.ts';
import type { AccountId, CompanyId } from '../../../core/ids.ts';
import { hasPlace, placeOf } from '../../company-access.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import type { CompanyPageParts } from './index.ts';
import { sayCompany } from './wording.ts';

const PAGE = 30;

/** What happened in a company, newest first. Whoever does not belong to it any more has no name here. */
export function activityPages({ gate, stores, nameOf }: CompanyPageParts): Router<State> {
  const router = new Router<State>();

  router.get('/company/:id/activity', gate.admit, async (ctx) => {
    const { company } = placeOf(ctx);
    const asked = ctx.query['before'];
    const before = typeof asked === 'string' && /^act_[0-9a-z]{26}$/.test(asked) ? asked : undefined;
    const found = await stores.companyActivity.list(company.id, PAGE + 1, before);
    const names = await namesIn(company.id);
    const entries = found.slice(0, PAGE);
    ctx.state.render('company-activity', {
      company: sayCompany(ctx, company),
      items: entries.map((entry) => toItem(ctx, entry, names)),
      isFirst: before === undefined,
      older: found.length > PAGE ? entries.at(-1)?.id : undefined,
    });
  });

  return router;

  async function namesIn(companyId: CompanyId): Promise<ReadonlyMap<string, string>> {
    const members = (await stores.memberships.listByCompany(companyId)).filter(hasPlace);
    const named = await Promise.all(
      members.map(async ({ id, accountId }) => {
        const name = await nameOf(accountId);
        return name === undefined
          ? []
          : ([
              [id, name],
              [accountId, name],
            ] as const);
      }),
    );
    return new Map<string, string>(named.flat());
  }
}

const attention: readonly Activity['action'][] = [
  'company_due',
  'company_lapsed',
  'company_rejected',
  'company_revoked',
  'member_revoked',
];

function toItem(ctx: Context, entry: Activity, names: ReadonlyMap<string, string>) {
  const { t, lang } = ctx.state;
  const { action, actor, at, detail, membershipId } = entry;
  const about = membershipId === undefined ? undefined : (names.get(membershipId) ?? t('company.former'));
  return {
    title: t(`company.activity.${action}`),
    at: formatMoment(lang, at),
    by: sayActor(ctx, actor, names),
    body: [about, detail === undefined ? undefined : sayDetail(ctx, action, detail)]
      .filter((text) => text !== undefined)
      .join(' · '),
    state: attention.includes(action) ? 'attention' : 'done',
  };
}

function sayActor(ctx: Context, actor: Activity['actor'], names: ReadonlyMap<string, string>): string {
  const { t } = ctx.state;
  if (actor === 'staff' || actor === 'system') return t(`company.actor.${actor}`);
  return names.get(actor satisfies AccountId) ?? t('company.former');
}

/** A code of the record in words; a domain is its own word. */
function sayDetail(ctx: Context, action: Activity['action'], detail: string): string | undefined {
  const { t } = ctx.state;
  if (action === 'domain_bound' || action === 'domain_unbound') return detail;
  const kinds: Readonly<Partial<Record<Activity['action'], string>>> = {
    role_changed: 'acting.role',
    invitation_made: 'acting.role',
    member_activated: 'company.evidence',
    detail_changed: 'company.field',
  };
  const key = `${kinds[action] ?? 'company.ended'}.${detail}`;
  const text = t(key);
  return text === key ? undefined : text;
}
