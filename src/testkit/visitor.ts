import type { Clock } from '../core/clock.ts';
import { createCookieJar, type CookieJar } from './cookie-jar.ts';
import { readForms, readText, type Form } from './forms.ts';

/** Where a visitor stands. */
export type VisitedPage = {
  readonly url: URL;
  /** 0 where the visitor stopped before asking for the address. */
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What a person reads. */
  readonly text: string;
  readonly forms: readonly Form[];
};

export type FieldValue = string | readonly string[] | File;

export type Submission = {
  /** Part of the action of the form to submit; needed where several forms would do. */
  action?: string;
  /** The value of the button to press, where the form has several. */
  button?: string;
  /** A control the form has, where nothing is to be filled in. */
  holding?: string;
};

/** Somebody with a browser without script: pages, forms, redirects and cookies over HTTP. */
export type Visitor = {
  readonly jar: CookieJar;
  page(): VisitedPage;
  open(url: string | URL): Promise<VisitedPage>;
  /** Fills in a form of the page and submits it. Throws when the page has no such form, field or button. */
  submit(fields?: Readonly<Record<string, FieldValue>>, which?: Submission): Promise<VisitedPage>;
  /** The same with a form that the caller chose. */
  submitForm(
    form: Form,
    fields?: Readonly<Record<string, FieldValue>>,
    which?: Submission,
  ): Promise<VisitedPage>;
  /** Follows the first link whose address contains `part`. */
  follow(part: string): Promise<VisitedPage>;
};

export type VisitorOptions = {
  clock: Clock;
  /** Sent as Accept-Language. */
  lang?: string;
  /** Addresses not to be asked for, such as the callback of an app that is not running. */
  stopAt?: (url: URL) => boolean;
  /** Sent with every request, such as an address before a trusted proxy. */
  headers?: Readonly<Record<string, string>>;
};

const maxRedirects = 20;

export function createVisitor(options: VisitorOptions): Visitor {
  const jar = createCookieJar(options.clock);
  let current: VisitedPage | undefined;

  async function load(url: URL, init: RequestInit = {}): Promise<VisitedPage> {
    let next = { url, init };
    for (let hops = 0; hops <= maxRedirects; hops++) {
      if (options.stopAt?.(next.url)) return (current = toPage(next.url, 0, new Headers(), ''));
      const response = await fetch(next.url, {
        ...next.init,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          'accept-language': options.lang ?? 'zh-CN',
          ...options.headers,
          ...(current && next.init.method === 'POST' && { origin: current.url.origin }),
          ...(jar.header(next.url) && { cookie: jar.header(next.url) }),
        },
      });
      jar.store(next.url, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (!location)
        return (current = toPage(next.url, response.status, response.headers, await response.text()));
      await response.body?.cancel();
      const keep = response.status === 307 || response.status === 308;
      next = { url: new URL(location, next.url), init: keep ? next.init : {} };
    }
    throw new Error(`more than ${maxRedirects} redirects, the last one to ${next.url.href}`);
  }

  const page = () => {
    if (!current) throw new Error('the visitor has not opened a page yet');
    return current;
  };
  const submitForm: Visitor['submitForm'] = async (form, fields = {}, which = {}) => {
    const entries = filledIn(form, fields, which);
    const target = new URL(form.action, page().url);
    if (form.method === 'post') return load(target, { method: 'POST', body: toBody(form, entries) });
    for (const [name, value] of entries) {
      if (typeof value === 'string') target.searchParams.append(name, value);
    }
    return load(target);
  };
  return {
    jar,
    page,
    open: (url) => load(new URL(url, current?.url)),
    async submit(fields = {}, which = {}) {
      return submitForm(chooseForm(page(), fields, which), fields, which);
    },
    submitForm,
    async follow(part) {
      const links = [...page().html.matchAll(/<a\b[^>]*?\bhref="([^"]*)"/gi)].map(([, href = '']) => href);
      const found = links.find((href) => href.includes(part));
      if (found === undefined)
        throw new Error(`no link to "${part}" on ${page().url.href}: ${links.join(' ')}`);
      return load(new URL(found.replaceAll('&amp;', '&'), page().url));
    },
  };
}

function toPage(url: URL, status: number, headers: Headers, html: string): VisitedPage {
  return { url, status, headers, html, text: readText(html), forms: readForms(html) };
}

function chooseForm(page: VisitedPage, fields: object, { action, button, holding }: Submission): Form {
  const found = page.forms.filter(
    (form) =>
      (action === undefined || form.action.includes(action)) &&
      (holding === undefined || form.names.has(holding)) &&
      (button === undefined || form.buttons.some(({ value }) => value === button)) &&
      Object.keys(fields).every((name) => form.names.has(name)),
  );
  const [form] = found;
  if (form && (found.length === 1 || action !== undefined)) return form;
  const offered = page.forms.map(({ action, names }) => `${action} (${[...names].join(', ')})`);
  throw new Error(
    `${found.length} forms of ${page.url.href} (${page.status}) take ${Object.keys(fields).join(', ') || 'nothing'}: ` +
      `${offered.join('; ')}\n${page.text.slice(0, 600)}`,
  );
}

function filledIn(
  form: Form,
  fields: Readonly<Record<string, FieldValue>>,
  { button }: Submission,
): [string, string | File][] {
  const kept = [...form.fields].filter(([name]) => !(name in fields));
  const pressed = form.buttons.find(({ value }) => value === button && button !== undefined);
  return [
    ...kept.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
    ...Object.entries(fields).flatMap(([name, value]): [string, string | File][] => {
      if (typeof value === 'string' || value instanceof File) return [[name, value]];
      return value.map((one) => [name, one]);
    }),
    ...(pressed ? [[pressed.name, pressed.value] as [string, string]] : []),
  ];
}

function toBody(form: Form, entries: readonly [string, string | File][]): FormData | URLSearchParams {
  const body = form.multipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of entries) body.append(name, value as string);
  return body;
}
