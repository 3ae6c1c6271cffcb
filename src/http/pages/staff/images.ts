import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { ImageId } from '../../../core/ids.ts';
import { WorkerError } from '../../../core/worker-pool.ts';
import { isPicturePart, type CaseDesk, type Watermarker } from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { staffOf, type StaffGate } from '../../staff-session.ts';

type Picture = Awaited<ReturnType<CaseDesk['part'] | CaseDesk['image']>>;

/** Pictures of a claimed case and parts of them: for its holder only, never cached, marked with who looks and when. */
export function staffImagePages(deps: {
  clock: Clock;
  desk: CaseDesk;
  watermarker: Watermarker;
  gate: StaffGate;
}): Router<State> {
  const { desk, gate } = deps;
  const sendMarked = createMarkedSender(deps);
  const router = new Router<State>();

  async function send(ctx: Context, picture: Picture): Promise<void> {
    if (!picture.ok) throw new AppError(refusals[picture.reason] ?? 'not_found');
    await sendMarked(ctx, picture.jpeg);
  }

  router.get('/staff/images/:id', gate.admit, async (ctx) => {
    await send(ctx, await desk.image(imageIdOf(ctx), staffOf(ctx).staff.id));
  });

  router.get('/staff/images/:id/parts/:part', gate.admit, async (ctx) => {
    const part = ctx.params['part'] ?? '';
    if (!isPicturePart(part)) throw new AppError('not_found');
    await send(ctx, await desk.part(imageIdOf(ctx), part, staffOf(ctx).staff.id));
  });

  return router;
}

/** Answers with a picture that is marked with who looks at it and when, and that nobody keeps. */
export function createMarkedSender({ clock, watermarker }: { clock: Clock; watermarker: Watermarker }) {
  return async (ctx: Context, jpeg: Buffer): Promise<void> => {
    try {
      ctx.body = await watermarker.mark(jpeg, staffOf(ctx).staff.login, clock.now());
    } catch (error) {
      if (error instanceof WorkerError) throw new AppError('unavailable', { cause: error, retryAfter: 5 });
      throw error;
    }
    ctx.type = 'image/jpeg';
    ctx.set('cache-control', 'no-store');
    ctx.set('content-disposition', 'inline');
    ctx.set('cross-origin-resource-policy', 'same-origin');
  };
}

/** Reason → what the browser is told; everything else does not exist for who asks. */
const refusals: Readonly<Record<string, 'gone' | 'forbidden'>> = { destroyed: 'gone', masked: 'forbidden' };

function imageIdOf(ctx: Context & { params: Record<string, string> }): ImageId {
  const id = ctx.params['id'] ?? '';
  if (!/^img_[0-9a-z]{26}$/.test(id)) throw new AppError('not_found');
  return id as ImageId;
}
