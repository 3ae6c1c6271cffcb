import Router from '@koa/router';
import type { State } from '../../context.ts';
import { depositPages } from './deposit.ts';
import { letterPages } from './letter.ts';
import { goTo, keyOf, type CompanyCheckPages } from './page.ts';
import { companyPicturePages } from './pictures.ts';

export type { CompanyCheckParts } from './page.ts';
export { takesCompanyPicture } from './pictures.ts';

/** Evidence about a company or a membership: renewal, letter, account class and deposit, for who belongs to it. */
export function companyCheckPages(pages: CompanyCheckPages): Router<State> {
  const router = new Router<State>();
  // Where the choice of how to show it leads.
  for (const [way, page] of [
    ['authorisation-letter', 'letter'],
    ['micro-deposit', 'deposit'],
  ] as const) {
    router.get(`/company/:id/ways/${way}`, pages.gate.admit, (ctx) =>
      goTo(ctx, `/company/${keyOf(ctx).companyId}/${page}`),
    );
  }
  letterPages(router, pages);
  companyPicturePages(router, pages);
  depositPages(router, pages);
  return router;
}
