import Router from '@koa/router';
import {
  formatPhone,
  type Accounts,
  type NumberChange,
  type NumberChangeView,
} from '../../accounts/index.ts';
import type { Context, State } from '../context.ts';
import { fieldsOf } from '../guard.ts';
import { requireFresh, requireVisitor, visitorOf, type SignIn } from '../sign-in.ts';
import { describeCountries, numberForm } from './phone-form.ts';
import { codeProblem, limitedProblem, phoneProblem, type Problem } from './sign-in-problems.ts';

export type NumberPagesDependencies = {
  readonly signIn: SignIn;
  readonly accounts: Pick<Accounts, 'isFresh'>;
  readonly numbers: NumberChange;
  /** ISO 3166 codes, the first one the default. */
  readonly countries: readonly string[];
};

const pages = {
  number: '/account/number',
  code: '/account/number/code',
  taken: '/account/number/taken',
  changed: '/account/number?changed',
} as const satisfies Record<NumberChangeView['step'], string>;

/** Change of number. Signing in anew proves the old number or the password, a code proves the new one. */
export function numberPages({
  signIn,
  accounts,
  numbers,
  countries,
}: NumberPagesDependencies): Router<State> {
  const router = new Router<State>();
  const visitorOnly = requireVisitor(signIn);
  const freshOnly = (returnTo: string) => requireFresh(signIn, accounts.isFresh, returnTo);
  const own = (ctx: Context) => visitorOf(ctx).accountId;

  const show = async (
    ctx: Context,
    page: 'account-number' | 'account-number-code' | 'account-number-taken',
    data: Readonly<Record<string, unknown>> = {},
    problem?: Problem,
  ): Promise<void> => {
    if (problem?.retryAfter !== undefined) ctx.set('retry-after', String(problem.retryAfter));
    const view = await numbers.view(own(ctx));
    ctx.state.render(
      page,
      {
        view: { ...view, current: unbroken(view.current) },
        number: view.phone && unbroken(formatPhone(view.phone)),
        countries: describeCountries(countries, ctx.state.lang),
        ...data,
        ...(problem ? { errors: problem.errors.map(withoutPassword) } : {}),
      },
      problem?.status ?? 200,
    );
  };

  /** A page that stands for one step; whoever is elsewhere is led there. */
  const stepPage = (step: 'code' | 'taken') =>
    router.get(pages[step], visitorOnly, freshOnly(pages[step]), async (ctx) => {
      const view = await numbers.view(own(ctx));
      if (view.step !== step) return seeOther(ctx, pages[view.step]);
      return show(ctx, `account-number-${step}`);
    });

  router.get('/account/number', visitorOnly, freshOnly(pages.number), async (ctx) => {
    const { step, typed } = await numbers.view(own(ctx));
    const values = typed !== undefined && step === 'code' ? { phone: typed } : {};
    return show(ctx, 'account-number', {
      values,
      changed: step === 'changed' && ctx.query['changed'] !== undefined,
    });
  });

  router.post('/account/number', visitorOnly, freshOnly(pages.number), async (ctx) => {
    const { phone, country } = numberForm(ctx);
    const request = { typed: phone, ip: ctx.state.clientAddress, language: ctx.state.lang };
    const answer = await numbers.request(own(ctx), { ...request, ...(country ? { country } : {}) });
    if (answer.ok) return seeOther(ctx, pages.code);
    const problem: Problem =
      answer.reason === 'same'
        ? { status: 422, errors: [{ field: 'phone', message: 'account.number.error.same' }] }
        : phoneProblem(answer);
    return show(ctx, 'account-number', { values: { phone, country } }, problem);
  });

  stepPage('code');
  stepPage('taken');

  router.post('/account/number/code', visitorOnly, freshOnly(pages.code), async (ctx) => {
    const typed = fieldsOf(ctx)['code'] ?? '';
    const { session } = visitorOf(ctx);
    const answer = await numbers.enter(own(ctx), { typed, ip: ctx.state.clientAddress, session });
    if (answer.ok) return seeOther(ctx, pages[(await numbers.view(own(ctx))).step]);
    if (answer.reason === 'none') return seeOther(ctx, pages.number);
    return show(ctx, 'account-number-code', {}, codeProblem(answer));
  });

  router.post('/account/number/code/resend', visitorOnly, freshOnly(pages.code), async (ctx) => {
    const answer = await numbers.resend(own(ctx), {
      ip: ctx.state.clientAddress,
      language: ctx.state.lang,
    });
    if (answer.ok) return seeOther(ctx, pages.code);
    if (answer.reason === 'none') return seeOther(ctx, pages.number);
    const { step, typed = '' } = await numbers.view(own(ctx));
    const page = step === 'code' ? 'account-number-code' : 'account-number';
    return show(ctx, page, { values: { phone: typed } }, limitedProblem(answer, ''));
  });

  /** What became of the message, for the script of the code page. */
  router.get('/account/number/code/delivery.json', visitorOnly, async (ctx) => {
    ctx.body = { delivery: (await numbers.view(own(ctx))).code?.delivery ?? 'sent' };
  });

  return router;
}

/** A number that no line break divides. */
function unbroken(number: string): string {
  return number.replaceAll(' ', '\u00a0');
}

/** Texts of the sign-in that advise to use the password; here nobody is signing in. */
const otherWords: Readonly<Record<string, string>> = {
  'signin.limited.number': 'account.number.error.limited_number',
  'signin.limited.others': 'account.number.error.limited_others',
  'signin.code.error.locked': 'account.number.error.code_locked',
};

function withoutPassword(error: Problem['errors'][number]): Problem['errors'][number] {
  return { ...error, message: otherWords[error.message] ?? error.message };
}

function seeOther(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}
