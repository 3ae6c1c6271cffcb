import { Readable } from 'node:stream';
import Router from '@koa/router';
import { z } from 'zod';
import { auditActions, exportLines, type AuditLog, type AuditRecord } from '../../../audit/index.ts';
import { chinaOffset, days } from '../../../core/clock.ts';
import type { StaffId } from '../../../core/ids.ts';
import type { StaffAccounts } from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import { staffOf, type StaffGate } from '../../staff-session.ts';
import { consoleFrame, staffNames } from './console.ts';

const shown = 50;

/** The first moment of a day in China. */
const day = z
  .string('staff.audit.error.day')
  .regex(/^\d{4}-\d\d-\d\d$/, 'staff.audit.error.day')
  .transform((text) => Date.parse(`${text}T00:00:00Z`) - chinaOffset)
  .refine((at) => Number.isFinite(at), 'staff.audit.error.day');

const exportForm = z.object({ from: day, to: day });

/** The audit log for those who watch: the newest records first, and a signed export of a period. */
export function staffAuditPages(deps: {
  audit: AuditLog;
  accounts: StaffAccounts;
  gate: StaffGate;
}): Router<State> {
  const { audit, accounts, gate } = deps;
  const router = new Router<State>();

  async function renderPage(ctx: Context, extra: Record<string, unknown> = {}, status = 200): Promise<void> {
    const asked = Number(ctx.query['before']);
    const before = Number.isSafeInteger(asked) && asked > 0 ? asked : undefined;
    const records = await audit.newest({ before, limit: shown + 1 });
    const nameOf = await staffNames(accounts);
    const rows = records.slice(0, shown).map((record) => toRow(ctx, record, nameOf));
    const older = records.length > shown ? records[shown - 1]?.sequence : undefined;
    const data = { ...consoleFrame(ctx, 'audit'), rows, older, isFirst: before === undefined, ...extra };
    ctx.state.render('staff-audit', data, status);
  }

  router.get('/staff/audit', gate.admit, (ctx) => renderPage(ctx));

  router.post('/staff/audit/export', gate.admit, async (ctx) => {
    const form = readForm(ctx, exportForm);
    if (!form.ok) return renderPage(ctx, { errors: form.errors, values: form.values }, 422);
    const period = { from: form.data.from, to: form.data.to + days(1) };
    const details = {
      from: new Date(period.from).toISOString(),
      to: new Date(period.to).toISOString(),
    };
    const { id } = staffOf(ctx).staff;
    await audit.append({ actor: id, action: 'audit.exported', target: undefined, details });
    const { from, to } = form.values;
    ctx.attachment(`audit-${from}-${to}.jsonl`);
    ctx.type = 'application/jsonl';
    ctx.body = Readable.from(exportLines(audit, period));
  });

  return router;
}

function toRow(ctx: Context, record: AuditRecord, nameOf: (id: StaffId) => string) {
  const { t, lang } = ctx.state;
  const { sequence, actor, action, target, details, occurredAt } = record;
  const name = (id: string) => (id.startsWith('stf_') ? nameOf(id as StaffId) : id);
  return {
    sequence,
    at: formatMoment(lang, occurredAt),
    actor: actor === 'cli' || actor === 'system' ? t(`staff.audit.actor_${actor}`) : name(actor),
    // A record outlives the version of the program that wrote it.
    action: Object.hasOwn(auditActions, action) ? t(`staff.action.${action}`) : action,
    target: target === null ? '–' : name(target),
    details: Object.entries(details)
      .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' · '),
  };
}
