import type Router from '@koa/router';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { ImageId } from '../../../core/ids.ts';
import {
  imageLimits,
  PROMPTS_ASKED,
  type CaseImage,
  type ImageKind,
  type PictureComplaint,
} from '../../../verification/index.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import {
  enter,
  goOn,
  kindOf,
  pathOfKind,
  redirect,
  renderStep,
  versionOf,
  type VerifyDependencies,
} from './journey.ts';

/** How the camera frames each picture. */
const framing: {
  readonly [kind in ImageKind]: { shape: 'card' | 'passport' | 'face'; facing: 'environment' | 'user' };
} = {
  licence: { shape: 'passport', facing: 'environment' },
  document_front: { shape: 'card', facing: 'environment' },
  document_back: { shape: 'card', facing: 'environment' },
  document_page: { shape: 'passport', facing: 'environment' },
  selfie: { shape: 'face', facing: 'user' },
  hand_held: { shape: 'face', facing: 'user' },
  supporting: { shape: 'card', facing: 'environment' },
};

/** Pictures taken while a prompt was answered, in the order of the prompts. */
const frames = Array.from({ length: PROMPTS_ASKED }, (_, at) => `frame_${at + 1}`);

/** Where else a complaint may lead besides to another picture. */
const elsewhere: {
  readonly [complaint in PictureComplaint]?: { readonly href: string; readonly label: string };
} = {
  wrong_document: { href: '/verify/document', label: 'verify.photo.other_document' },
  prompts_failed: { href: '/verify/route', label: 'verify.photo.other_route' },
  no_face: { href: '/verify/route', label: 'verify.photo.other_route' },
};

const skipForm = z.object({ version: z.string().optional().transform(versionOf) });

/** The only addresses that accept a multipart body. */
export const takesPicture = (path: string): boolean => path.startsWith('/verify/photo/');

/** Pages that take a picture, and the pictures themselves, for their owner only. */
export function picturePages(router: Router<State>, dependencies: VerifyDependencies): void {
  const { verification, uploads } = dependencies;

  router.get('/verify/photo/:kind', (ctx) => show(ctx, kindOf(ctx)));
  router.post('/verify/photo/:kind', async (ctx) => {
    const kind = kindOf(ctx);
    const { accountId } = visitorOf(ctx);
    const upload = await uploads.read(ctx, 'picture', kind === 'selfie' ? frames : []);
    if (!upload.ok) return refuse(ctx, kind, upload.reason);
    const result = await verification.add(accountId, kind, upload.bytes, upload.further);
    if (!result.ok) {
      if (result.reason === 'closed') return answer(ctx, '/verify');
      return refuse(ctx, kind, result.reason);
    }
    if (result.image.complaint) return complain(ctx, kind, result.image.complaint);
    const view = await verification.view(accountId);
    if (!view || wantsJson(ctx)) return answer(ctx, '/verify');
    goOn(ctx, view);
  });
  router.post('/verify/insist/:kind', async (ctx) => {
    const result = await verification.insist(visitorOf(ctx).accountId, kindOf(ctx));
    if (!result.ok) return redirect(ctx, '/verify');
    goOn(ctx, result.view);
  });
  router.post('/verify/skip/supporting', async (ctx) => {
    const form = readForm(ctx, skipForm);
    const version = form.ok ? form.data.version : 0;
    const result = await verification.skipSupporting({ accountId: visitorOf(ctx).accountId, version });
    if (!result.ok) return redirect(ctx, '/verify');
    goOn(ctx, result.view);
  });

  router.get('/verify/images/:id', async (ctx) => {
    const { id } = ctx.params as { id: string };
    const picture = await verification.preview(visitorOf(ctx).accountId, id as ImageId);
    if (!picture) throw new AppError('not_found');
    ctx.set('cache-control', 'no-store');
    ctx.set('content-disposition', 'inline');
    ctx.type = 'image/jpeg';
    ctx.body = picture;
  });

  async function show(ctx: Context, kind: ImageKind, data: object = {}, status = 200): Promise<void> {
    const view = await enter(ctx, dependencies, kind);
    if (!view) return;
    const current = view.images.find((image) => image.kind === kind);
    const page = {
      kind,
      kindPath: pathOfKind(kind),
      framing: framing[kind],
      maxBytes: imageLimits.maxBytes,
      current,
      complaint: complaintAbout(kind, current),
      // New at every visit, so that nobody can prepare the movements.
      prompts: kind === 'selfie' ? await verification.prompts(view.case.accountId) : undefined,
      mayUseFace: kind === 'hand_held',
      // On this route a person compares; the program may help where its separate consent was given.
      compares: kind === 'hand_held' ? view.case.consents.face !== undefined : undefined,
      mayUseHandHeld: kind === 'selfie',
      maySkip: kind === 'supporting',
    };
    renderStep(ctx, 'verify-photo', view, kind, { ...page, ...data }, status);
  }

  /** A picture that came whole but should be taken again: the page shows it with what to do. */
  async function complain(ctx: Context, kind: ImageKind, complaint: PictureComplaint): Promise<void> {
    return wantsJson(ctx)
      ? refuse(ctx, kind, complaint, sentenceOf(kind, complaint))
      : show(ctx, kind, { fresh: true }, 422);
  }

  async function refuse(
    ctx: Context,
    kind: ImageKind,
    reason: string,
    message = `verify.image.${reason}`,
  ): Promise<void> {
    const status = reason === 'busy' ? 503 : reason === 'too_large' ? 413 : 422;
    if (reason === 'busy') ctx.set('retry-after', '10');
    if (wantsJson(ctx)) {
      ctx.status = status;
      ctx.body = { errors: [{ field: 'picture', message: ctx.state.t(message) }] };
      return;
    }
    await show(ctx, kind, { errors: [{ field: 'picture', message }] }, status);
  }
}

/** What is wrong with the current picture, and the way out that suits it. */
function complaintAbout(kind: ImageKind, image: CaseImage | undefined) {
  if (!image?.complaint || image.insisted) return undefined;
  const { complaint } = image;
  // The kind of a licence or of a business card is no choice of the person's.
  const other = kind === 'licence' || kind === 'supporting' ? undefined : elsewhere[complaint];
  return { text: sentenceOf(kind, complaint), other };
}

/** What to say where the usual sentence, about a document and its text, would be wrong. */
const ownSentences: { readonly [kind in ImageKind]?: { readonly [complaint in PictureComplaint]?: string } } =
  {
    licence: { wrong_document: 'not_licence' },
    selfie: { too_dark: 'face_dark', blurred: 'face_blurred' },
    hand_held: { too_dark: 'face_dark', blurred: 'face_blurred' },
  };

function sentenceOf(kind: ImageKind, complaint: PictureComplaint): string {
  return `verify.image.${ownSentences[kind]?.[complaint] ?? complaint}`;
}

const wantsJson = (ctx: Context): boolean => ctx.accepts('html', 'json') === 'json';

/** Where to go on: a redirect for a form, an address for a script. */
function answer(ctx: Context, path: string): void {
  if (!wantsJson(ctx)) return redirect(ctx, path);
  ctx.body = { location: path };
}
