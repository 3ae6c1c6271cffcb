import type Router from '@koa/router';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { ImageId } from '../../../core/ids.ts';
import { imageKinds, imageLimits, type ImageKind } from '../../../verification/index.ts';
import type { Context, State } from '../../context.ts';
import { visitorOf } from '../../sign-in.ts';
import { readForm } from '../../guard.ts';
import { enter, goOn, redirect, renderStep, versionOf, type VerifyDependencies } from './journey.ts';

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
    const upload = await uploads.read(ctx, 'picture');
    if (!upload.ok) return refuse(ctx, kind, upload.reason);
    const result = await verification.add(accountId, kind, upload.bytes);
    if (!result.ok) {
      if (result.reason === 'closed') return answer(ctx, '/verify');
      return refuse(ctx, kind, result.reason);
    }
    const { complaint } = result.image;
    if (complaint) return refuse(ctx, kind, complaint);
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
    const { images } = view;
    renderStep(
      ctx,
      'verify-photo',
      view,
      kind,
      {
        kind,
        framing: framing[kind],
        maxBytes: imageLimits.maxBytes,
        current: images.find((image) => image.kind === kind),
        mayUseFace: kind === 'hand_held',
        mayUseHandHeld: kind === 'selfie',
        maySkip: kind === 'supporting',
        ...data,
      },
      status,
    );
  }

  async function refuse(ctx: Context, kind: ImageKind, reason: string): Promise<void> {
    const status = reason === 'busy' ? 503 : reason === 'too_large' ? 413 : 422;
    const message = `verify.image.${reason}`;
    if (reason === 'busy') ctx.set('retry-after', '10');
    if (wantsJson(ctx)) {
      ctx.status = status;
      ctx.body = { errors: [{ field: 'picture', message: ctx.state.t(message) }] };
      return;
    }
    await show(ctx, kind, { errors: [{ field: 'picture', message }] }, status);
  }
}

function kindOf(ctx: Context): ImageKind {
  const { kind } = ctx['params'] as { kind: string };
  const found = imageKinds.find((one) => one.replaceAll('_', '-') === kind);
  if (!found) throw new AppError('not_found');
  return found;
}

const wantsJson = (ctx: Context): boolean => ctx.accepts('html', 'json') === 'json';

/** Where to go on: a redirect for a form, an address for a script. */
function answer(ctx: Context, path: string): void {
  if (!wantsJson(ctx)) return redirect(ctx, path);
  ctx.body = { location: path };
}
