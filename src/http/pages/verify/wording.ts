import type { AnswerError, DecisionReason, DocumentType } from '../../../verification/index.ts';
import type { Instant } from '../../../core/clock.ts';
import type { Context } from '../../context.ts';
import { formatDay, formatMoment } from '../../dates.ts';
import type { FieldError } from '../../partials.ts';

/** Field of an answer → name of the control on the page. */
const controls: Readonly<Record<AnswerError['field'], string>> = {
  companyName: 'company_name',
  creditCode: 'credit_code',
  name: 'name',
  number: 'number',
  birthDate: 'birth_date',
  expiresOn: 'expires_on',
  issuingState: 'issuing_state',
};

/** `values` is what stands in the form: a date that is wrong is said as people say dates. */
export function fieldErrors(
  ctx: Context,
  errors: readonly AnswerError[],
  values: Readonly<Record<string, unknown>>,
): FieldError[] {
  // Where the number holds the birth date there is no control for it, and the number's own sentence says it.
  const own = errors.filter(
    ({ field }) => field !== 'birthDate' || 'birth_date' in values || errors.length === 1,
  );
  return own.map(({ field, reason, params }) => {
    const entered = values[controls[field]];
    const day =
      typeof entered === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(entered) ? sayDay(ctx, entered) : '';
    return {
      field: controls[field],
      message: `verify.error.${controls[field]}.${reason}`,
      params: { day, ...params },
    };
  });
}

const residentForms: readonly DocumentType[] = ['resident_id', 'residence_permit', 'permanent_resident'];

/** A document number with its middle hidden: `110105********002X`, `E1*****78`. */
export function maskNumber(type: DocumentType, number: string): string {
  const [head, tail] = residentForms.includes(type) ? [6, 4] : [2, 2];
  return number.slice(0, head) + '*'.repeat(Math.max(0, number.length - head - tail)) + number.slice(-tail);
}

/** A moment as people of this language say it, in China's time. */
export function sayMoment(ctx: Context, at: Instant): string {
  return formatMoment(ctx.state.lang, at);
}

/** A calendar day given as yyyy-mm-dd. */
export function sayDay(ctx: Context, day: string): string {
  return formatDay(ctx.state.lang, Date.parse(`${day}T00:00:00Z`));
}

/** A duration rounded up to what people plan with: seconds, minutes, hours or days. */
export function sayDuration(ctx: Context, ms: number): string {
  const { t } = ctx.state;
  if (ms < 60_000) return t('verify.seconds', { n: Math.max(5, Math.ceil(ms / 5_000) * 5) });
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  if (minutes < 90) return t('verify.minutes', { n: minutes });
  const hours = Math.ceil(minutes / 60);
  return hours < 36 ? t('verify.hours', { n: hours }) : t('verify.days', { n: Math.ceil(hours / 24) });
}

/** Reasons of a decision, each in words for the person, with the part it is about. */
export function sayReasons(ctx: Context, reasons: readonly DecisionReason[]) {
  return reasons.map(({ reason, step }) => ({
    text: ctx.state.t(`review.reason.${reason}.person`),
    part: step && ctx.state.t(`verify.part.${step}`),
  }));
}
