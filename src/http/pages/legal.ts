import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Router from '@koa/router';
import { AppError } from '../../core/errors.ts';
import { projectRoot } from '../../core/root.ts';
import type { Context, State } from '../context.ts';

export const legalDocuments = ['agreement', 'privacy'] as const;
export type LegalDocument = (typeof legalDocuments)[number];

export type LegalDependencies = {
  /** Who runs this installation and how to reach them; empty where the operator has not said. */
  readonly operator: { readonly name: string; readonly contact: string };
  readonly folder?: string;
};

/** The user agreement and the privacy policy: the newest version, and every older one at its own address. */
export function legalPages({ operator, folder = join(projectRoot, 'views', 'legal') }: LegalDependencies) {
  const published = legalVersions(folder);
  const router = new Router<State>();
  for (const document of legalDocuments) {
    router.get(`/legal/${document}`, (ctx) => show(ctx, document, published[document][0]));
    router.get(`/legal/${document}/:version`, (ctx) => {
      const { version } = ctx.params as { version: string };
      show(
        ctx,
        document,
        published[document].find((one) => one === version),
      );
    });
  }
  return router;

  function show(ctx: Context, document: LegalDocument, version: string | undefined): void {
    if (!version) throw new AppError('not_found');
    const versions = published[document];
    ctx.state.render('legal', { document, version, versions, operator });
  }
}

/** The versions (ISO dates) of every document, newest first, read from the names of the files. */
export function legalVersions(
  folder: string = join(projectRoot, 'views', 'legal'),
): Record<LegalDocument, string[]> {
  const versions: Record<LegalDocument, string[]> = { agreement: [], privacy: [] };
  for (const name of readdirSync(folder)) {
    const [, document, version] = /^(agreement|privacy)\.(\d{4}-\d\d-\d\d)\.zh-CN\.eta$/.exec(name) ?? [];
    if (document && version) versions[document as LegalDocument].push(version);
  }
  for (const list of Object.values(versions)) list.sort().reverse();
  return versions;
}
