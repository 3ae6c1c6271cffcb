import type Router from '@koa/router';
import { AppError } from '../../../core/errors.ts';
import { WorkerError } from '../../../core/worker-pool.ts';
import { chinaDay, parseDay, type DocumentType } from '../../../verification/index.ts';
import type { State } from '../../context.ts';
import { maskNumber } from '../staff/masking.ts';
import { keyOf, type CompanyCheckPages } from './page.ts';

/** Documents as a letter in Chinese names them, whatever language the pages are read in. */
const documentNames: { readonly [type in DocumentType]: string } = {
  resident_id: '居民身份证',
  residence_permit: '港澳台居民居住证',
  permanent_resident: '外国人永久居留身份证',
  hk_macao_permit: '港澳居民来往内地通行证',
  taiwan_permit: '台湾居民来往大陆通行证',
  passport_cn: '护照',
  passport_other: '护照',
};

/** The letter of authorisation to print, filled in for the member who asks and for nobody else. */
export function letterPages(
  router: Router<State>,
  { gate, checks, printer, persons, clock }: CompanyCheckPages,
): void {
  router.get('/company/:id/letter/print', gate.admit, async (ctx) => {
    const key = keyOf(ctx);
    const view = await checks.view({ ...key, kind: 'authorisation_letter' });
    if (!view) throw new AppError('not_found');
    const person = await persons.find(key.accountId);
    if (person?.state !== 'verified' || !person.claims) throw new AppError('forbidden');
    const { name, documentType, documentNumber } = person.claims;
    const today = chinaDay(clock.now());
    const asked = typeof ctx.query['until'] === 'string' ? parseDay(ctx.query['until']) : undefined;
    try {
      ctx.body = await printer.print({
        companyName: view.company.name,
        creditCode: view.company.creditCode,
        personName: name,
        document: `${documentNames[documentType]} ${maskNumber(documentNumber)}`,
        from: today,
        until: asked !== undefined && asked >= today ? asked : undefined,
        madeAt: clock.now(),
      });
    } catch (error) {
      if (error instanceof WorkerError) throw new AppError('unavailable', { cause: error, retryAfter: 5 });
      throw error;
    }
    ctx.type = 'application/pdf';
    ctx.set('cache-control', 'no-store');
    ctx.set('content-disposition', 'attachment; filename="letter-of-authorisation.pdf"');
  });
}
