import { z } from 'zod';
import { isReasonFor, type ReviewDecision } from '../../../review/index.ts';
import { reviewParts } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { fieldsOf } from '../../guard.ts';
import type { FieldError } from '../../partials.ts';

const text = z
  .string()
  .transform((value) => value.replaceAll('\r\n', '\n').trim())
  .pipe(z.string().max(2000, 'review.error.text_too_long'))
  .optional()
  .transform((value) => (value === '' ? undefined : value));

const decisionForm = z.object({
  decision: z.enum(['approve', 'resubmit', 'reject'], 'review.error.decision_missing'),
  version: z.coerce.number('review.error.decision_missing').int(),
  message: text,
  note: text,
});

export type ReadDecision =
  { ok: true; decision: Omit<ReviewDecision, 'caseId' | 'staffId'> } | { ok: false; errors: FieldError[] };

/** Reads the decision form. Only what belongs to the chosen decision counts: the rest is hidden from the reviewer. */
export function readDecision(ctx: Context): ReadDecision {
  const body = fieldsOf(ctx);
  const parsed = decisionForm.safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ field: String(path[0]), message }));
    return { ok: false, errors };
  }
  const { decision } = parsed.data;
  const reasons: ReviewDecision['reasons'][number][] = [];
  const errors: FieldError[] = [];
  if (decision === 'resubmit') {
    for (const step of reviewParts) {
      const code = body[`redo_${step}`] ?? '';
      if (code === '') continue;
      if (isReasonFor(code, decision, step)) reasons.push({ reason: code, step });
      else errors.push({ field: `redo_${step}`, message: 'review.error.reason_unknown' });
    }
    if (reasons.length + errors.length === 0) {
      errors.push({ field: `redo_${reviewParts[0]}`, message: 'review.error.steps_missing' });
    }
  } else {
    const field = `${decision}_reason`;
    const code = body[field] ?? '';
    if (isReasonFor(code, decision)) reasons.push({ reason: code });
    else
      errors.push({
        field,
        message: code === '' ? 'review.error.reasons_missing' : 'review.error.reason_unknown',
      });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, decision: { ...parsed.data, reasons } };
}

/** What was typed and chosen, to fill the form again. */
export function typedDecision(ctx: Context): Record<string, string | undefined> {
  if (ctx.method !== 'POST') return {};
  const { _csrf, version: _, ...values } = fieldsOf(ctx);
  return values;
}
