import { setTimeout as pause } from 'node:timers/promises';
import { ManualClock, type Clock } from '../core/clock.ts';
import type { CaseState } from '../verification/case-machine.ts';
import { testCompany, testIdentity, type TestCompany, type TestIdentity } from './identities.ts';
import { settleScript, type VerificationScript } from './verification-script.ts';
import { createVisitor, type VisitedPage, type Visitor } from './visitor.ts';

export type PersonOptions = {
  issuer: string;
  clock: Clock;
  /** E.164. */
  phone: string;
  /** Which person of the run this is; it settles who they are. */
  nth: number;
  /** The role to choose on registration. */
  role: 'candidate' | 'recruiter';
  lang: 'zh-CN' | 'en';
  /** What is different about the person that the documents name. */
  identity: Partial<TestIdentity>;
  /** How they go through the verification where signing in leads there. */
  verification: VerificationScript;
  /** Origins of apps that are running; any other address outside the provider is named but not asked for. */
  apps: readonly string[];
  messages: (phone: string) => Promise<readonly { code: string | null }[]>;
  /** For pages that the scripts do not know, tried in order before their own. */
  answers: readonly PageAnswer[];
};

/** How somebody gets past the pages whose path matches. */
export type PageAnswer = readonly [
  path: RegExp,
  answer: (browser: Visitor, page: VisitedPage) => Promise<VisitedPage>,
];

/** Where a verification stands. */
export type VerificationState = CaseState;

/** Somebody who signs in by script, over HTTP, through the same pages as everybody else. */
export type Person = {
  readonly phone: string;
  /** Who the documents say they are. */
  readonly identity: TestIdentity;
  /** The company they act for unless a script says otherwise. */
  readonly company: TestCompany;
  readonly browser: Visitor;
  /**
   * Opens the address of an app's sign-in and does what the pages ask until the provider sends the browser back; where
   * the app insists on a verified recruiter, the verification too. Who belongs to several companies acts for `company`
   * (a unified social credit code) where the provider asks, else for the one chosen last or the first.
   */
  signIn(authorizationUrl: string | URL, choice?: { company?: string }): Promise<URL>;
  /**
   * Goes through the verification, signing in first where needed, and answers where it stands then. Again for somebody
   * who was asked for parts again does those; for somebody rejected or revoked, or verified where the script names a
   * `scope`, begins anew.
   */
  verify(script?: VerificationScript): Promise<VerificationState>;
  /** Opens an address and does what the pages ask until `arrived` says so. Throws where no answer is known. */
  walk(url: string | URL, arrived: (page: VisitedPage) => boolean): Promise<VisitedPage>;
  /** The newest code that was sent to this person's number. Throws when there is none. */
  newestCode(): Promise<string>;
};

type Given = Pick<PersonOptions, 'issuer' | 'clock' | 'phone' | 'messages'> & Partial<PersonOptions>;

const maxPages = 40;
const statusPath = '/verify/status';

export function createPerson(options: Given): Person {
  const { issuer, clock, phone, messages, nth = 0, apps = [] } = options;
  const { role = 'candidate', lang = 'zh-CN' } = options;
  const identity = { ...testIdentity(nth), ...options.identity };
  const company = testCompany(nth, identity.name);
  const stopAt = (url: URL) => url.origin !== issuer && !apps.includes(url.origin);
  const browser = createVisitor({ clock, lang, stopAt });

  const newestCode = async () => {
    const code = (await messages(phone)).find((message) => message.code !== null)?.code;
    if (!code) throw new Error(`no code was sent to ${phone}`);
    return code;
  };

  const signInAnswers: readonly PageAnswer[] = [
    ...(options.answers ?? []),
    [/\/phone$/, () => browser.submit({ phone })],
    [/\/code$/, async () => browser.submit({ code: await newestCode() })],
    [/\/agreement$/, () => browser.submit({ accept: '1' })],
    [/\/role$/, () => browser.submit({ role })],
    actFor(undefined),
    [/^\/interaction\/[^/]+\/consent$/, () => browser.submit({}, { button: 'allow' })],
  ];
  const backToApp: PageAnswer = [
    /^\/verify\/status$/,
    async () => {
      await settled(browser);
      await browser.open(statusPath);
      return browser.follow('/continue');
    },
  ];

  const walkFrom = async (
    page: VisitedPage,
    answers: readonly PageAnswer[],
    arrived: (page: VisitedPage) => boolean,
  ): Promise<VisitedPage> => {
    let current = page;
    for (let pages = 0; !arrived(current); pages++) {
      const [, answer] = answers.find(([path]) => path.test(current.url.pathname)) ?? [];
      if (!answer || current.status !== 200 || current.url.origin !== issuer || pages === maxPages) {
        const said = current.text.slice(0, 600);
        throw new Error(`the script stopped at ${current.url.href} (${current.status}): ${said}`);
      }
      current = await answer(browser, current);
    }
    return current;
  };
  const go = async (
    url: string | URL,
    arrived: (page: VisitedPage) => boolean,
    more: readonly PageAnswer[] = [],
  ): Promise<VisitedPage> => {
    const { answers } = settleScript(identity, company, options.verification);
    return walkFrom(await browser.open(url), [...more, ...signInAnswers, ...answers, backToApp], arrived);
  };
  const walk: Person['walk'] = (url, arrived) => go(url, arrived);

  return {
    phone,
    identity,
    company,
    browser,
    newestCode,
    walk,
    signIn: async (url, choice = {}) =>
      (await go(url, (page) => page.url.origin !== issuer, [actFor(choice.company)])).url,
    async verify(script) {
      const { answers, refusesAt } = settleScript(identity, company, script);
      const entered = await walkFrom(await browser.open(`${issuer}/verify`), signInAnswers, isVerification);
      const page = entered.url.pathname === statusPath ? await goOn(browser, clock, script?.scope) : entered;
      await walkFrom(page, answers, (at) => at.url.pathname === statusPath || refusesAt(at));
      return settled(browser);
    },
  };
}

/** Chooses the company to act for by its code. */
function actFor(code: string | undefined): PageAnswer {
  return [
    /^\/interaction\/[^/]+\/company$/,
    async (browser, page) => {
      const form = page.forms.find(({ choices }) => choices.has('company'));
      const offered = form?.choices.get('company') ?? [];
      const company = code ?? form?.fields.get('company')?.[0] ?? offered[0];
      if (company === undefined || !offered.includes(company))
        throw new Error(
          `no company ${code ?? ''} to act for, only ${offered.join(', ') || 'none'}: ${page.text}`,
        );
      return browser.submit({ company });
    },
  ];
}

const isVerification = ({ url }: VisitedPage): boolean => url.pathname.startsWith('/verify');

/** From the status of an earlier verification to what can be done now; stays where there is nothing to do. */
async function goOn(
  browser: Visitor,
  clock: Clock,
  scope: VerificationScript['scope'],
): Promise<VisitedPage> {
  const state = await settled(browser);
  await browser.open(statusPath);
  // A part that is asked for again begins with its picture.
  if (state === 'resubmission') return browser.follow('/verify/photo/');
  const isOver = state === 'rejected' || state === 'revoked';
  if (!isOver && !(state === 'approved' && scope)) return browser.page();
  // Where the clock stands still, nothing else tells the newer of two verifications from the older.
  if (clock instanceof ManualClock) clock.advance(1);
  return scope ? browser.open('/verify/about') : browser.submit({}, { action: '/verify/start' });
}

const looks = 200;

/** Where the verification stands once the machine has looked. */
async function settled(browser: Visitor): Promise<VerificationState> {
  for (let look = 0; look < looks; look++) {
    const { html } = await browser.open('/verify/status.json');
    const { state } = JSON.parse(html) as { state: VerificationState };
    if (state !== 'submitted') return state;
    await pause(50);
  }
  throw new Error('the machine has not looked at the verification');
}
