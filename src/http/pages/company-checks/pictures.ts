import type Router from '@koa/router';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { accountClassNames, actingStates } from '../../../companies/index.ts';
import { imageLimits } from '../../../verification/index.ts';
import type { Context, State } from '../../context.ts';
import { formatDay } from '../../dates.ts';
import { readForm } from '../../guard.ts';
import type { FieldError } from '../../partials.ts';
import {
  goTo,
  keyOf,
  kindOfPage,
  picturePagesNames,
  standing,
  type CompanyCheckPages,
  type PicturePage,
  type RouteContext,
} from './page.ts';

/** The addresses of these pages that accept a multipart body. */
export const takesCompanyPicture = (path: string): boolean =>
  /^\/company\/com_[0-9a-z]{26}\/(renew|letter|class)\/picture$/.test(path);

const entryForm = z.object({
  until: z.string().max(40, 'checks.error.until_form').optional().default(''),
  licence_number: z.string().max(80, 'checks.error.number_form').optional().default(''),
});

/** Field a failure belongs to; the others are about the whole. */
const fields: Readonly<Record<string, string>> = {
  until_empty: 'until',
  until_form: 'until',
  until_past: 'until',
  number_empty: 'licence_number',
  number_form: 'licence_number',
  picture_missing: 'picture',
};

const forbidden = ['not_administrator'];

type Shown = { errors?: readonly FieldError[]; values?: Readonly<Record<string, unknown>>; status?: number };

/** Pages on which a picture of a company's paper is taken, looked at and handed in; without script in two steps. */
export function companyPicturePages(router: Router<State>, pages: CompanyCheckPages): void {
  const { gate, checks, classes, uploads } = pages;

  for (const page of picturePagesNames) {
    const keyed = (ctx: RouteContext) => ({ ...keyOf(ctx), kind: kindOfPage[page] });
    const here = (ctx: RouteContext) => `/company/${keyOf(ctx).companyId}/${page}`;

    router.get(`/company/:id/${page}`, gate.admit, (ctx) => show(ctx, page));

    router.get(`/company/:id/${page}/picture`, gate.admit, async (ctx) => {
      const picture = await checks.preview(keyed(ctx));
      if (!picture) throw new AppError('not_found');
      ctx.set('cache-control', 'no-store');
      ctx.set('content-disposition', 'inline');
      ctx.type = 'image/jpeg';
      ctx.body = picture;
    });

    router.post(`/company/:id/${page}/picture`, gate.admit, async (ctx) => {
      const key = keyed(ctx);
      const upload = await uploads.read(ctx, 'picture');
      const result = upload.ok ? await checks.addPicture(key, upload.bytes) : upload;
      if (result.ok || result.reason === 'closed') return answer(ctx, here(ctx));
      return refuse(ctx, page, result.reason);
    });

    router.post(`/company/:id/${page}/send`, gate.admit, async (ctx) => {
      const form = readForm(ctx, entryForm);
      if (!form.ok) return show(ctx, page, { errors: form.errors, values: form.values, status: 422 });
      const entry = { until: form.data.until, licenceNumber: form.data.licence_number };
      const result = await checks.submit(keyed(ctx), entry);
      if (result.ok || result.reason === 'closed') return goTo(ctx, here(ctx));
      return fail(ctx, page, result.reason, form.values);
    });

    router.post(`/company/:id/${page}/withdraw`, gate.admit, async (ctx) => {
      const result = await checks.withdraw(keyed(ctx));
      if (!result.ok && result.reason === 'not_found') throw new AppError('not_found');
      goTo(ctx, here(ctx));
    });
  }

  router.post('/company/:id/class', gate.admit, async (ctx) => {
    const chosen = accountClassNames.find(
      (name) => name === readForm(ctx, classForm).values['account_class'],
    );
    const errors = [{ field: 'account_class', message: 'checks.error.class_missing' }];
    if (!chosen) return show(ctx, 'class', { errors, status: 422 });
    const result = await classes.choose(keyOf(ctx), chosen);
    if (!result.ok) return fail(ctx, 'class', result.reason, { account_class: chosen });
    goTo(ctx, `/company/${keyOf(ctx).companyId}/class`);
  });

  async function show(ctx: RouteContext, page: PicturePage, shown: Shown = {}): Promise<void> {
    const view = await checks.view({ ...keyOf(ctx), kind: kindOfPage[page] });
    if (!view) throw new AppError('not_found');
    const { company, membership, check, picture, refused } = view;
    const { t, lang } = ctx.state;
    const isOpen = check?.state === 'open';
    const lacking = page === 'class' ? await classes.lacking(company) : [];
    const asksForPicture = page !== 'class' || company.accountClass === 'commercial';
    ctx.state.render(
      'company-check',
      {
        page,
        company,
        here: `/company/${company.id}/${page}`,
        standing: standing(ctx, view),
        refused,
        acts: actingStates.includes(membership.state),
        isLocked: check?.state === 'submitted' || refused !== undefined || !asksForPicture,
        picture: isOpen ? picture : undefined,
        complaint: isOpen && picture?.complaint ? sentenceOf(picture.complaint) : undefined,
        renewal: company.recheckAt === undefined ? undefined : formatDay(lang, company.recheckAt),
        classes: accountClassNames.map((name) => ({
          value: name,
          label: t(`checks.class.${name}`),
          hint: t(`checks.class.${name}_hint`),
        })),
        lacking: lacking.length > 0,
        maxBytes: imageLimits.maxBytes,
        errors: shown.errors,
        values: { account_class: company.accountClass, ...shown.values },
      },
      shown.status ?? 200,
    );
  }

  async function fail(
    ctx: RouteContext,
    page: PicturePage,
    reason: string,
    values: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    if (reason === 'not_found') throw new AppError('not_found');
    const errors = [{ field: fields[reason] ?? '', message: `checks.error.${reason}` }];
    return show(ctx, page, { errors, values, status: forbidden.includes(reason) ? 403 : 422 });
  }

  async function refuse(ctx: RouteContext, page: PicturePage, reason: string): Promise<void> {
    if (reason === 'not_found') throw new AppError('not_found');
    const isRefusal = [
      'not_administrator',
      'company_state',
      'membership_state',
      'person_unverified',
    ].includes(reason);
    const message = isRefusal ? `checks.error.${reason}` : `verify.image.${reason}`;
    const status =
      reason === 'busy' ? 503 : reason === 'too_large' ? 413 : forbidden.includes(reason) ? 403 : 422;
    if (reason === 'busy') ctx.set('retry-after', '10');
    const field = isRefusal ? '' : 'picture';
    if (wantsJson(ctx)) {
      ctx.status = status;
      ctx.body = { errors: [{ field, message: ctx.state.t(message) }] };
      return;
    }
    await show(ctx, page, { errors: [{ field, message }], status });
  }
}

const classForm = z.object({ account_class: z.string().optional() });

const sentenceOf = (complaint: string): string =>
  `verify.image.${complaint === 'wrong_document' ? 'not_licence' : complaint}`;

const wantsJson = (ctx: Context): boolean => ctx.accepts('html', 'json') === 'json';

/** Where to go on: a redirect for a form, an address for a script. */
function answer(ctx: Context, path: string): void {
  if (!wantsJson(ctx)) return goTo(ctx, path);
  ctx.body = { location: path };
}
