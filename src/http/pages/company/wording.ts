import type { Company, Membership } from '../../../companies/index.ts';
import { AppError } from '../../../core/errors.ts';
import type { Instant } from '../../../core/clock.ts';
import type { Context } from '../../context.ts';
import { formatDay, formatLastDay } from '../../dates.ts';
import type { Translate } from '../../locale.ts';

export const placeTones = {
  requested: 'info',
  evidence_pending: 'warning',
  awaiting_admin: 'info',
  in_review: 'info',
  active: 'success',
  due: 'warning',
  lapsed: 'warning',
  ended: 'neutral',
  removed: 'neutral',
  revoked: 'danger',
} as const satisfies Record<Membership['state'], string>;

export const companyTones = {
  unclaimed: 'neutral',
  pending: 'info',
  verified: 'success',
  due: 'warning',
  lapsed: 'danger',
  rejected: 'danger',
  revoked: 'danger',
} as const satisfies Record<Company['state'], string>;

export const tag = <S extends string>(
  ctx: Context,
  kind: 'state' | 'company_state',
  tones: { readonly [state in S]: string },
  state: S,
) => ({ text: ctx.state.t(`company.${kind}.${state}`), tone: tones[state] });

/** A membership as its holder reads it. */
export function sayPlace(ctx: Context, own: Membership) {
  const { t, lang } = ctx.state;
  return {
    tag: tag(ctx, 'state', placeTones, own.state),
    role: t(`acting.role.${own.role}`),
    evidence: own.evidence && t(`company.evidence.${own.evidence}`),
    since: own.activatedAt === undefined ? undefined : formatDay(lang, own.activatedAt),
    until: own.validUntil === undefined ? undefined : formatLastDay(lang, own.validUntil),
    ended: sayEnd(ctx, own),
    endedOn: own.endedAt === undefined ? undefined : formatDay(lang, own.endedAt),
  };
}

/** Why a membership or a request ended, where whoever ended it gave a reason. */
export function sayEnd(ctx: Context, { endedReason, state }: Membership): string | undefined {
  if (endedReason === undefined) return undefined;
  const { t } = ctx.state;
  const key = state === 'revoked' ? `review.reason.${endedReason}.person` : `company.ended.${endedReason}`;
  const text = t(key);
  return text === key ? undefined : text;
}

/** The verification of a company: how it stands and what comes next. */
export function sayCompany(ctx: Context, company: Company) {
  const { lang } = ctx.state;
  return {
    id: company.id,
    name: company.name,
    creditCode: company.creditCode,
    state: company.state,
    tag: tag(ctx, 'company_state', companyTones, company.state),
    verified: company.verifiedAt === undefined ? undefined : formatDay(lang, company.verifiedAt),
    recheck: company.recheckAt === undefined ? undefined : formatDay(lang, company.recheckAt),
    href: `/company/${company.id}`,
  };
}

/** Where the step that is left leads, if there is something they can do themselves. */
export function stepHref(
  nextStep: string,
  { id, represents }: { readonly id: string; readonly represents: boolean },
): string | undefined {
  if (
    ['start_verification', 'continue_verification', 'resubmit_steps', 'renew_verification'].includes(nextStep)
  )
    return '/verify';
  if (nextStep === 'renew_company') return represents ? `/company/${id}/renew` : undefined;
  if (nextStep === 'show_company_licence') return represents ? `/company/${id}/class` : undefined;
  return nextStep === 'choose_recruiter_role' ? '/account' : undefined;
}

/** Who does what only those can who speak for the company. */
export const askRepresentatives = (t: Translate, names: readonly string[]): string =>
  names.length === 0
    ? t('company.ask_representatives')
    : t('company.ask_named', { names: names.join(t('company.comma')) });

/** Notices after a redirect; anything else in the address says nothing. */
const news = [
  'requested',
  'asked',
  'joined',
  'left',
  'withdrawn',
  'administers',
  'approved',
  'declined',
  'removed',
  'role',
  'end_date',
  'handed_over',
  'invitation_withdrawn',
  'bound',
  'unbound',
  'sent',
] as const;
export type News = (typeof news)[number];

export const newsOf = (ctx: Context): News | undefined => news.find((one) => one === ctx.query['done']);

export function seeOther(ctx: Context, path: string, done?: News): void {
  ctx.status = 303;
  ctx.redirect(done === undefined ? path : `${path}?done=${done}`);
}

/** What a refusal is on a page: gone, not theirs, or a sentence beside what they wanted. */
export function refuse(reason: string): string {
  if (reason === 'not_found') throw new AppError('not_found');
  if (reason === 'not_allowed') throw new AppError('forbidden');
  return `company.problem.${reason}`;
}

/** The first instant after a day (yyyy-mm-dd) in China; undefined where there is no such day. */
export function endOfDay(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const start = Date.UTC(year, month - 1, day);
  if (Number.isNaN(start) || !sameDay(start, text)) return undefined;
  return start + 16 * 3_600_000;
}

const sameDay = (start: Instant, text: string): boolean =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' }).format(start) === text;
