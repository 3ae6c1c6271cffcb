import type { AccountId, CompanyId } from '../core/ids.ts';
import { AppError } from '../core/errors.ts';
import { actingStates, askingStates, type Company, type Membership } from '../companies/index.ts';
import type { Context, Middleware } from './context.ts';
import { requireVisitor, visitorOf, type SignIn } from './sign-in.ts';

/**
 * Who a page of a company is for: anybody; who is signed in; who belongs to the company, asked to or did until it lapsed
 * (`place`); who acts for it (`member`); who may hand in evidence in its name (`representative`: an administrator, or anybody who acts for it while it
 * has none); its administrators. To everybody else a company's pages do not exist.
 */
export type CompanyAccess = 'anyone' | 'visitor' | 'place' | 'member' | 'representative' | 'administrator';

/** THE table of access to the pages of companies. A route that is not in it keeps the program from starting. */
export const companyAccess: Readonly<Record<string, CompanyAccess>> = {
  'GET /company': 'visitor',
  'GET /company/join': 'visitor',
  'POST /company/join': 'visitor',
  'GET /company/invited': 'visitor',
  'GET /company/invitations/:secret': 'anyone',
  'POST /company/invitations/:secret': 'visitor',
  'GET /company/:id': 'place',
  'POST /company/:id/way': 'place',
  'GET /company/:id/leave': 'place',
  'POST /company/:id/leave': 'place',
  'GET /company/:id/ways/company-email': 'place',
  'POST /company/:id/ways/company-email': 'place',
  'POST /company/:id/ways/company-email/code': 'place',
  'GET /company/:id/ways/authorisation-letter': 'place',
  'GET /company/:id/ways/micro-deposit': 'place',
  'GET /company/:id/letter': 'place',
  'GET /company/:id/letter/picture': 'place',
  'GET /company/:id/letter/print': 'place',
  'POST /company/:id/letter/picture': 'place',
  'POST /company/:id/letter/send': 'place',
  'POST /company/:id/letter/withdraw': 'place',
  'GET /company/:id/deposit': 'place',
  'POST /company/:id/deposit': 'place',
  'POST /company/:id/deposit/confirm': 'place',
  'POST /company/:id/deposit/withdraw': 'place',
  // Everybody sees who may do this, and what they handed in themselves while they might.
  'GET /company/:id/renew': 'place',
  'GET /company/:id/renew/picture': 'place',
  'POST /company/:id/renew/picture': 'representative',
  'POST /company/:id/renew/send': 'representative',
  'POST /company/:id/renew/withdraw': 'place',
  'GET /company/:id/class': 'place',
  'GET /company/:id/class/picture': 'place',
  'POST /company/:id/class': 'representative',
  'POST /company/:id/class/picture': 'representative',
  'POST /company/:id/class/send': 'representative',
  'POST /company/:id/class/withdraw': 'place',
  'GET /company/:id/administer': 'member',
  'POST /company/:id/administer': 'member',
  'GET /company/:id/members/:member': 'administrator',
  'POST /company/:id/members/:member/approve': 'administrator',
  'POST /company/:id/members/:member/role': 'administrator',
  'POST /company/:id/members/:member/end-date': 'administrator',
  'GET /company/:id/members/:member/decline': 'administrator',
  'POST /company/:id/members/:member/decline': 'administrator',
  'GET /company/:id/members/:member/remove': 'administrator',
  'POST /company/:id/members/:member/remove': 'administrator',
  'GET /company/:id/members/:member/hand-over': 'administrator',
  'POST /company/:id/members/:member/hand-over': 'administrator',
  'GET /company/:id/invitations': 'administrator',
  'POST /company/:id/invitations': 'administrator',
  'POST /company/:id/invitations/:invitation/withdraw': 'administrator',
  'GET /company/:id/domains': 'administrator',
  'POST /company/:id/domains': 'administrator',
  'POST /company/:id/domains/unbind': 'administrator',
  'GET /company/:id/activity': 'administrator',
};

/** A company and what the visitor is in it. */
export type CompanyPlace = { readonly company: Company; readonly own: Membership };

export type CompanyGate = {
  /** Lets through whom {@link companyAccess} names for the route that it stands in, and sets `ctx.state.place`. */
  readonly admit: Middleware;
};

export type FindPlace = (accountId: AccountId, companyId: CompanyId) => Promise<CompanyPlace | undefined>;

export function createCompanyGate(
  signIn: SignIn,
  findPlace: FindPlace,
  represents: (own: Membership) => Promise<boolean>,
): CompanyGate {
  const signedIn = requireVisitor(signIn);
  return {
    async admit(ctx, next) {
      const access = accessOf(ctx);
      if (access === 'anyone') {
        ctx.set('cache-control', 'no-store');
        const visitor = await signIn.current(ctx);
        if (visitor) ctx.state.visitor = visitor;
        return next();
      }
      return signedIn(ctx, async () => {
        if (access !== 'visitor' && !(await enter(ctx, access))) return;
        return next();
      });
    },
  };

  async function enter(ctx: Context, access: Exclude<CompanyAccess, 'anyone' | 'visitor'>): Promise<boolean> {
    const { id = '' } = ctx['params'] as { id?: string };
    const place = await findPlace(visitorOf(ctx).accountId, id as CompanyId);
    if (place && !hasPlace(place.own) && isHome(ctx)) {
      // Whoever comes back by a link finds among their companies how it ended, and learns nothing else.
      ctx.redirect('/company');
      ctx.status = 303;
      return false;
    }
    if (!place || !hasPlace(place.own)) throw new AppError('not_found');
    const acts = actingStates.includes(place.own.state);
    if (access !== 'place' && !acts) throw new AppError('forbidden');
    if (access === 'administrator' && place.own.role !== 'administrator') throw new AppError('forbidden');
    if (access === 'representative' && !(await represents(place.own))) throw new AppError('forbidden');
    ctx.state.place = place;
    return true;
  }
}

const isHome = (ctx: Context): boolean =>
  ctx.method === 'GET' && (ctx as { routerPath?: unknown }).routerPath === '/company/:id';

/** Whether a membership gives its holder a page of the company. */
export const hasPlace = ({ state }: Membership): boolean =>
  state === 'lapsed' || actingStates.includes(state) || askingStates.includes(state);

/** The company of a page behind {@link CompanyGate}. */
export function placeOf(ctx: Context): CompanyPlace {
  if (!ctx.state.place) throw new AppError('not_found');
  return ctx.state.place;
}

function accessOf(ctx: Context): CompanyAccess {
  const { routerPath } = ctx as { routerPath?: unknown };
  const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
  const access = companyAccess[`${method} ${String(routerPath)}`];
  if (access === undefined) throw new Error(`no access for ${String(routerPath)}`);
  return access;
}
