import type { Instant } from '../core/clock.ts';
import type { VerificationCase } from './case.ts';
import type { KnownCompany } from './company-desk.ts';
import { chinaDay } from './documents/calendar.ts';
import type { Finding } from './findings.ts';
import type { VerificationPolicy } from './policy.ts';

export type Inspected = {
  readonly case: VerificationCase;
  readonly company: KnownCompany | undefined;
  readonly duplicate: boolean;
  readonly now: Instant;
  readonly policy: VerificationPolicy;
};

const checksummed = new Set(['resident_id', 'residence_permit', 'permanent_resident']);

/** What the machine can see of a complete case. Checks that do not exist here say so instead of saying nothing. */
export function inspect(input: Inspected): Finding[] {
  const { person, company } = input.case.answers;
  if (!person || !company) throw new Error('only a complete case is inspected');
  const { document } = person;
  return [
    checksummed.has(document.type)
      ? { code: 'number_checksum', outcome: 'ok' }
      : { code: 'number_checksum', outcome: 'not_run', detail: 'no_check_digit' },
    document.unusualForm
      ? { code: 'number_form', outcome: 'attention', detail: 'older_form' }
      : { code: 'number_form', outcome: 'ok' },
    { code: 'age', outcome: 'ok' },
    expiry(document.expiresOn, input),
    { code: 'duplicate_identity', outcome: input.duplicate ? 'attention' : 'ok' },
    { code: 'credit_code_checksum', outcome: company.checkDigitMatches ? 'ok' : 'attention' },
    { code: 'organisation_code_checksum', outcome: company.organisationCheckMatches ? 'ok' : 'attention' },
    knownCompany(input.company),
    companyName(company.name, input.company),
    { code: 'images_complete', outcome: 'ok' },
    { code: 'document_reading', outcome: 'not_run', detail: 'no_reader' },
    input.case.route === 'face'
      ? { code: 'face_match', outcome: 'not_run', detail: 'no_matcher' }
      : { code: 'face_match', outcome: 'not_run', detail: 'other_route' },
    ...(input.case.route === 'hand_held'
      ? ([{ code: 'hand_held', outcome: 'not_run', detail: 'person_compares' }] as const)
      : []),
  ];
}

function expiry(expiresOn: string | undefined, { now, policy }: Inspected): Finding {
  if (expiresOn === undefined) return { code: 'document_expiry', outcome: 'ok', detail: 'long_term' };
  return expiresOn <= chinaDay(now + policy.expiresSoon)
    ? { code: 'document_expiry', outcome: 'attention', detail: 'expires_soon' }
    : { code: 'document_expiry', outcome: 'ok' };
}

function knownCompany(company: KnownCompany | undefined): Finding {
  const state = company?.state ?? 'unclaimed';
  const outcome = state === 'rejected' || state === 'revoked' ? 'attention' : 'ok';
  return { code: 'company_known', outcome, detail: company ? state : 'new' };
}

function companyName(name: string, company: KnownCompany | undefined): Finding {
  if (company?.state !== 'verified') return { code: 'company_name', outcome: 'ok', detail: 'not_compared' };
  return company.name === name
    ? { code: 'company_name', outcome: 'ok' }
    : { code: 'company_name', outcome: 'attention', detail: 'differs' };
}
