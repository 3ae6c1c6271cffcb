import type { CheckFinding } from '../../../companies/index.ts';
import type { Instant } from '../../../core/clock.ts';
import type { OpenedCheck } from '../../../review/index.ts';
import type { ReadField } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { formatDay, formatMoment } from '../../dates.ts';
import { formatAge, shortId } from './console.ts';
import { maskNumber } from './masking.ts';

const tones = { ok: 'success', attention: 'warning', not_run: 'neutral' } as const;

/** A company check as its page shows it: what is on record, what the picture says, and what to propose. */
export function companyCheckView(ctx: Context, opened: OpenedCheck, now: Instant) {
  const { t, lang } = ctx.state;
  const { check, claim, company, membership, person, picture } = opened;
  const { read, letterUntil, licenceNumber, licenceUntil } = check.details ?? {};
  const said = (field: ReadField) => read?.fields[field]?.value;
  const inForce = (field: string) => opened.details.findLast((one) => one.field === field)?.value;
  const row = (key: string, value: string | undefined) => ({ key: t(`checks.row.${key}`), value });
  return {
    id: check.id,
    short: shortId(check.id),
    kind: check.kind,
    kindName: t(`checks.kind.${check.kind}`),
    version: check.version,
    age: formatAge(t, now - (check.submittedAt ?? now)),
    claimMinutes: Math.max(1, Math.ceil((claim.expiresAt - now) / 60_000)),
    picture: picture && { width: picture.width, height: picture.height },
    comparison: [
      { label: t('checks.row.name'), record: company.name, read: said('companyName') },
      { label: t('checks.row.code'), record: company.creditCode, read: said('creditCode') },
      {
        label: t('checks.row.legal_representative'),
        record: inForce('legal_representative'),
        read: said('legalRepresentative'),
      },
      { label: t('checks.row.type'), record: inForce('type'), read: said('companyType') },
      { label: t('checks.row.expires'), record: undefined, read: said('expiresOn') },
    ],
    about: [
      row('state', t(`checks.company_state.${company.state}`)),
      row('class', t(`checks.class.${company.accountClass}`)),
      row('recheck', company.recheckAt === undefined ? undefined : formatDay(lang, company.recheckAt)),
      row('commercial_licence', inForce('commercial_licence')),
      row('person', person?.claims?.name),
      row('document', person?.claims && maskNumber(person.claims.documentNumber)),
      row('membership', membership && t(`checks.membership_state.${membership.state}`)),
    ],
    findings: check.findings.map((finding) => toFinding(ctx, finding)),
    history: opened.details.map(({ field, value, validFrom, validUntil }) => ({
      field: t(`checks.detail.${field}`),
      value,
      from: formatMoment(lang, validFrom),
      until: validUntil === undefined ? undefined : formatMoment(lang, validUntil),
    })),
    proposed: {
      name: said('companyName') ?? company.name,
      legal_representative: said('legalRepresentative') ?? inForce('legal_representative'),
      until: letterUntil ?? licenceUntil,
      licence_number: licenceNumber,
    },
  };
}

function toFinding({ state: { t } }: Context, { code, outcome, detail }: CheckFinding) {
  return {
    label: t(`checks.finding.${code}`),
    outcome: t(`checks.outcome.${outcome}`),
    tone: tones[outcome],
    detail:
      detail && (code === 'picture' ? t(`verify.image.${detail}`) : t(`checks.finding_detail.${detail}`)),
  };
}
