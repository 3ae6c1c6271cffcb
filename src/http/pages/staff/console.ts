import { AppError } from '../../../core/errors.ts';
import type { CaseId, StaffId } from '../../../core/ids.ts';
import { mayStaff, type Staff, type StaffAccounts, type StaffPermission } from '../../../review/index.ts';
import type { Context } from '../../context.ts';
import type { Translate } from '../../locale.ts';
import { staffOf } from '../../staff-session.ts';

/** The parts of the console in the order of its header, and who sees them. */
const sections = [
  { key: 'queue', href: '/staff', label: 'review.nav.queue', needs: 'review' },
  { key: 'checks', href: '/staff/company-checks', label: 'review.nav.company_checks', needs: 'review' },
  { key: 'recruiters', href: '/staff/recruiters', label: 'review.nav.recruiters', needs: 'look_up' },
  { key: 'people', href: '/staff/people', label: 'staff.nav.people', needs: 'manage' },
  { key: 'signals', href: '/staff/signals', label: 'staff.nav.signals', needs: 'manage' },
  { key: 'audit', href: '/staff/audit', label: 'staff.nav.audit', needs: 'audit' },
  { key: 'dashboard', href: '/staff/dashboard', label: 'staff.nav.dashboard', needs: 'figures' },
] as const satisfies readonly { key: string; href: string; label: string; needs: StaffPermission }[];

type Section = (typeof sections)[number]['key'] | 'case';

/** What every page of the console shows around itself. */
export function consoleFrame(ctx: Context, current: Section): Record<string, unknown> {
  const { staff } = staffOf(ctx);
  const { t } = ctx.state;
  const shown = [
    ...sectionsOf(staff),
    { key: 'password', href: '/staff/password', label: 'review.nav.password' },
  ].map(({ key, href, label }) => ({
    key,
    href,
    label: t(label),
  }));
  return { sections: shown, current, staffName: staff.name, staff };
}

/** Where somebody who works on no cases arrives after signing in. */
export function homeOf(staff: Staff): string {
  return sectionsOf(staff)[0]?.href ?? '/staff/password';
}

function sectionsOf({ role }: Staff) {
  return sections.filter(({ needs }) => mayStaff(role, needs));
}

/** Names by id, for pages that say who did something. */
export async function staffNames(accounts: Pick<StaffAccounts, 'list'>): Promise<(id: StaffId) => string> {
  const names = new Map<StaffId, string>((await accounts.list()).map(({ id, name }: Staff) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** The case a route names; an id of another form does not exist. */
export function caseIdOf(ctx: Context & { params: Record<string, string> }): CaseId {
  const id = ctx.params['id'];
  if (!isCaseId(id)) throw new AppError('not_found');
  return id;
}

export function isCaseId(id: unknown): id is CaseId {
  return typeof id === 'string' && /^cas_[0-9a-z]{26}$/.test(id);
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
