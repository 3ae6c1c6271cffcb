import { join } from 'node:path';
import { Eta } from 'eta';
import { projectRoot } from '../core/root.ts';
import { bindPartials, templateHeader, type ViewBase } from './partials.ts';

export type Views = { render(page: string, view: ViewBase & Readonly<Record<string, unknown>>): string };

/** Eta with escaping on; templates are compiled once, or at every change in development. */
export function createViews({
  reload,
  folder = join(projectRoot, 'views'),
}: {
  reload: boolean;
  folder?: string;
}): Views {
  const eta = new Eta({ views: folder, cache: !reload, autoEscape: true, functionHeader: templateHeader });
  return { render: (page, view) => eta.render(`/pages/${page}`, { ...view, ui: bindPartials(eta, view) }) };
}
