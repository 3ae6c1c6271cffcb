import { z } from 'zod';
import type { OpinionId } from '../../../core/ids.ts';
import {
  isReasonFor,
  revealReasons,
  type RevealReason,
  type ReviewAgreement,
  type ReviewDecision,
  type Shown,
} from '../../../review/index.ts';
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

const agreement = /^agree:(opn_[0-9a-z]{26})$/;

const decisionForm = z.object({
  decision: z
    .string('review.error.decision_missing')
    .pipe(
      z.union(
        [z.enum(['approve', 'resubmit', 'reject']), z.string().regex(agreement)],
        'review.error.decision_missing',
      ),
    ),
  version: z.coerce.number('review.error.decision_missing').int(),
  message: text,
  note: text,
});

type OfCase = 'caseId' | 'staffId';

/** What the reviewer wants, or the opinion they agree with. */
export type ReadDecision =
  | { readonly ok: true; readonly decision: Omit<ReviewDecision, OfCase> }
  | { readonly ok: true; readonly agreement: Omit<ReviewAgreement, OfCase> }
  | { readonly ok: false; readonly errors: FieldError[] };

/** Reads the decision form. Only what belongs to the chosen decision counts: the rest is hidden from the reviewer. */
export function readDecision(ctx: Context): ReadDecision {
  const body = fieldsOf(ctx);
  const parsed = decisionForm.safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ field: String(path[0]), message }));
    return { ok: false, errors };
  }
  const { decision, version, note, message } = parsed.data;
  const agreesWith = agreement.exec(decision)?.[1] as OpinionId | undefined;
  if (agreesWith) return { ok: true, agreement: { version, note, agreesWith } };
  const kind = decision as ReviewDecision['decision'];
  const { reasons, errors } = kind === 'resubmit' ? readSteps(body) : readReason(body, kind);
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, decision: { decision: kind, version, note, message, reasons } };
}

type Body = Record<string, string | undefined>;
type ReadReasons = { reasons: ReviewDecision['reasons'][number][]; errors: FieldError[] };

function readSteps(body: Body): ReadReasons {
  const read: ReadReasons = { reasons: [], errors: [] };
  for (const step of reviewParts) {
    const code = body[`redo_${step}`] ?? '';
    if (code === '') continue;
    if (isReasonFor(code, 'resubmit', step)) read.reasons.push({ reason: code, step });
    else read.errors.push({ field: `redo_${step}`, message: 'review.error.reason_unknown' });
  }
  if (read.reasons.length + read.errors.length === 0) {
    read.errors.push({ field: `redo_${reviewParts[0]}`, message: 'review.error.steps_missing' });
  }
  return read;
}

function readReason(body: Body, decision: 'approve' | 'reject'): ReadReasons {
  const field = `${decision}_reason`;
  const code = body[field] ?? '';
  if (isReasonFor(code, decision)) return { reasons: [{ reason: code }], errors: [] };
  const message = code === '' ? 'review.error.reasons_missing' : 'review.error.reason_unknown';
  return { reasons: [], errors: [{ field, message }] };
}

/** What was typed and chosen, to fill the form again. */
export function typedDecision(ctx: Context): Record<string, string | undefined> {
  if (ctx.method !== 'POST') return {};
  const { _csrf, version: _, ...values } = fieldsOf(ctx);
  return values;
}

/** What the page showed besides the case when this form was sent from it, so that it shows the same again. */
export function shownBefore(ctx: Context): Shown {
  if (ctx.method !== 'POST') return {};
  const { with_masked: masked, with_opinions: opinions } = fieldsOf(ctx);
  return { masked: isRevealReason(masked) ? masked : undefined, opinions: opinions === 'yes' };
}

export function isRevealReason(reason: string | undefined): reason is RevealReason {
  return (revealReasons as readonly (string | undefined)[]).includes(reason);
}
