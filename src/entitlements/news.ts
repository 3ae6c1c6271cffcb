import type { AppEvent } from '../events/index.ts';
import { actingFor } from './acting.ts';
import type { StoredStatus } from './store.ts';

type News = Extract<AppEvent, { type: 'recruiter.status_changed' }>['payload'];

/**
 * What changed between two derivations: the status of the account and, for whom acts for one of several companies, that of
 * each. Undefined when nothing did. Candidates who never tried to recruit are not news.
 */
export function newsOf(before: StoredStatus | undefined, now: StoredStatus): News | undefined {
  if (!before && now.status === 'ineligible' && now.companies.length === 0) return undefined;
  const overall = difference(before, now);
  const known = new Set([...(before?.companies ?? []), ...now.companies].map((one) => one.companyId));
  const companies = [...known].flatMap((companyId) => {
    const earlier = before?.companies.some((one) => one.companyId === companyId)
      ? actingFor(before, companyId)
      : undefined;
    const { changed, ...change } = difference(earlier, actingFor(now, companyId));
    return changed ? [{ companyId, ...change }] : [];
  });
  if (!overall.changed && companies.length === 0) return undefined;
  const { changed, ...change } = overall;
  return { ...change, overall: changed, companies };
}

type Seen = Pick<StoredStatus, 'status' | 'reasons'>;

function difference(before: Seen | undefined, { status: to, reasons }: Seen) {
  const from = before?.status ?? 'none';
  const changed = from !== to || before?.reasons.join() !== reasons.join();
  return { from, to, reasons: [...reasons], changed };
}
