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
};

/** Somebody who signs in by script, over HTTP, through the same pages as everybody else. */
export type Person = {
  readonly phone: string;
  readonly browser: Visitor;
  /** Opens the address of an app's sign-in and does what the pages ask until the provider sends the browser back. */
  signIn(authorizationUrl: string | URL): Promise<URL>;
  /** The code of the newest message to this person's number. Throws when there is none. */
  newestCode(): Promise<string>;
};

type Given = Pick<PersonOptions, 'issuer' | 'clock' | 'phone' | 'messages'> & Partial<PersonOptions>;

const maxPages = 12;

export function createPerson({
  issuer,
  clock,
  phone,
  messages,
  role = 'candidate',
  lang = 'zh-CN',
  apps = [],
}: Given): Person {
  const browser = createVisitor({
    clock,
    lang,
    stopAt: (url) => url.origin !== issuer && !apps.includes(url.origin),
  });

  const newestCode = async () => {
    const code = (await messages(phone))[0]?.code;
    if (!code) throw new Error(`no code was sent to ${phone}`);
    return code;
  };

  /** Last part of a page's path → how a person gets past it. */
  const steps: Readonly<Record<string, () => Promise<VisitedPage>>> = {
    phone: () => browser.submit({ phone }),
    code: async () => browser.submit({ code: await newestCode() }),
    agreement: () => browser.submit({ accept: '1' }),
    role: () => browser.submit({ role }),
    consent: () => browser.submit({}, { button: 'allow' }),
  };

  return {
    phone,
    browser,
    newestCode,
    async signIn(authorizationUrl) {
      let page = await browser.open(authorizationUrl);
      for (let pages = 0; page.url.origin === issuer; pages++) {
        const step = steps[page.url.pathname.split('/').at(-1) ?? ''];
        if (!step || page.status !== 200 || pages === maxPages) {
          throw new Error(
            `signing in stopped at ${page.url.href} (${page.status}): ${page.text.slice(0, 600)}`,
          );
        }
        page = await step();
      }
      return page.url;
    },
  };
}
