import type { Eta } from 'eta';

/** One thing wrong with a submitted form: the field's name and the locale key of the sentence that says so. */
export type FieldError = {
  field: string;
  message: string;
  params?: Readonly<Record<string, string | number>>;
};

/** What every template receives, whatever the page. */
export type ViewBase = {
  t: (key: string, params?: Readonly<Record<string, string | number>>) => string;
  lang: string;
  csrfToken?: string;
  asset?: (name: string) => string;
  errors?: readonly FieldError[];
  values?: Readonly<Record<string, unknown>>;
};

export type Ui = (name: string, params?: Readonly<Record<string, unknown>>) => string;

/** Makes `ui` callable in every template without repeating `it.`. */
export const templateHeader = 'const ui = it.ui;';

/**
 * The function templates call to place a partial: `ui('field', { name: 'phone', label })`.
 *
 * A partial sees its own parameters as `it.p` and the basics of the view, never the page's data, so that a page
 * variable called `title` or `error` cannot leak into it. A named control finds what was entered (`values`) and what
 * was wrong with it (`errors`) by itself; an explicit `value` or `error` wins.
 */
export function bindPartials(eta: Eta, view: ViewBase): Ui {
  const { t, lang, csrfToken, asset, errors, values } = view;
  const ui: Ui = (name, params = {}) =>
    eta.render(`/partials/${name}`, { t, lang, csrfToken, asset, errors, ui, p: resolve(params) });

  function resolve(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const name = params['name'];
    if (typeof name !== 'string') return { ...params };
    const found = errors?.find((error) => error.field === name);
    return {
      ...params,
      id: params['id'] ?? `f-${name}`,
      value: params['value'] ?? values?.[name],
      error: params['error'] ?? (found ? t(found.message, found.params) : undefined),
    };
  }
  return ui;
}
