import type { StaffId } from '../../../core/ids.ts';
import type { Decision, EvidenceView, Opinion } from '../../../review/index.ts';
import type { Context } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { shortId } from './console.ts';

type Names = (id: StaffId) => string;

/** A decision in words; both names where two people decided. */
export function decisionLine(ctx: Context, decision: Decision, nameOf: Names) {
  const { firstStaffId } = decision;
  const { t } = ctx.state;
  return {
    ...recordLine(ctx, decision),
    title: t(`review.decided.${decision.kind}`),
    by: [firstStaffId, decision.staffId].flatMap((id) => (id ? [nameOf(id)] : [])).join(' + '),
  };
}

/** What somebody would decide, and why that was not enough. */
export function opinionLine(ctx: Context, opinion: Opinion, nameOf: Names) {
  const { t } = ctx.state;
  return {
    ...recordLine(ctx, opinion),
    id: opinion.id,
    title: t(`review.decide.${opinion.kind}`),
    cause: t(`review.cause.${opinion.cause}`),
    by: nameOf(opinion.staffId),
  };
}

function recordLine(
  { state: { t, lang } }: Context,
  record: Pick<Decision, 'kind' | 'occurredAt' | 'reasons' | 'message' | 'note'>,
) {
  return {
    kind: record.kind,
    at: formatMoment(lang, record.occurredAt),
    reasons: record.reasons.map(({ reason, step }) => ({
      step: step && t(`review.step.${step}`),
      text: t(`review.reason.${reason}.staff`),
      toPerson: t(`review.reason.${reason}.person`),
    })),
    message: record.message,
    note: record.note,
  };
}

/** One look at evidence, in words. */
export function viewLine(view: EvidenceView, ctx: Context, nameOf: Names) {
  const { t, lang } = ctx.state;
  return {
    what: t(`review.viewed.${view.what}`),
    target: view.what === 'image' && view.target ? shortId(view.target) : undefined,
    by: nameOf(view.staffId),
    at: formatMoment(lang, view.occurredAt),
    reason: view.what === 'number' || view.what === 'masked' ? t(`review.reveal.${view.reason}`) : undefined,
  };
}
