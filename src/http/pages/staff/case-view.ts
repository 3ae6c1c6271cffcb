import { companyMachine } from '../../../companies/index.ts';
import type { Clock } from '../../../core/clock.ts';
import type { StaffId } from '../../../core/ids.ts';
import { reasonsFor, revealReasons, type OpenedCase, type RevealReason } from '../../../review/index.ts';
import {
  imageKinds,
  reviewParts,
  type CaseImage,
  type ImageKind,
  type ReviewPart,
} from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { decisionLine, opinionLine, viewLine } from './record-lines.ts';
import { formatAge, shortId } from './console.ts';

type Sources = {
  ctx: Context;
  clock: Clock;
  nameOf: (id: StaffId) => string;
  masked: RevealReason | undefined;
};

const parts: Readonly<Record<ImageKind, ReviewPart>> = {
  licence: 'company',
  document_front: 'document',
  document_back: 'document',
  document_page: 'document',
  selfie: 'holder',
  hand_held: 'holder',
  supporting: 'company',
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
    company: companyRows(opened, ctx),
    person: personRows(opened, ctx, isRevealed, now),
    isRevealed,
    masked,
    opinions: {
      count: opened.opinions.count,
      shown: opened.opinions.shown?.map((opinion) => opinionLine(ctx, opinion, nameOf)),
    },
    findings: found.findings.map(({ code, outcome, detail }) => ({
      label: t(`review.finding.${code}`),
      outcome: t(`review.outcome.${outcome}`),
      detail: detail && detailText(detail, ctx),
      tone: outcome === 'ok' ? 'success' : outcome === 'attention' ? 'warning' : 'neutral',
    })),
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
      approve: reasonOptions(ctx, 'approve'),
      reject: reasonOptions(ctx, 'reject'),
      steps: reviewParts.map((step) => ({
        step,
        label: t(`review.step.${step}`),
        options: reasonOptions(ctx, 'resubmit', step),
      })),
    },
    resubmissionsLeft: evidence.resubmissionsLeft,
    rejectionTakesTwo: opened.opinions.count === 0,
    revealReasons: revealReasons.map((reason) => [reason, t(`review.reveal.${reason}`)]),
  };
}

const detailTexts = [
  'differs',
  'expires_soon',
  'long_term',
  'new',
  'no_check_digit',
  'no_matcher',
  'no_reader',
  'not_compared',
  'older_form',
  'other_route',
  'person_compares',
] as const;

/** A word about a finding in the reader's language; one without a text here is shown as the check gave it. */
function detailText(detail: string, { state: { t } }: Context): string {
  if (Object.hasOwn(companyMachine.states, detail)) return t(`review.company.${detail}`);
  return (detailTexts as readonly string[]).includes(detail) ? t(`review.detail.${detail}`) : detail;
}

function reasonOptions(ctx: Context, decision: 'approve' | 'resubmit' | 'reject', step?: ReviewPart) {
  return reasonsFor(decision, step).map((code) => [code, ctx.state.t(`review.reason.${code}.staff`)]);
}

function companyRows({ evidence }: OpenedCase, ctx: Context) {
  const { t } = ctx.state;
  const typed = evidence.case.answers.company;
  if (!typed) return [];
  const known = evidence.company;
  return [
    { key: t('review.field.company_name'), value: typed.name },
    { key: t('review.field.credit_code'), value: typed.creditCode },
    known && {
      key: t('review.field.company_known'),
      value: `${known.name} · ${t(`review.company.${known.state}`)}`,
    },
  ];
}

function personRows({ evidence }: OpenedCase, ctx: Context, isRevealed: boolean, now: number) {
  const { t } = ctx.state;
  const { person } = evidence.case.answers;
  const { route } = evidence.case;
  if (!person) return [];
  const { document } = person;
  return [
    { key: t('review.field.name'), value: person.name },
    { key: t('review.field.document_type'), value: t(`review.document.${document.type}`) },
    {
      key: t('review.field.document_number'),
      value: isRevealed ? groupNumber(document.number) : maskNumber(document.number),
    },
    isRevealed
      ? { key: t('review.field.birth_date'), value: document.birthDate }
      : { key: t('review.field.years'), value: String(completedYears(document.birthDate, now)) },
    document.sex && { key: t('review.field.sex'), value: t(`review.sex.${document.sex}`) },
    person.issuingState !== undefined && { key: t('review.field.issuing_state'), value: person.issuingState },
    { key: t('review.field.expires_on'), value: document.expiresOn ?? t('review.field.no_expiry') },
    route && { key: t('review.field.route'), value: t(`review.route.${route}`) },
  ];
}

/** `110105********002X`; of short numbers two characters at either end. */
export function maskNumber(number: string): string {
  const [head, tail] = number.length >= 15 ? [6, 4] : [2, 2];
  return number.slice(0, head) + '*'.repeat(Math.max(0, number.length - head - tail)) + number.slice(-tail);
}

/** Eighteen characters as 6-8-4, which is how people compare them. */
function groupNumber(number: string): string {
  return number.length === 18 ? `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}` : number;
}

function completedYears(birthDate: string, now: number): number {
  const today = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Document beside face beside licence: the order in which they are compared. */
const order: readonly ReviewPart[] = ['document', 'holder', 'company'];

function byPart(a: CaseImage, b: CaseImage): number {
  const rank = ({ kind }: CaseImage) =>
    order.indexOf(parts[kind]) * imageKinds.length + imageKinds.indexOf(kind);
  return rank(a) - rank(b);
}
