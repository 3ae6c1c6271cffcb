import { AppError } from '../../../core/errors.ts';
import type { CaseId, StaffId } from '../../../core/ids.ts';
import { mayStaff, type Staff, type StaffAccounts } from '../../../review/index.ts';
import type { Context } from '../../context.ts';
import type { Translate } from '../../locale.ts';
import { staffOf } from '../../staff-session.ts';

/** What every page of the console shows around itself. */
export function consoleFrame(
  ctx: Context,
  current: 'queue' | 'recruiters' | 'case',
): Record<string, unknown> {
  const { staff } = staffOf(ctx);
  const { t } = ctx.state;
  const sections = [
    ...(mayStaff(staff.role, 'review')
      ? [{ key: 'queue', href: '/staff', label: t('review.nav.queue') }]
      : []),
    ...(mayStaff(staff.role, 'revoke')
      ? [{ key: 'recruiters', href: '/staff/recruiters', label: t('review.nav.recruiters') }]
      : []),
    { key: 'password', href: '/staff/password', label: t('review.nav.password') },
  ];
  return { sections, current, staffName: staff.name, staff };
}

/** Names by id, for pages that say who did something. */
export async function staffNames(accounts: Pick<StaffAccounts, 'list'>): Promise<(id: StaffId) => string> {
  const names = new Map<StaffId, string>((await accounts.list()).map(({ id, name }: Staff) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** The case a route names; an id of another form does not exist. */
export function caseIdOf(ctx: Context & { params: Record<string, string> }): CaseId {
  const id = ctx.params['id'] ?? '';
  if (!/^cas_[0-9a-z]{26}$/.test(id)) throw new AppError('not_found');
  return id as CaseId;
}

/** "3 h 12 min", "2 d 4 h": two units at most. */
export function formatAge(t: Translate, ms: number): string {
  const total = Math.max(0, Math.floor(ms / 60_000));
  const [days, hours, minutes] = [Math.floor(total / 1440), Math.floor((total % 1440) / 60), total % 60];
  if (days > 0) return t('review.age.days', { days, hours });
  if (hours > 0) return t('review.age.hours', { hours, minutes });
  return t('review.age.minutes', { minutes });
}

/** The last characters of an id: enough to tell two cases apart when speaking. */
export function shortId(id: string): string {
  return id.slice(-6).toUpperCase();
}
