import { createCounters, dayOf, type AccountStores, type SmsLanguage } from '../accounts/index.ts';
import { days, hours, type Clock, type Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, Ids, MembershipId, MessageId } from '../core/ids.ts';
import type { Transact } from '../core/transact.ts';
import type { JobPayloads, JobStore, StoredEvent } from '../events/index.ts';
import { declineReasons } from './administration.ts';
import {
  actingStates,
  type Company,
  type Membership,
  type MembershipEvidence,
  type MembershipState,
} from './company.ts';
import { administers } from './in-company.ts';
import { shortName, type Tell, type TellingStores } from './telling.ts';

type Stores = TellingStores & Pick<AccountStores, 'limits'>;

/** `request`: administrators are told that somebody waits. `member`: the member is told what became of them. */
type To = 'request' | 'member';

/** Moves that somebody is told of; what somebody did themself is no news to them. */
const told: { readonly [state in MembershipState]?: { from?: readonly MembershipState[]; to: To } } = {
  awaiting_admin: { to: 'request' },
  active: { from: ['awaiting_admin', 'in_review'], to: 'member' },
  due: { from: ['active'], to: 'member' },
  lapsed: { to: 'member' },
  ended: { from: ['awaiting_admin', 'in_review'], to: 'member' },
  removed: { to: 'member' },
  revoked: { to: 'member' },
};

/** What others found and the member may not know of yet. */
const decidedByOthers: readonly (MembershipEvidence | undefined)[] = [
  'administrator',
  'authorisation_letter',
  'review',
];
const refusals: readonly (string | undefined)[] = [...declineReasons, 'rejected'];

/** So many administrators of a company are told; the others see it on its pages. */
const MOST_TOLD = 5;

type Scope = 'company' | 'account' | 'installation';

export type NoticeOutcome =
  { readonly outcome: 'done' } | { readonly outcome: 'wait'; readonly delay: number };

export type Notices = {
  /** Owes the notice of an event within the transaction that appends it; the limits are the job's, which holds no lock of a company. */
  owe(stores: { readonly jobs: JobStore }, event: StoredEvent): Promise<void>;
  /** Sends one that is still true, as far as the limits let it; of requests that wait, one notice tells. */
  give(payload: JobPayloads['company.notice']): Promise<NoticeOutcome>;
};

/** Tells administrators of requests, and members what became of theirs. No message names a person. */
export function createNotices<S extends Stores>({
  transact,
  clock,
  ids,
  host,
  tell,
  dailyBudget,
}: {
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly host: string;
  readonly tell: Tell<S>;
  /** Messages a day for the whole installation; notices may take a quarter, so that codes always find room. */
  readonly dailyBudget: number;
}): Notices {
  const rule = (action: To | 'send', scope: Scope, window: number, max: number, slot = 1) => ({
    name: `company_notice_${action}_${scope}_${window / 60_000}m`,
    action,
    scope,
    window,
    max,
    slot,
  });
  const counters = createCounters(
    [
      rule('request', 'company', hours(1), 1),
      rule('request', 'company', days(1), 4),
      rule('send', 'account', hours(1), 5),
      rule('send', 'account', days(1), 12),
      rule('send', 'installation', days(1), Math.max(1, Math.ceil(dailyBudget / 4)), hours(1)),
    ],
    ({ name, scope }, { company, account }: { company?: CompanyId; account?: AccountId }) =>
      `${name}:${{ company, account, installation: 'all' }[scope]}`,
  );

  /** When administrators of a company were told last. */
  async function lastTold(stores: S, company: CompanyId): Promise<Instant> {
    const key = `company_notice_request_company_${days(1) / 60_000}m:${company}`;
    const hits = (await stores.limits.read([key]))[key] ?? [];
    return Math.max(0, ...hits.map(([at]) => at));
  }

  async function send(stores: S, notice: Parameters<Tell<S>>[1]): Promise<void> {
    const allowed = await counters.take(stores.limits, 'send', { account: notice.accountId }, clock.now());
    if (allowed.ok) await tell(stores, notice);
  }

  async function tellAdministrators(stores: S, company: Company, at: Instant): Promise<NoticeOutcome> {
    if ((await lastTold(stores, company.id)) >= at) return { outcome: 'done' };
    const allowed = await counters.take(stores.limits, 'request', { company: company.id }, clock.now());
    if (!allowed.ok) return { outcome: 'wait', delay: allowed.retryAfter * 1000 };
    const members = await stores.memberships.listByCompany(company.id);
    const wording = (language: SmsLanguage) => requestText(shortName(company.name), language, host);
    for (const { accountId } of members.filter(administers).slice(0, MOST_TOLD))
      await send(stores, { accountId, wording, asOf: company.id });
    return { outcome: 'done' };
  }

  return {
    async owe(stores, event) {
      if (event.type !== 'membership.status_changed') return;
      const { membershipId, from, to } = event.payload as Moved;
      const row = told[to];
      if (!row || row.from?.includes(from) === false) return;
      const payload = { membershipId, to, at: event.occurredAt, messageId: ids.next('msg') };
      await stores.jobs.enqueue({ kind: 'company.notice', payload });
    },
    give: ({ membershipId, to, at, messageId }) =>
      transact(async (stores): Promise<NoticeOutcome> => {
        const done: NoticeOutcome = { outcome: 'done' };
        const membership = await stores.memberships.find(membershipId as MembershipId);
        const company = membership && (await stores.companies.find(membership.companyId));
        // Of a company that never was verified only its applicant knows; their case tells them.
        if (!membership || company?.verifiedAt === undefined) return done;
        const stillSo =
          membership.state === to || (to === 'active' && actingStates.includes(membership.state));
        if (!stillSo) return done;
        if (told[to]?.to === 'request') return tellAdministrators(stores, company, at);
        const wording = memberText(membership, to, shortName(company.name), host);
        if (!wording || (await isOut(stores, messageId as MessageId))) return done;
        const { accountId } = membership;
        await send(stores, { accountId, wording, messageId: messageId as MessageId });
        return done;
      }),
  };
}

type Moved = { membershipId: string; from: MembershipState; to: MembershipState };

async function isOut({ messages }: Pick<Stores, 'messages'>, id: MessageId): Promise<boolean> {
  return (await messages.status(id)) !== undefined;
}

function requestText(company: string, language: SmsLanguage, host: string): string {
  return language === 'en'
    ? `Somebody asks to recruit for ${company} and waits for an administrator. Look at ${host}/company and let in only whom you know.`
    : `有人申请代表${company}招聘，等待管理员处理。请登录 ${host}/company 查看，仅同意您认识的人。`;
}

/** What a member is told of the state they are in; undefined where they know it. */
function memberText(
  { evidence, endedReason, validUntil }: Membership,
  to: MembershipState,
  company: string,
  host: string,
): ((language: SmsLanguage) => string) | undefined {
  const at = `${host}/company`;
  const in2 = (en: string, zh: string) => (language: SmsLanguage) => (language === 'en' ? en : zh);
  switch (to) {
    case 'active':
      if (!decidedByOthers.includes(evidence)) return undefined;
      return in2(`You now belong to ${company}. See ${at}.`, `您已加入${company}。详情请登录 ${at} 查看。`);
    case 'evidence_pending':
      return in2(
        `Your letter of authorisation from ${company} was not accepted. The reason is at ${at}.`,
        `您提交的${company}授权书未通过审核。原因请登录 ${at} 查看。`,
      );
    case 'ended':
      if (!refusals.includes(endedReason)) return undefined;
      return in2(
        `Your request to recruit for ${company} was declined. The reason is at ${at}.`,
        `您代表${company}招聘的申请未获同意。原因请登录 ${at} 查看。`,
      );
    case 'removed':
      return in2(
        `An administrator of ${company} has removed you: you no longer recruit for it. The reason is at ${at}.`,
        `${company}的管理员已将您移除，您不再代表其招聘。原因请登录 ${at} 查看。`,
      );
    case 'revoked':
      return in2(
        `You no longer recruit for ${company}: our staff ended it. The reason is at ${at}.`,
        `您代表${company}招聘的资格已被平台终止。原因请登录 ${at} 查看。`,
      );
    case 'due': {
      const day = dayOf(validUntil ?? 0);
      return in2(
        `You can recruit for ${company} until ${day}. Renew it at ${at}.`,
        `您代表${company}招聘的资格将于 ${day} 到期，请登录 ${at} 续期。`,
      );
    }
    case 'lapsed':
      return in2(
        `You can no longer recruit for ${company}: your membership has ended by time. Renew it at ${at}.`,
        `您代表${company}招聘的资格已到期，请登录 ${at} 续期。`,
      );
    default:
      return undefined;
  }
}
