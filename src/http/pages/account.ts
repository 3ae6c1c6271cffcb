import Router from '@koa/router';
import { z } from 'zod';
import {
  accountData,
  dayOf,
  maskPhone,
  PASSWORD_MAX,
  PASSWORD_MIN,
  profileFields,
  profileSchema,
  sexes,
  toProfile,
  type Accounts,
  type Role,
} from '../../accounts/index.ts';
import type { Clock } from '../../core/clock.ts';
import type { AccountId } from '../../core/ids.ts';
import type { OwnHold } from '../../review/index.ts';
import type { Context, State } from '../context.ts';
import { formatDay } from '../dates.ts';
import { readForm } from '../guard.ts';
import { requireFresh, requireVisitor, visitorOf, type SignIn } from '../sign-in.ts';
import { sayDue, sayStep, type RecruiterStanding } from './account-step.ts';
import type { OwnCompany } from './company/own-companies.ts';
import { sayPast, type FindPast } from './company/past.ts';

export type AccountPagesDependencies = {
  readonly signIn: SignIn;
  readonly accounts: Accounts;
  readonly standing: (id: AccountId) => Promise<RecruiterStanding | undefined>;
  /** The companies they act for. */
  readonly ownCompanies: (id: AccountId) => Promise<readonly OwnCompany[]>;
  /** What the person is told while staff examine something about them. */
  readonly hold: (id: AccountId) => Promise<OwnHold | undefined>;
  /** The place at a company that they lost last, where they have none any more. */
  readonly findPast: FindPast;
  readonly clock: Clock;
};

/** A recruiter for whom nothing has been derived yet has everything before them. */
const notDerived: RecruiterStanding = {
  status: 'limited',
  nextStep: 'start_verification',
  reasons: [],
  companies: [],
};

const newPassword = z.object({ password: z.string(), password_again: z.string() });

/** The account centre: overview, profile, password. */
export function accountPages({
  signIn,
  accounts,
  standing,
  ownCompanies,
  hold,
  findPast,
  clock,
}: AccountPagesDependencies): Router<State> {
  const router = new Router<State>();
  const visitorOnly = requireVisitor(signIn);

  router.get('/account', visitorOnly, async (ctx) => {
    const id = visitorOf(ctx).accountId;
    const { account, profile, passwordChangedAt } = await accounts.overview(id);
    const recruiter = account.roles.includes('recruiter');
    const past = recruiter ? await findPast(id) : undefined;
    const stands = recruiter ? ((await standing(id)) ?? notDerived) : undefined;
    const own = recruiter ? await ownCompanies(id) : [];
    ctx.state.render('account', {
      past: past && sayPast(ctx, past),
      account,
      profile,
      number: maskPhone(account.phone),
      since: formatDay(ctx.state.lang, account.createdAt),
      filled: profileFields.filter((field) => profile[field] !== undefined).length,
      fields: profileFields.length,
      passwordSince:
        passwordChangedAt === undefined ? undefined : formatDay(ctx.state.lang, passwordChangedAt),
      recruiter,
      hold: await hold(id),
      standing: stands,
      next: stands && sayStep(ctx.state, stands, own),
      due: sayDue(ctx.state, own),
    });
  });

  router.post('/account/role', visitorOnly, async (ctx) => {
    const form = readForm(ctx, z.object({ role: z.enum(['candidate', 'recruiter']) }));
    if (!form.ok) return seeOther(ctx, '/account');
    const role: Role = form.data.role;
    await accounts.addRole(visitorOf(ctx).accountId, role);
    return seeOther(ctx, role === 'recruiter' ? '/verify' : '/account');
  });

  router.post('/account/sign-out', visitorOnly, (ctx) => signIn.signOut(ctx));

  router.get('/account/profile', visitorOnly, async (ctx) => {
    const { profile } = await accounts.overview(visitorOf(ctx).accountId);
    ctx.state.render('account-profile', profileData(ctx, { values: profile }));
  });

  router.post('/account/profile', visitorOnly, async (ctx) => {
    const form = readForm(ctx, profileSchema(dayOf(clock.now())));
    if (!form.ok) {
      const { errors, values } = form;
      return ctx.state.render('account-profile', profileData(ctx, { values, errors }), 422);
    }
    await accounts.saveProfile(visitorOf(ctx).accountId, toProfile(form.data));
    return seeOther(ctx, '/account/profile?saved');
  });

  /** A change of credentials needs a recent sign-in, whoever holds the browser. */
  const freshOnly = requireFresh(signIn, accounts.isFresh, '/account/password');

  const passwordData = async (ctx: Context) => {
    const { passwordChangedAt } = await accounts.overview(visitorOf(ctx).accountId);
    return {
      since: passwordChangedAt === undefined ? undefined : formatDay(ctx.state.lang, passwordChangedAt),
      done: ['saved', 'removed'].find((word) => ctx.query[word] !== undefined),
      bounds: { min: PASSWORD_MIN, max: PASSWORD_MAX },
    };
  };

  router.get('/account/password', visitorOnly, freshOnly, async (ctx) => {
    ctx.state.render('account-password', await passwordData(ctx));
  });

  router.post('/account/password', visitorOnly, freshOnly, async (ctx) => {
    const form = readForm(ctx, newPassword);
    const refuse = async (field: string, reason: string, status = 422) => {
      const message = `account.password.error.${reason}`;
      const errors = [{ field, message, params: { min: PASSWORD_MIN, max: PASSWORD_MAX } }];
      ctx.state.render('account-password', { ...(await passwordData(ctx)), errors }, status);
    };
    if (!form.ok) return refuse('password', 'empty');
    const { password, password_again: again } = form.data;
    if (password !== again) return refuse('password_again', 'different');
    const answer = await accounts.setPassword(visitorOf(ctx).accountId, password);
    if (!answer.ok) return refuse('password', answer.reason, answer.reason === 'busy' ? 503 : 422);
    return seeOther(ctx, '/account/password?saved');
  });

  router.post('/account/password/remove', visitorOnly, freshOnly, async (ctx) => {
    await accounts.removePassword(visitorOf(ctx).accountId);
    return seeOther(ctx, '/account/password?removed');
  });

  return router;

  function profileData(ctx: Context, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return {
      ...data,
      uses: Object.entries(accountData),
      sexes,
      today: dayOf(clock.now()),
      saved: ctx.query['saved'] !== undefined,
    };
  }
}

function seeOther(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}
