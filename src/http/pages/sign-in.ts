import Router from '@koa/router';
import { z } from 'zod';
import {
  formatPhone,
  parsePhone,
  type PasswordSignIn,
  type Registration,
  type SignInCodes,
  type SignInStep,
  type SignInView,
} from '../../accounts/index.ts';
import type { Context, State } from '../context.ts';
import { fieldsOf, readForm } from '../guard.ts';
import type { Interactions, InteractionView } from '../interactions.ts';
import { describeCountries, numberForm } from './phone-form.ts';
import {
  codeProblem,
  limitedProblem,
  passwordProblem,
  phoneProblem,
  type Problem,
} from './sign-in-problems.ts';

export type SignInPagesDependencies = {
  readonly interactions: Pick<Interactions, 'details' | 'signIn' | 'abort'>;
  readonly codes: SignInCodes;
  readonly passwords: PasswordSignIn;
  readonly registration: Registration;
  /** ISO 3166 codes, the first one the default. */
  readonly countries: readonly string[];
};

/** What a page of the sign-in works with: who asks, and where the person stands. */
type Visit = { readonly interaction: InteractionView; readonly view: SignInView };

/** The pages between an app's request and a signed-in person. Which one is next is read from the stored state. */
export function signInPages(dependencies: SignInPagesDependencies): Router<State> {
  const { interactions, codes, passwords, registration, countries } = dependencies;
  const router = new Router<State>({ prefix: '/interaction/:uid' });
  const at = (uid: string, page: string) => `/interaction/${encodeURIComponent(uid)}/${page}`;

  /** Undefined when the interaction is past signing in; the answer is then a redirect already. */
  const arrive = async (ctx: Context): Promise<Visit | undefined> => {
    const interaction = await interactions.details(ctx);
    ctx.state.offerLocales(interaction.uiLocales);
    ctx.set('cache-control', 'no-store');
    if (interaction.prompt !== 'login') {
      seeOther(ctx, `/interaction/${encodeURIComponent(interaction.uid)}`);
      return undefined;
    }
    return { interaction, view: await registration.view(interaction.uid) };
  };

  /** Leads to the page of the step that is due, or out of the sign-in when nothing is left to do. */
  const proceed = async (ctx: Context, uid: string): Promise<void> => {
    const { step } = await registration.view(uid);
    if (step !== 'done') return seeOther(ctx, at(uid, step));
    const login = await registration.complete(uid, ctx.state.lang);
    if (login.ok) return interactions.signIn(ctx, login);
    return seeOther(ctx, at(uid, 'phone?change'));
  };

  const show = (
    ctx: Context,
    page: string,
    { interaction, view }: Visit,
    data: Readonly<Record<string, unknown>> = {},
    problem?: Problem,
  ): void => {
    if (problem?.retryAfter !== undefined) ctx.set('retry-after', String(problem.retryAfter));
    ctx.state.render(
      `signin-${page}`,
      {
        base: `/interaction/${encodeURIComponent(interaction.uid)}`,
        client: interaction.client,
        create: interaction.create,
        view,
        number: view.phone && formatPhone(view.phone),
        countries: describeCountries(countries, ctx.state.lang),
        ...data,
        ...(problem ? { errors: problem.errors } : {}),
      },
      problem?.status ?? 200,
    );
  };

  /** Registers a page that stands for one step; whoever is elsewhere is led there. */
  const stepPage = (
    step: SignInStep,
    page: string,
    data: (ctx: Context) => Record<string, unknown> = () => ({}),
  ) =>
    router.get(`/${page}`, async (ctx) => {
      const visit = await arrive(ctx);
      if (!visit) return;
      if (visit.view.step !== step) return proceed(ctx, visit.interaction.uid);
      show(ctx, page, visit, data(ctx));
    });

  router.get('/phone', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    if (isProven(visit.view) && ctx.query['change'] === undefined) return proceed(ctx, visit.interaction.uid);
    show(ctx, 'phone', visit, { values: prefill(visit, countries) });
  });

  router.post('/phone', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    const { phone, country } = numberForm(ctx);
    const { uid } = visit.interaction;
    const request = { typed: phone, ip: ctx.state.clientAddress, language: ctx.state.lang };
    const answer = await codes.request(uid, { ...request, ...(country ? { country } : {}) });
    if (answer.ok) return seeOther(ctx, at(uid, 'code'));
    show(ctx, 'phone', visit, { values: { phone, country } }, phoneProblem(answer));
  });

  stepPage('code', 'code');

  router.post('/code', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    const { uid } = visit.interaction;
    const code = fieldsOf(ctx)['code'] ?? '';
    const answer = await codes.enter(uid, code, ctx.state.clientAddress);
    if (answer.ok) return proceed(ctx, uid);
    if (answer.reason === 'none') return seeOther(ctx, at(uid, 'phone'));
    show(ctx, 'code', { ...visit, view: await registration.view(uid) }, {}, codeProblem(answer));
  });

  router.post('/code/resend', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    const { uid } = visit.interaction;
    const answer = await codes.resend(uid, { ip: ctx.state.clientAddress, language: ctx.state.lang });
    if (answer.ok) return seeOther(ctx, at(uid, 'code?again'));
    if (answer.reason === 'none') return seeOther(ctx, at(uid, 'phone'));
    const page = visit.view.step === 'code' ? 'code' : 'phone';
    show(ctx, page, visit, { values: prefill(visit, countries) }, limitedProblem(answer, ''));
  });

  /** What became of the message, for the script of the code page. */
  router.get('/code/delivery.json', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    ctx.body = { delivery: visit.view.code?.delivery ?? 'sent' };
  });

  router.get('/help', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    if (visit.view.step !== 'code') return proceed(ctx, visit.interaction.uid);
    show(ctx, 'help', visit);
  });

  router.get('/password', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    if (isProven(visit.view)) return proceed(ctx, visit.interaction.uid);
    show(ctx, 'password', visit, { values: prefill(visit, countries) });
  });

  router.post('/password', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    const { phone, country } = numberForm(ctx);
    const { uid } = visit.interaction;
    const password = fieldsOf(ctx)['password'] ?? '';
    const entry = { typed: phone, password, ip: ctx.state.clientAddress, ...(country ? { country } : {}) };
    const answer = await passwords.enter(uid, entry);
    if (answer.ok) return proceed(ctx, uid);
    show(ctx, 'password', visit, { values: { phone, country } }, passwordProblem(answer));
  });

  stepPage('agreement', 'agreement');

  router.post('/agreement', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    const { uid } = visit.interaction;
    if (visit.view.step !== 'agreement') return proceed(ctx, uid);
    const form = readForm(ctx, z.object({ accept: z.literal('1', 'signin.agreement.error.accept') }));
    if (!form.ok) return show(ctx, 'agreement', visit, {}, { status: 422, errors: form.errors });
    await registration.accept(uid, ctx.state.lang);
    return proceed(ctx, uid);
  });

  stepPage('role', 'role');

  router.post('/role', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    const { uid } = visit.interaction;
    if (visit.view.step !== 'role') return proceed(ctx, uid);
    const roles = z.enum(['candidate', 'recruiter'], 'signin.role.error.role');
    const form = readForm(ctx, z.object({ role: roles }));
    if (!form.ok) return show(ctx, 'role', visit, {}, { status: 422, errors: form.errors });
    await registration.choose(uid, form.data.role, ctx.state.lang);
    return proceed(ctx, uid);
  });

  /** Back to the app without signing in. */
  router.post('/cancel', async (ctx) => {
    const visit = await arrive(ctx);
    if (!visit) return;
    await registration.giveUp(visit.interaction.uid);
    return interactions.abort(ctx);
  });

  return router;
}

function seeOther(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

function isProven({ step }: SignInView): boolean {
  return step === 'agreement' || step === 'role' || step === 'done';
}

/** What was typed before; else what the app knows (`login_hint`), if it is a number. */
function prefill({ interaction, view }: Visit, countries: readonly string[]): Record<string, string> {
  if (view.typed !== undefined) return { phone: view.typed };
  const hinted = parsePhone(interaction.loginHint ?? '', countries);
  return hinted.ok ? { phone: formatPhone(hinted.phone), country: hinted.country } : {};
}
