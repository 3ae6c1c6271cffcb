import type { Clock } from '../core/clock.ts';
import { createVisitor, type VisitedPage, type Visitor } from './visitor.ts';

export type PersonOptions = {
  issuer: string;
  clock: Clock;
  /** E.164. */
  phone: string;
  /** The role to choose on registration. */
  role: 'candidate' | 'recruiter';
  lang: 'zh-CN' | 'en';
  /** Origins of apps that are running; any other address outside the provider is named but not asked for. */
  apps: readonly string[];
  messages: (phone: string) => Promise<readonly { code: string | null }[]>;
  /** For pages that signing in does not know, tried in order before its own. */
  answers: readonly PageAnswer[];
};

/** How somebody gets past the pages whose path matches. */
export type PageAnswer = readonly [
  path: RegExp,
  answer: (browser: Visitor, page: VisitedPage) => Promise<VisitedPage>,
];

/** Somebody who signs in by script, over HTTP, through the same pages as everybody else. */
export type Person = {
  readonly phone: string;
  readonly browser: Visitor;
  /** Opens the address of an app's sign-in and does what the pages ask until the provider sends the browser back. */
  signIn(authorizationUrl: string | URL): Promise<URL>;
  /** Opens an address and does what the pages ask until `arrived` says so. Throws where no answer is known. */
  walk(url: string | URL, arrived: (page: VisitedPage) => boolean): Promise<VisitedPage>;
  /** The code of the newest message to this person's number. Throws when there is none. */
  newestCode(): Promise<string>;
};

type Given = Pick<PersonOptions, 'issuer' | 'clock' | 'phone' | 'messages'> & Partial<PersonOptions>;

const maxPages = 40;

export function createPerson(options: Given): Person {
  const { issuer, clock, phone, messages, role = 'candidate', lang = 'zh-CN', apps = [] } = options;
  const stopAt = (url: URL) => url.origin !== issuer && !apps.includes(url.origin);
  const browser = createVisitor({ clock, lang, stopAt });

  const newestCode = async () => {
    const code = (await messages(phone))[0]?.code;
    if (!code) throw new Error(`no code was sent to ${phone}`);
    return code;
  };

  const answers: readonly PageAnswer[] = [
    ...(options.answers ?? []),
    [/\/phone$/, () => browser.submit({ phone })],
    [/\/code$/, async () => browser.submit({ code: await newestCode() })],
    [/\/agreement$/, () => browser.submit({ accept: '1' })],
    [/\/role$/, () => browser.submit({ role })],
    [/^\/interaction\/[^/]+\/consent$/, () => browser.submit({}, { button: 'allow' })],
  ];

  const walk: Person['walk'] = async (url, arrived) => {
    let page = await browser.open(url);
    for (let pages = 0; !arrived(page); pages++) {
      const [, answer] = answers.find(([path]) => path.test(page.url.pathname)) ?? [];
      if (!answer || page.status !== 200 || page.url.origin !== issuer || pages === maxPages) {
        const said = page.text.slice(0, 600);
        throw new Error(`the script stopped at ${page.url.href} (${page.status}): ${said}`);
      }
      page = await answer(browser, page);
    }
    return page;
  };

  return {
    phone,
    browser,
    newestCode,
    walk,
    signIn: async (url) => (await walk(url, (page) => page.url.origin !== issuer)).url,
  };
}
