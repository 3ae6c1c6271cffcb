import Router from '@koa/router';
import { toString as toQrCode } from 'qrcode';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import {
  staffRoleNames,
  type Enrolment,
  type Staff,
  type StaffAccounts,
  type StaffRole,
} from '../../../review/index.ts';
import type { Context, State } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import { redirect, staffOf, type StaffGate } from '../../staff-session.ts';
import { consoleFrame } from './console.ts';

const role = z.enum(staffRoleNames as [StaffRole, ...StaffRole[]], 'staff.people.error.role_missing');

const addForm = z.object({
  login: z.string('staff.people.error.login_malformed').trim().toLowerCase(),
  name: z.string('staff.people.error.name_malformed').trim(),
  role,
});

const changeForm = z.discriminatedUnion(
  'change',
  [
    z.object({ change: z.literal('role'), role }),
    z.object({ change: z.enum(['disable', 'enable', 'end_sessions', 'reset']) }),
  ],
  'staff.people.error.change_missing',
);

const notices = new Set(['role', 'disable', 'enable', 'end_sessions']);

/** Accounts of staff, for administrators. Credentials are on the answer that made them and nowhere else. */
export function staffPeoplePages(deps: { accounts: StaffAccounts; gate: StaffGate }): Router<State> {
  const { accounts, gate } = deps;
  const router = new Router<State>();

  async function renderPage(ctx: Context, extra: Record<string, unknown> = {}, status = 200): Promise<void> {
    const people = await accounts.list();
    const { staff } = staffOf(ctx);
    const asked = ctx.query['notice'];
    ctx.state.render(
      'staff-people',
      {
        ...consoleFrame(ctx, 'people'),
        people: people.map((one) => toRow(ctx, one, staff)),
        roles: staffRoleNames.map((name) => [name, ctx.state.t(`staff.role.${name}`)]),
        notice: typeof asked === 'string' && notices.has(asked) ? asked : undefined,
        ...extra,
      },
      status,
    );
  }

  async function renderEnrolment(
    ctx: Context,
    { staff, password, expiresAt, otpauthUri }: Enrolment,
  ): Promise<void> {
    const { t, lang } = ctx.state;
    ctx.state.render('staff-enrolment', {
      ...consoleFrame(ctx, 'people'),
      person: { login: staff.login, name: staff.name, role: t(`staff.role.${staff.role}`) },
      password,
      until: formatMoment(lang, expiresAt),
      qr: await toQrCode(otpauthUri, { type: 'svg', margin: 2 }),
      secret: new URL(otpauthUri).searchParams.get('secret')?.replaceAll(/(.{4})/g, '$1 '),
    });
  }

  router.get('/staff/people', gate.admit, (ctx) => renderPage(ctx));

  router.post('/staff/people', gate.admit, async (ctx) => {
    const form = readForm(ctx, addForm);
    const again = (errors: readonly object[]) => renderPage(ctx, { errors, values: form.values }, 422);
    if (!form.ok) return again(form.errors);
    const { login, name } = form.data;
    const added = await accounts.add(login, name, form.data.role, staffOf(ctx).staff.id);
    if (added.ok) return renderEnrolment(ctx, added.enrolment);
    const field = added.reason === 'name_malformed' ? 'name' : 'login';
    return again([{ field, message: `staff.people.error.${added.reason}` }]);
  });

  router.post('/staff/people/:id', gate.admit, async (ctx) => {
    const person = (await accounts.list()).find(({ id }) => id === ctx.params['id']);
    if (!person) throw new AppError('not_found');
    const form = readForm(ctx, changeForm);
    if (!form.ok) return renderPage(ctx, { errors: form.errors }, 422);
    const by = staffOf(ctx).staff.id;
    const { change } = form.data;
    const refuse = (reason: string) =>
      renderPage(ctx, { errors: [{ field: '', message: `staff.people.error.${reason}` }] }, 409);
    if (change === 'reset') {
      const result = await accounts.reset(person.login, by);
      return result.ok ? renderEnrolment(ctx, result.enrolment) : refuse(result.reason);
    }
    const changes = {
      disable: accounts.disable,
      enable: accounts.enable,
      end_sessions: accounts.endSessions,
    } as const;
    const result =
      change === 'role'
        ? await accounts.changeRole(person.login, form.data.role, by)
        : await changes[change](person.login, by);
    return result.ok ? redirect(ctx, `/staff/people?notice=${change}`) : refuse(result.reason);
  });

  return router;
}

function toRow(ctx: Context, one: Staff, self: Staff) {
  const { t, lang } = ctx.state;
  const state = one.state === 'active' && one.mustChangePassword ? 'invited' : one.state;
  return {
    id: one.id,
    login: one.login,
    name: one.name,
    role: one.role,
    roleName: t(`staff.role.${one.role}`),
    state: t(`staff.people.state_${state}`),
    tone: state === 'active' ? 'success' : state === 'disabled' ? 'danger' : 'info',
    isDisabled: one.state === 'disabled',
    isSelf: one.id === self.id,
    lastSignedIn: one.lastSignedInAt === undefined ? undefined : formatMoment(lang, one.lastSignedInAt),
  };
}
