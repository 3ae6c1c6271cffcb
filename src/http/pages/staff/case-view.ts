import type { Clock } from '../../../core/clock.ts';
import type { StaffId } from '../../../core/ids.ts';
import {
  isReasonAbout,
  reasonsFor,
  revealReasons,
  type OpenedCase,
  type RevealReason,
} from '../../../review/index.ts';
import {
  ageOn,
  chinaDay,
  imageKinds,
  imageParts,
  partsOf,
  isAboutPerson,
  type CaseImage,
  type CaseScope,
  type Finding,
  type ReviewPart,
} from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { comparison, faces, measuredText } from './comparison.ts';
import { findingDetail } from './finding-details.ts';
import { decisionLine, opinionLine, viewLine } from './record-lines.ts';
import { formatAge, shortId } from './console.ts';

type Sources = {
  ctx: Context;
  clock: Clock;
  nameOf: (id: StaffId) => string;
  masked: RevealReason | undefined;
};

/** Everything the template of a claimed case shows; the document number is masked unless it was asked for. */
export function caseView(
  opened: OpenedCase,
  { ctx, clock, nameOf, masked }: Sources,
): Record<string, unknown> {
  const { t } = ctx.state;
  const { evidence, claim } = opened;
  const { case: found } = evidence;
  const now = clock.now();
  const isRevealed = masked !== undefined;
  return {
    caseId: found.id,
    short: shortId(found.id),
    accountId: found.accountId,
    version: found.version,
    round: found.round,
    age: formatAge(t, now - (found.submittedAt ?? found.createdAt)),
    claimMinutes: Math.max(1, Math.ceil((claim.expiresAt - now) / 60_000)),
    about: aboutRows(opened, ctx, now),
    comparison: comparison(opened, ctx, isRevealed),
    faces: faces(opened, ctx),
    appeal: found.appeal,
    isRevealed,
    masked,
    opinions: {
      count: opened.opinions.count,
      shown: opened.opinions.shown?.map((opinion) => opinionLine(ctx, opinion, nameOf)),
    },
    findings: found.findings.map((finding) => findingLine(finding, opened, ctx)),
    verdict: found.verdict && t(`review.verdict.${found.verdict.verdict}`),
    duplicates: evidence.duplicates,
    images: [...evidence.images].sort(byPart).map((image) => ({
      id: image.id,
      label: t(`review.image.${image.kind}`),
      width: image.width,
      height: image.height,
    })),
    earlier: opened.decisions.map((decision) => decisionLine(ctx, decision, nameOf)),
    views: opened.views.map((view) => viewLine(view, ctx, nameOf)),
    reasons: {
      approve: reasonOptions(ctx, 'approve', found.scope),
      reject: reasonOptions(ctx, 'reject', found.scope),
      steps: partsOf(found.scope).map((step) => ({
        step,
        label: t(`review.step.${step}`),
        options: reasonOptions(ctx, 'resubmit', found.scope, step),
      })),
    },
    resubmissionsLeft: evidence.resubmissionsLeft,
    rejectionTakesTwo: opened.opinions.count === 0,
    revealReasons: revealReasons.map((reason) => [reason, t(`review.reveal.${reason}`)]),
  };
}

const tones = { ok: 'success', attention: 'warning', again: 'warning', no: 'danger' } as const;

/** What a check saw, and what the policy makes of it. */
function findingLine(finding: Finding, { evidence }: OpenedCase, ctx: Context) {
  const { code, outcome, detail, value, source } = finding;
  const { t } = ctx.state;
  const meaning = evidence.meanings[code];
  return {
    label: t(`review.finding.${code}`),
    outcome: t(outcome === 'measured' && meaning ? `review.meaning.${meaning}` : `review.outcome.${outcome}`),
    detail: detail && findingDetail(detail, ctx),
    measured: value === undefined ? undefined : measuredText(evidence, code, value, t),
    source,
    tone: outcome === 'not_run' || !meaning ? 'neutral' : tones[meaning],
  };
}

function reasonOptions(
  ctx: Context,
  decision: 'approve' | 'resubmit' | 'reject',
  scope: CaseScope,
  step?: ReviewPart,
) {
  return reasonsFor(decision, step)
    .filter((code) => isReasonAbout(code, scope))
    .map((code) => [code, ctx.state.t(`review.reason.${code}.staff`)]);
}

/** What is not compared with a picture. */
function aboutRows({ evidence }: OpenedCase, { state: { t } }: Context, now: number) {
  const { route, answers, scope } = evidence.case;
  const known = evidence.company;
  const { person } = answers;
  return [
    { key: t('review.field.scope'), value: t(`review.scope.${scope}`) },
    !isAboutPerson({ scope }) && {
      key: t('review.field.verified_person'),
      value: evidence.actor?.claims?.name ?? t('review.field.verified_none'),
    },
    person && {
      key: t('review.field.document_type'),
      value: t(`review.document.${person.document.type}`),
    },
    person && {
      key: t('review.field.years'),
      value: String(ageOn(chinaDay(now), person.document.birthDate)),
    },
    route && isAboutPerson({ scope }) && { key: t('review.field.route'), value: t(`review.route.${route}`) },
    registered(evidence.registry, t),
    known && {
      key: t('review.field.company_known'),
      value: `${known.name} · ${t(`review.company.${known.state}`)}`,
    },
  ].filter((row) => row !== undefined && row !== false);
}

/** What the registry told of the company; nothing where it told nothing. */
function registered(check: OpenedCase['evidence']['registry'], t: Context['state']['t']) {
  if (!check) return undefined;
  const { name, status, type, validUntil } = check.registered;
  const told = [name, status && t(`review.operating.${status}`), type, validUntil].filter(Boolean);
  return told.length > 0 ? { key: t('review.field.registered'), value: told.join(' · ') } : undefined;
}

/** Document beside face beside licence: the order in which they are compared. */
const order: readonly ReviewPart[] = ['document', 'holder', 'company'];

function byPart(a: CaseImage, b: CaseImage): number {
  const rank = ({ kind }: CaseImage) =>
    order.indexOf(imageParts[kind]) * imageKinds.length + imageKinds.indexOf(kind);
  return rank(a) - rank(b);
}
