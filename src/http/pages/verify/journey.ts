import type { AccountId } from '../../../core/ids.ts';
import { AppError } from '../../../core/errors.ts';
import type { OwnHold } from '../../../review/index.ts';
import {
  imageKinds,
  isDone,
  isOpen,
  nextStep,
  pathOf,
  steps,
  type CaseView,
  type ImageKind,
  type StepName,
  type Verification,
} from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import type { FieldError } from '../../partials.ts';
import { visitorOf, type SignIn } from '../../sign-in.ts';
import type { FindPast } from '../company/past.ts';
import type { Uploads } from '../../upload.ts';

/** The app behind an interaction of this very account; undefined when it expired or belongs to somebody else. */
export type FindApp = (uid: string, accountId: AccountId) => Promise<{ readonly name: string } | undefined>;

/** The way back to the app that somebody came from, while it waits for them. */
export type WayBack = { readonly name: string; readonly href: string };

export async function wayBack(
  { origin, accountId }: Pick<CaseView['case'], 'origin' | 'accountId'>,
  findApp: FindApp,
): Promise<WayBack | undefined> {
  const app = origin && (await findApp(origin.interaction, accountId));
  return app && { name: app.name, href: `/interaction/${origin.interaction}/continue` };
}

/** A company that would have no administrator who can let anybody in. */
export type Bereft = {
  readonly id: string;
  readonly name: string;
  /** Whether the person keeps the office, without being verified. */
  readonly stays: boolean;
};

export type VerifyDependencies = {
  readonly signIn: SignIn;
  readonly uploads: Uploads;
  readonly findApp: FindApp;
  /** What the person is told while staff examine something about them. */
  readonly hold: (accountId: AccountId) => Promise<OwnHold | undefined>;
  /** The companies whose last administrator stops with this case. */
  readonly bereftBy: (ended: CaseView['case']) => Promise<readonly Bereft[]>;
  /** The place at a company that they lost last, where they have none any more. */
  readonly findPast: FindPast;
  /** How to reach the operator, for objections; empty where the operator has not said. */
  readonly contact: string;
  readonly verification: Omit<
    Verification<never>,
    'decideCase' | 'loadCaseForReview' | 'imageForReview' | 'revokePerson' | 'resettle'
  >;
};

/** Where each step lives. */
export const stepPaths: { readonly [name in StepName]: string } = {
  company: '/verify/company',
  licence: '/verify/photo/licence',
  image_consent: '/verify/consent/images',
  document_type: '/verify/document',
  person: '/verify/person',
  document_front: '/verify/photo/document-front',
  document_back: '/verify/photo/document-back',
  document_page: '/verify/photo/document-page',
  supporting: '/verify/photo/supporting',
  route: '/verify/route',
  face_consent: '/verify/consent/face',
  selfie: '/verify/photo/selfie',
  hand_held: '/verify/photo/hand-held',
  check: '/verify/check',
};

/** The stages shown above the pages, and the steps each stands for. */
const stages = {
  company: ['licence', 'company'],
  document: [
    'image_consent',
    'document_type',
    'document_front',
    'document_back',
    'document_page',
    'person',
    'supporting',
  ],
  holder: ['route', 'face_consent', 'selfie', 'hand_held'],
  check: ['check'],
} as const satisfies Record<string, readonly StepName[]>;

/**
 * The case for a step's page; when the step is not open now, the answer already leads to where the person should be
 * and undefined is returned.
 */
export async function enter(
  ctx: Context,
  { verification }: VerifyDependencies,
  step: StepName,
): Promise<CaseView | undefined> {
  const view = await verification.view(visitorOf(ctx).accountId);
  if (view && isOpen(view, step)) return view;
  redirect(ctx, '/verify');
  return undefined;
}

/** Where the person goes now: the next step, or the status of what is not theirs to do. */
export function whereTo(view: CaseView): string {
  const next = nextStep(view);
  return next === undefined ? '/verify/status' : stepPaths[next];
}

/** After a step: on to the next, or back to the check when that is where the person came from. */
export function goOn(ctx: Context, view: CaseView): void {
  redirect(ctx, whereTo(view));
}

export function redirect(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

/** Renders a step's page with the stages above it, the way back, and the version its form has to carry. */
export function renderStep(
  ctx: Context,
  page: string,
  view: CaseView,
  step: StepName,
  data: Readonly<Record<string, unknown>> = {},
  status = 200,
): void {
  const path = pathOf(view);
  const before = path[path.indexOf(step) - 1];
  const { t } = ctx.state;
  ctx.state.render(
    page,
    {
      ...data,
      stages: stagesOf(view, step).map(({ name, state }) => ({ label: t(`verify.stage.${name}`), state })),
      back: before ? stepPaths[before] : '/verify/about',
      version: view.case.version,
      askedAgain: view.case.state === 'resubmission' ? reasonsFor(ctx, view, step) : [],
      message: view.case.state === 'resubmission' ? view.case.decision?.message : undefined,
    },
    status,
  );
}

/** "Changed in another tab": the form stays as it was typed and carries the newest version. */
export const staleError: FieldError = { field: '', message: 'verify.error.stale' };

/** How a kind of picture is written in an address. */
export const pathOfKind = (kind: ImageKind): string => kind.replaceAll('_', '-');

/** The kind of picture that an address names; anything else is not found. */
export function kindOf(ctx: Context): ImageKind {
  const { kind } = ctx['params'] as { kind: string };
  const found = imageKinds.find((one) => pathOfKind(one) === kind);
  if (!found) throw new AppError('not_found');
  return found;
}

/** The version a form was shown with; 0 never matches. */
export function versionOf(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0;
}

function stagesOf(view: CaseView, current: StepName) {
  const path = pathOf(view);
  const inScope = (members: readonly StepName[]) =>
    members.includes('check') || members.some((step) => steps[step].applies(view));
  return Object.entries(stages)
    .filter(([, members]) => inScope(members))
    .map(([name, members]) => {
      const own = path.filter((step) => (members as readonly StepName[]).includes(step));
      const here = (members as readonly StepName[]).includes(current);
      const done = own.length > 0 ? own.every((step) => isDone(view, step)) : name !== 'check';
      return { name, state: here ? 'current' : done ? 'done' : 'todo' };
    });
}

/** Why the part this step belongs to was asked for again, in the reviewer's words. */
function reasonsFor(ctx: Context, view: CaseView, step: StepName): string[] {
  const { part } = steps[step];
  const reasons = view.case.decision?.reasons ?? [];
  return reasons
    .filter((one) => one.step === part)
    .map(({ reason }) => ctx.state.t(`review.reason.${reason}.person`));
}
