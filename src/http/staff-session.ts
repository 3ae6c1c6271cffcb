import { AppError } from '../core/errors.ts';
import { mayStaff, type StaffSignIn, type StaffVisitor } from '../review/index.ts';
import type { Context, Middleware } from './context.ts';
import { cookieName } from './cookies.ts';
import { fieldsOf } from './guard.ts';
import { staffAccess } from './staff-access.ts';

/** The console's own cookie: it has nothing to do with the session of people who verify themselves. */
export type StaffCookie = {
  read(ctx: Context): string | undefined;
  set(ctx: Context, token: string): void;
  clear(ctx: Context): void;
};

export function createStaffCookie(issuer: string): StaffCookie {
  const secure = issuer.startsWith('https:');
  const name = cookieName('staff', secure);
  const attributes = { httpOnly: true, sameSite: 'strict', secure, path: '/', overwrite: true } as const;
  return {
    read: (ctx) => ctx.cookies.get(name),
    set: (ctx, token) => void ctx.cookies.set(name, token, attributes),
    clear: (ctx) => void ctx.cookies.set(name, null, attributes),
  };
}

export type StaffGate = {
  /** Lets through whom the table of access names for the route that it stands in; nobody where it names none. */
  admit: Middleware;
};

/**
 * Who is not signed in is sent to sign in and back to the page. A form sent after the session ended is answered with
 * a page that holds what was typed, so that it can be copied.
 */
export function createStaffGate(signIn: StaffSignIn, cookie: StaffCookie): StaffGate {
  async function identify(ctx: Context): Promise<StaffVisitor | undefined> {
    ctx.set('cache-control', 'no-store');
    const token = cookie.read(ctx);
    const visitor = token === undefined ? undefined : await signIn.current(token);
    if (token !== undefined && !visitor) cookie.clear(ctx);
    return visitor;
  }

  function turnAway(ctx: Context): void {
    if (ctx.method === 'POST') {
      ctx.state.render('staff-session-ended', { typed: typedTexts(ctx), back: backTo(ctx) }, 401);
      return;
    }
    if (ctx.path.startsWith('/staff/images/')) throw new AppError('unauthenticated');
    ctx.status = 303;
    ctx.redirect(`/staff/sign-in?return=${encodeURIComponent(ctx.url)}`);
  }

  return {
    async admit(ctx, next) {
      const access = accessOf(ctx);
      const visitor = await identify(ctx);
      if (!visitor) return turnAway(ctx);
      ctx.state.staff = visitor;
      if (access === 'signed_in') return next();
      if (visitor.staff.mustChangePassword) return redirect(ctx, '/staff/password');
      if (access !== 'staff' && !mayStaff(visitor.staff.role, access)) throw new AppError('forbidden');
      return next();
    },
  };
}

function accessOf(ctx: Context) {
  const { routerPath } = ctx as { routerPath?: unknown };
  const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
  const access = staffAccess[`${method} ${String(routerPath)}`];
  if (access === undefined || access === 'anyone') throw new Error(`no access for ${String(routerPath)}`);
  return access;
}

/** The member of staff behind {@link StaffGate}. */
export function staffOf(ctx: Context): StaffVisitor {
  if (!ctx.state.staff) throw new AppError('unauthenticated');
  return ctx.state.staff;
}

export function redirect(ctx: Context, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
}

/** A page of the console to return to; anything else becomes the queue. */
export function consolePath(asked: unknown): string {
  if (typeof asked !== 'string' || !/^\/staff(\/[\w./-]*)?(\?[\w=&%.+-]*)?$/.test(asked)) return '/staff';
  return asked.startsWith('/staff/sign-') || asked.includes('..') ? '/staff' : asked;
}

const textFields = ['message', 'note'];

function typedTexts(ctx: Context): { name: string; text: string }[] {
  const body = fieldsOf(ctx);
  return textFields.flatMap((name) => (body[name]?.trim() ? [{ name, text: body[name] }] : []));
}

/** The page whose form this was: the path without its last, acting part. */
function backTo(ctx: Context): string {
  return consolePath(ctx.path.split('/').slice(0, 4).join('/'));
}
