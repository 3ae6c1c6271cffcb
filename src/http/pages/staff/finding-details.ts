import { companyMachine } from '../../../companies/index.ts';
import { imageKinds } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';

const details = [
  'answers_changed',
  'blink',
  'blurred',
  'busy',
  'check_digit',
  'company_not_seen',
  'company_taken',
  'confirmed_by_registry',
  'crashed',
  'cut_off',
  'differs',
  'expires_soon',
  'eyes_not_closed',
  'eyes_not_open',
  'face_too_small',
  'followed',
  'from_file',
  'front',
  'glare',
  'left',
  'legal_representative',
  'long_term',
  'malformed',
  'match',
  'mismatch',
  'mismatch_code',
  'mismatch_legal_representative',
  'mismatch_name',
  'name_not_seen',
  'new',
  'no_authority',
  'no_card_face',
  'no_check_digit',
  'no_consent',
  'no_document',
  'no_face',
  'no_frame',
  'no_portrait',
  'no_prompts',
  'no_record',
  'none',
  'not_agreed',
  'not_compared',
  'not_frontal',
  'not_operating',
  'not_representative',
  'not_turned',
  'older_form',
  'other_person',
  'other_route',
  'outage',
  'person_compares',
  'person_not_verified',
  'photocopy',
  'prompts_failed',
  'registered_representative',
  'right',
  'same_picture',
  'screen',
  'several_faces',
  'timeout',
  'too_dark',
  'too_far',
  'turned_away',
  'unavailable',
  'unseen',
  'wrong_document',
  'wrong_side',
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
export function findingDetail(detail: string, ctx: Context): string {
  const { t } = ctx.state;
  if ((details as readonly string[]).includes(detail)) return t(`review.detail.${detail}`);
  if (Object.hasOwn(companyMachine.states, detail)) return t(`review.company.${detail}`);
  if ((imageKinds as readonly string[]).includes(detail)) return t(`review.image.${detail}`);
  const [, code = '', prompt = ''] = /^(\w+):(front|left|right|blink)$/.exec(detail) ?? [];
  if (prompt !== '') return `${findingDetail(code, ctx)} · ${t(`review.detail.${prompt}`)}`;
  const [, field = '', kind = ''] = /^([a-zA-Z]+)_(differs|not_read|read_doubtful)$/.exec(detail) ?? [];
  const label = fields[field];
  return label ? `${t(`review.field.${label}`)} · ${t(`review.difference.${kind}`)}` : detail;
}
