import {
  chinaDay,
  compareWithRead,
  readCreditCode,
  type FieldReading,
  type PictureComplaint,
  type PictureReading,
  type RegistryAnswer,
} from '../verification/index.ts';
import type { Instant } from '../core/clock.ts';
import type { CheckFinding } from './company-check.ts';
import type { Company } from './company.ts';

type Inspected = {
  readonly company: Pick<Company, 'name' | 'creditCode'>;
  /** The legal representative on record, where one is. */
  readonly legalRepresentative: string | undefined;
  readonly read: PictureReading | undefined;
  readonly complaint: PictureComplaint | undefined;
  /** What the registry said; undefined where none is configured. */
  readonly registry: RegistryAnswer['outcome'] | undefined;
  readonly now: Instant;
};

/** What a licence that is handed in again says of the company as it is on record. */
export function licenceFindings(inspected: Inspected): CheckFinding[] {
  const { read, complaint } = inspected;
  const picture: CheckFinding = complaint
    ? { code: 'picture', outcome: 'attention', detail: complaint }
    : { code: 'picture', outcome: 'ok' };
  if (read?.shows !== 'licence') {
    return [picture, { code: 'reading', outcome: read ? 'attention' : 'not_run' }];
  }
  return [
    picture,
    { code: 'reading', outcome: 'ok' },
    ...agreement(inspected, read),
    ...rest(inspected, read),
    ...registered(inspected.registry),
  ];
}

/** Whether the machine may renew by these findings: everything was read, without doubt, and agrees. */
export function isSettled(findings: readonly CheckFinding[]): boolean {
  return findings.length > 2 && findings.every(({ outcome }) => outcome === 'ok');
}

function agreement({ company: { name, creditCode } }: Inspected, read: PictureReading): CheckFinding[] {
  const code = readCreditCode(creditCode);
  const company = {
    name,
    creditCode,
    checkDigitMatches: code.ok && code.checkDigitMatches,
    organisationCheckMatches: code.ok && code.organisationCheckMatches,
  };
  const differences = compareWithRead({ company }, { licence: read });
  const of = (field: 'creditCode' | 'companyName', finding: CheckFinding['code']): CheckFinding => {
    const difference = differences.find((one) => one.field === field);
    if (difference) return { code: finding, outcome: 'attention', detail: difference.kind };
    return { code: finding, ...sure(read.fields[field]) };
  };
  return [of('creditCode', 'credit_code'), of('companyName', 'company_name')];
}

function rest({ legalRepresentative, now }: Inspected, { fields }: PictureReading): CheckFinding[] {
  const named = fields.legalRepresentative;
  const same = legalRepresentative === undefined || named?.value === legalRepresentative;
  const representative = !named ? ({ outcome: 'attention', detail: 'not_read' } as const) : sure(named);
  const { expiresOn } = fields;
  const past = expiresOn && expiresOn.value !== 'long_term' && expiresOn.value < chinaDay(now);
  return [
    {
      code: 'legal_representative',
      ...(named && !named.doubt && !same ? { outcome: 'attention', detail: 'differs' } : representative),
    },
    {
      code: 'validity',
      // Most licences name no end at all.
      ...(past
        ? { outcome: 'attention', detail: 'expired' }
        : expiresOn
          ? sure(expiresOn)
          : { outcome: 'ok' }),
    },
  ];
}

/** A registry that could not be asked confirms nothing, so that a person looks. */
function registered(outcome: Inspected['registry']): CheckFinding[] {
  if (outcome === undefined) return [];
  return [
    outcome === 'match'
      ? { code: 'registry', outcome: 'ok' }
      : { code: 'registry', outcome: 'attention', detail: outcome },
  ];
}

function sure(field: FieldReading | undefined): Pick<CheckFinding, 'outcome' | 'detail'> {
  if (!field) return { outcome: 'attention', detail: 'not_read' };
  return field.doubt ? { outcome: 'attention', detail: 'read_doubtful' } : { outcome: 'ok' };
}
