import type {
  AccountClasses,
  CheckView,
  CompanyChecks,
  Deposits,
  LetterPrinter,
  PicturedKind,
} from '../../../companies/index.ts';
import type { Clock } from '../../../core/clock.ts';
import type { PersonStore } from '../../../verification/index.ts';
import { placeOf, type CompanyGate } from '../../company-access.ts';
import type { Context } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import { visitorOf } from '../../sign-in.ts';
import type { Uploads } from '../../upload.ts';

export type CompanyCheckParts = {
  readonly uploads: Uploads;
  readonly clock: Clock;
  readonly checks: CompanyChecks;
  readonly deposits: Deposits;
  readonly classes: AccountClasses;
  readonly printer: LetterPrinter;
  readonly persons: Pick<PersonStore, 'find'>;
};

export type CompanyCheckPages = CompanyCheckParts & { readonly gate: CompanyGate };

export type RouteContext = Context & { params: Record<string, string> };

/** The last part of the address → what is handed in there. */
export const kindOfPage = {
  renew: 'licence_renewal',
  letter: 'authorisation_letter',
  class: 'commercial_licence',
} as const satisfies Record<string, PicturedKind>;
export type PicturePage = keyof typeof kindOfPage;

export const picturePagesNames = Object.keys(kindOfPage) as PicturePage[];

/** Who asks, about which company: the gate let them in. */
export function keyOf(ctx: Context) {
  return { companyId: placeOf(ctx).company.id, accountId: visitorOf(ctx).accountId };
}

/** What stands of the check, in words. */
export function standing(ctx: Context, { check }: CheckView) {
  const { t, lang } = ctx.state;
  if (!check || check.state === 'open') return undefined;
  const { state, reason } = check;
  const at = check.decidedAt ?? check.submittedAt;
  const tones = { submitted: 'info', approved: 'success', rejected: 'danger', withdrawn: 'info' } as const;
  return {
    state,
    tone: tones[state],
    title: t(`checks.state.${state}`, { date: at === undefined ? '' : formatDay(lang, at) }),
    reason: reason && t(`checks.reason.${reason}`),
    message: check.details?.message,
  };
}

export function goTo(ctx: Context, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
}
