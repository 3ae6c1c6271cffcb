import Router from '@koa/router';
import { z } from 'zod';
import { chinaOffset } from '../../../core/clock.ts';
import { AppError } from '../../../core/errors.ts';
import type { SignalOperations, StreamOverview } from '../../../signals/index.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { consoleFrame } from './console.ts';

/** Deliveries of each stream that are shown. */
const shown = 5;

const day = z
  .string('staff.signals.error.day')
  .regex(/^\d{4}-\d\d-\d\d$/, 'staff.signals.error.day')
  .transform((text) => Date.parse(`${text}T00:00:00Z`) - chinaOffset)
  .refine((at) => Number.isFinite(at), 'staff.signals.error.day');

const changeForm = z.discriminatedUnion(
  'change',
  [z.object({ change: z.enum(['enable', 'disable']) }), z.object({ change: z.literal('replay'), from: day })],
  'staff.signals.error.change',
);

const notices = new Set(['enable', 'disable', 'replay']);

/** The streams over which apps hear what happens: what waits, what went wrong, and what an administrator can do. */
export function staffSignalPages(deps: {
  signals: Pick<SignalOperations, 'list' | 'enable' | 'disable' | 'replay'>;
  gate: StaffGate;
}): Router<State> {
  const { signals, gate } = deps;
  const router = new Router<State>();

  async function renderPage(ctx: Context, extra: Record<string, unknown> = {}, status = 200): Promise<void> {
    const streams = await signals.list(shown);
    const asked = ctx.query['notice'];
    const data = {
      ...consoleFrame(ctx, 'signals'),
      streams: streams.map((one) => toCard(ctx, one)),
      notice: typeof asked === 'string' && notices.has(asked) ? asked : undefined,
      ...extra,
    };
    ctx.state.render('staff-signals', data, status);
  }

  router.get('/staff/signals', gate.admit, (ctx) => renderPage(ctx));

  router.post('/staff/signals/:id', gate.admit, async (ctx) => {
    const id = ctx.params['id'] ?? '';
    const form = readForm(ctx, changeForm);
    if (!form.ok) return renderPage(ctx, { errors: form.errors, values: form.values }, 422);
    const by = staffOf(ctx).staff.id;
    const { data } = form;
    if (data.change === 'replay') {
      const result = await signals.replay(id, { at: data.from }, by);
      if (!result.ok && result.reason === 'disabled') {
        return renderPage(ctx, { errors: [{ field: '', message: 'staff.signals.error.disabled' }] }, 409);
      }
      if (!result.ok) throw new AppError('not_found');
    } else {
      const done =
        data.change === 'enable' ? await signals.enable(id, by) : await signals.disable(id, by, undefined);
      if (!done) throw new AppError('not_found');
    }
    return redirect(ctx, `/staff/signals?notice=${data.change}`);
  });

  return router;
}

const tones = { enabled: 'success', paused: 'warning', disabled: 'danger' } as const;

function toCard(ctx: Context, { stream, pending, oldest, latest }: StreamOverview) {
  const { t, lang } = ctx.state;
  const moment = (at: number | undefined) => (at === undefined ? undefined : formatMoment(lang, at));
  return {
    id: stream.id,
    clientId: stream.clientId,
    method: t(`staff.signals.method_${stream.method}`),
    endpoint: stream.endpointUrl,
    state: t(`staff.signals.state_${stream.state}`),
    tone: tones[stream.state],
    reason: stream.reason,
    isEnabled: stream.state === 'enabled',
    isDisabled: stream.state === 'disabled',
    pending,
    oldest: moment(oldest),
    lastDelivered: moment(stream.lastDeliveredAt),
    lastError: stream.lastError,
    failingSince: moment(stream.failingSince),
    rows: latest.map(({ createdAt, type, state, attempts, error, eventId }) => ({
      at: moment(createdAt),
      type,
      state: t(`staff.signals.delivery_${state}`),
      attempts,
      error: error ?? '–',
      eventId,
    })),
  };
}
