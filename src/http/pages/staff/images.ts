import Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { ImageId } from '../../../core/ids.ts';
import { WorkerError } from '../../../core/worker-pool.ts';
import type { CaseDesk, Watermarker } from '../../../review/index.ts';
import type { State } from '../../context.ts';
import { staffOf, type StaffGate } from '../../staff-session.ts';

/** Pictures of a claimed case: for its holder only, never cached, marked with who looks and when. */
export function staffImagePages(deps: {
  clock: Clock;
  desk: CaseDesk;
  watermarker: Watermarker;
  gate: StaffGate;
}): Router<State> {
  const { clock, desk, watermarker, gate } = deps;
  const router = new Router<State>();

  router.get('/staff/images/:id', gate.admit, async (ctx) => {
    const id = ctx.params['id'] ?? '';
    if (!/^img_[0-9a-z]{26}$/.test(id)) throw new AppError('not_found');
    const { staff } = staffOf(ctx);
    const result = await desk.image(id as ImageId, staff.id);
    if (!result.ok) throw new AppError(result.reason === 'destroyed' ? 'gone' : 'not_found');
    try {
      ctx.body = await watermarker.mark(result.jpeg, staff.login, clock.now());
    } catch (error) {
      if (error instanceof WorkerError) throw new AppError('unavailable', { cause: error, retryAfter: 5 });
      throw error;
    }
    ctx.type = 'image/jpeg';
    ctx.set('cache-control', 'no-store');
    ctx.set('content-disposition', 'inline');
    ctx.set('cross-origin-resource-policy', 'same-origin');
  });

  return router;
}
