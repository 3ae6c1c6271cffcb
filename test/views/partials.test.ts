import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { bindPartials, templateHeader, type ViewBase } from '../../src/http/partials.ts';
import { loadLocales } from '../../src/http/locale.ts';

const views = join(projectRoot, 'views');
const names = readdirSync(join(views, 'partials')).map((file) => file.replace('.eta', ''));
const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'';

function ui(name: string, params: Record<string, unknown> = {}, view: Partial<ViewBase> = {}): string {
  const eta = new Eta({ views, cache: true, functionHeader: templateHeader });
  const t = loadLocales().translate('zh-CN');
  return bindPartials(eta, {
    t: (key, parameters) => t(key, parameters),
    lang: 'zh-CN',
    csrfToken: 'token',
    asset: (asset) => `/assets/${asset}`,
    ...view,
  })(name, params);
}

/** One set of parameters a partial, every text of it hostile. */
const hostile: Record<string, Record<string, unknown>> = {
  attrs: { attrs: { 'data-x': evil, onclick: evil, style: evil, 'x y': evil } },
  'back-link': { href: evil, label: evil },
  button: { label: evil, name: evil, value: evil, kind: evil, busy: evil },
  'button-link': { label: evil, href: evil },
  card: { title: evil, id: evil },
  checkbox: { name: evil, label: evil, hint: evil, error: evil, boxValue: evil },
  'compare-faces': { version: evil },
  'code-field': { name: evil, label: evil, hint: evil, error: evil, value: evil },
  'code-form': { action: evil, code: { delivery: evil, reason: evil, resendIn: 3 }, failed: evil },
  date: { name: evil, label: evil, hint: evil, error: evil, value: evil, min: evil },
  describe: { id: evil, hint: evil, error: evil },
  details: { summary: evil, body: evil },
  empty: { title: evil, body: evil, actionHref: evil, action: evil, icon: evil },
  'error-summary': { errors: [{ field: evil, text: evil }], title: evil },
  field: {
    name: evil,
    label: evil,
    hint: evil,
    error: evil,
    value: evil,
    prefix: evil,
    suffix: evil,
    doubtful: evil,
    type: evil,
  },
  file: { name: evil, label: evil, hint: evil, error: evil, accept: evil },
  'form-close': { upload: true },
  'form-open': { action: evil, id: evil, label: evil },
  frame: { shape: evil, hint: evil, hintId: evil },
  icon: { name: evil, size: evil },
  'language-switch': { path: `/verify?interaction=${evil}` },
  notice: { tone: 'info', title: evil, body: evil, role: evil },
  'page-header': { title: evil, lead: evil, caption: evil },
  'phone-field': {
    countries: [{ country: evil, calling: evil, name: evil }],
    label: evil,
    hint: evil,
    autocomplete: evil,
  },
  'picture-examples': { kind: evil },
  'read-from': { read: { value: evil, crop: evil, shown: evil }, label: evil },
  radios: {
    name: evil,
    legend: evil,
    hint: evil,
    error: evil,
    options: [{ value: evil, label: evil, hint: evil, meta: evil, icon: evil }],
  },
  resend: { action: evil, seconds: 3, label: evil, fields: { [evil]: evil } },
  seal: { size: evil },
  select: {
    name: evil,
    label: evil,
    hint: evil,
    error: evil,
    empty: evil,
    options: [[evil, evil]],
    value: evil,
  },
  'sign-in-header': { client: { name: evil, uri: `https://a.example/${evil}`, firstParty: false } },
  'sign-out': { action: evil },
  'staff-record': {
    title: evil,
    by: evil,
    at: evil,
    cause: evil,
    reasons: [{ step: evil, text: evil }],
    message: evil,
    note: evil,
  },
  'status-tag': { text: evil, tone: evil },
  steps: { steps: [{ label: evil, href: evil, state: 'done' }, { label: evil }], current: 1 },
  'summary-list': { rows: [{ key: evil, value: evil, hint: evil, href: evil, action: evil }] },
  table: { caption: evil, columns: [{ key: 'a', label: evil }], rows: [{ a: evil, href: evil }] },
  textarea: { name: evil, label: evil, hint: evil, error: evil, value: `</textarea>${evil}` },
  timeline: { items: [{ title: evil, at: evil, atIso: evil, by: evil, body: evil, state: 'done' }] },
  'verify-top': {
    back: evil,
    stages: [{ label: evil, state: 'current' }],
    askedAgain: [evil],
    message: evil,
  },
};

const tags = (html: string) => html.match(/<\/?[a-z]\w*/g) ?? [];

describe('every partial', () => {
  it('is in the table of this test', () => {
    expect(Object.keys(hostile).sort()).toEqual([...names].sort());
  });

  it.each(names)('%s escapes what it is given', (name) => {
    const html = ui(name, hostile[name]);
    expect(html).not.toMatch(/<script|<img src=x|onclick=|[^-]style=/);
    const marked = JSON.stringify(hostile[name]).replaceAll(JSON.stringify(evil).slice(1, -1), 'x');
    expect(tags(html)).toEqual(tags(ui(name, JSON.parse(marked) as Record<string, unknown>)));
  });

  it.each(names)('%s explains its parameters', (name) => {
    expect(readFileSync(join(views, 'partials', `${name}.eta`), 'utf8')).toMatch(/^<%\/\*[\s\S]{20,}?\*\//);
  });
});

describe('a form control', () => {
  const view = {
    errors: [{ field: 'phone', message: 'gallery.error_phone' }],
    values: { phone: '138', role: 'b', agree: '1' },
  };

  it('finds its value and its error by its name', () => {
    const html = ui('field', { name: 'phone', label: '手机号' }, view);
    expect(html).toContain('value="138"');
    expect(html).toContain('手机号少了几位');
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('aria-describedby="f-phone-error"');
  });

  it('is reached from the error summary', () => {
    expect(ui('error-summary', {}, view)).toContain('href="#f-phone"');
    expect(ui('error-summary', {}, {})).toBe('');
  });

  it('keeps a choice', () => {
    const options = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ];
    expect(ui('radios', { name: 'role', legend: 'R', options }, view)).toMatch(/value="b" checked/);
    expect(ui('select', { name: 'role', label: 'R', options }, view)).toMatch(/value="b" selected/);
    expect(ui('checkbox', { name: 'agree', label: 'A' }, view)).toMatch(/ checked/);
  });

  it('never writes a password back', () => {
    expect(ui('field', { name: 'p', label: 'P', type: 'password', value: 'secret' })).not.toContain('secret');
  });

  it('does not see the data of the page', () => {
    expect(ui('card', { body: 'x' }, { title: 'leak' } as never)).not.toContain('leak');
  });
});

describe('a form', () => {
  it('carries its token when it is posted and none when it is not', () => {
    expect(ui('form-open')).toContain('<input type="hidden" name="_csrf" value="token">');
    expect(ui('form-open', { method: 'get' })).not.toContain('_csrf');
  });
});
