import type Router from '@koa/router';
import type { StaffPermission } from '../review/index.ts';
import type { State } from './context.ts';

/**
 * Who a route of the console is for: staff with a permission; all staff who chose a password of their own (`staff`);
 * also those who still have to (`signed_in`); or anybody (`anyone`).
 */
export type StaffAccess = StaffPermission | 'staff' | 'signed_in' | 'anyone';

/** THE table of access to the console. A route that is not in it keeps the program from starting. */
export const staffAccess: Readonly<Record<string, StaffAccess>> = {
  'GET /staff/sign-in': 'anyone',
  'POST /staff/sign-in': 'anyone',
  'POST /staff/sign-out': 'anyone',
  'GET /staff/password': 'signed_in',
  'POST /staff/password': 'signed_in',
  'GET /staff': 'staff',
  'POST /staff/next': 'review',
  'GET /staff/cases/:id': 'review',
  'POST /staff/cases/:id/claim': 'review',
  'POST /staff/cases/:id/release': 'review',
  'POST /staff/cases/:id/reveal': 'review',
  'POST /staff/cases/:id/opinions': 'review',
  'POST /staff/cases/:id/decide': 'review',
  'GET /staff/cases/:id/decided': 'review',
  // Who holds the case or decided it may read its history, too: the page itself asks.
  'GET /staff/cases/:id/history': 'staff',
  'GET /staff/images/:id': 'review',
  'GET /staff/images/:id/parts/:part': 'review',
  'GET /staff/company-checks': 'review',
  'GET /staff/company-checks/:id': 'review',
  'GET /staff/company-checks/:id/picture': 'review',
  'POST /staff/company-checks/:id/claim': 'review',
  'POST /staff/company-checks/:id/release': 'review',
  'POST /staff/company-checks/:id/decide': 'review',
  'GET /staff/recruiters': 'look_up',
  'POST /staff/recruiters/revoke': 'revoke',
  'POST /staff/recruiters/hold': 'hold',
  'POST /staff/recruiters/lift': 'hold',
  'POST /staff/recruiters/appeal': 'hold',
  'POST /staff/recruiters/disable': 'suspend',
  'POST /staff/recruiters/enable': 'suspend',
  'POST /staff/recruiters/appoint': 'revoke',
  'GET /staff/dashboard': 'figures',
  'GET /staff/people': 'manage',
  'POST /staff/people': 'manage',
  'POST /staff/people/:id': 'manage',
  'GET /staff/signals': 'manage',
  'POST /staff/signals/:id': 'manage',
  'GET /staff/audit': 'audit',
  'POST /staff/audit/export': 'audit',
};

/** What routers register, as keys of {@link staffAccess}. */
export function staffRoutes(routers: readonly Router<State>[]): string[] {
  return routers.flatMap(({ stack }) =>
    stack.flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
    ),
  );
}

/** Throws unless the routes and the table of access name each other. */
export function requireDeclared(
  routers: readonly Router<State>[],
  table: Readonly<Record<string, string>> = staffAccess,
): void {
  const routes = staffRoutes(routers);
  const undeclared = routes.filter((route) => !Object.hasOwn(table, route));
  const unused = Object.keys(table).filter((route) => !routes.includes(route));
  if (undeclared.length + unused.length === 0) return;
  throw new Error(
    `routes without access: ${undeclared.join(', ')}; access without route: ${unused.join(', ')}`,
  );
}
