import { days, type Instant } from '../core/clock.ts';
import type { LicenceDetails } from './company-desk.ts';
import type { Finding } from './findings.ts';
import type { FieldReading, PictureReading } from './reading/index.ts';

/** Whether the licence names the person as the company's legal representative. */
export function actsByLaw(findings: readonly Finding[]): boolean {
  return findings.some(({ code, outcome }) => code === 'membership_evidence' && outcome === 'ok');
}

/** What the licence says for the company's record: only what was read without a doubt. */
export function licenceRecord({ legalRepresentative, companyType, expiresOn }: PictureReading['fields']): {
  details: LicenceDetails;
  licenceEnds: Instant | undefined;
} {
  const sure = (field: FieldReading | undefined) => (field && !field.doubt ? field.value : undefined);
  const [representative, type, ends] = [sure(legalRepresentative), sure(companyType), sure(expiresOn)];
  return {
    details: {
      ...(representative === undefined ? {} : { legal_representative: representative }),
      ...(type === undefined ? {} : { type }),
    },
    licenceEnds: ends === undefined || ends === 'long_term' ? undefined : endOf(ends),
  };
}

/** The first instant after the last day of validity, in China. */
export function endOf(day: string | undefined): Instant | undefined {
  return day === undefined ? undefined : Date.parse(`${day}T00:00:00+08:00`) + days(1);
}
