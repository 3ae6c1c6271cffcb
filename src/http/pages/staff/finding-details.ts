import { companyMachine } from '../../../companies/index.ts';
import { imageKinds } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';

const details = [
  'answers_changed',
  'blink',
  'company_not_seen',
  'crashed',
  'differs',
  'expires_soon',
  'frames_missing',
  'from_file',
  'left',
  'legal_representative',
  'long_term',
  'match',
  'mismatch',
  'name_not_seen',
  'new',
  'no_authority',
  'no_check_digit',
  'no_face',
  'no_record',
  'none',
  'not_compared',
  'not_one_face',
  'not_representative',
  'older_form',
  'person_compares',
  'right',
  'someone_else',
  'timeout',
  'unavailable',
  'unseen',
] as const;

/** Field of a difference → its name on the page; see `documentReading` in verification. */
const fields: Readonly<Record<string, string>> = {
  name: 'name',
  number: 'document_number',
  birthDate: 'birth_date',
  sex: 'sex',
  expiresOn: 'expires_on',
  issuingState: 'issuing_state',
  companyName: 'company_name',
  creditCode: 'credit_code',
};

/** A word about a finding in the reader's language; one without a text here is shown as the check gave it. */
export function findingDetail(detail: string, { state: { t } }: Context): string {
  if ((details as readonly string[]).includes(detail)) return t(`review.detail.${detail}`);
  if (Object.hasOwn(companyMachine.states, detail)) return t(`review.company.${detail}`);
  if ((imageKinds as readonly string[]).includes(detail)) return t(`review.image.${detail}`);
  const [, field = '', kind = ''] = /^([a-zA-Z]+)_(differs|not_read|read_doubtful)$/.exec(detail) ?? [];
  const label = fields[field];
  return label ? `${t(`review.field.${label}`)} · ${t(`review.difference.${kind}`)}` : detail;
}
