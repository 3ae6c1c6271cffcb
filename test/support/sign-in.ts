import Router from '@koa/router';
import {
  createAccounts,
  createLimits,
  createMessages,
  createNumberChange,
  createPasswordHasher,
  createPasswordSignIn,
  createRegistration,
  createSignInCodes,
  createTestNumbers,
  limitRules,
  type LimitRule,
  type PasswordHasher,
  type PolicyVersions,
  type SmsSender,
} from '../../src/accounts/index.ts';
import type { Clock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import type { MessageId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { Context, State, Visitor as SignedIn } from '../../src/http/context.ts';
import { createCsrf } from '../../src/http/csrf.ts';
import type { Interactions, InteractionView } from '../../src/http/interactions.ts';
import { accountPages } from '../../src/http/pages/account.ts';
import { inboxPages } from '../../src/http/pages/inbox.ts';
import { numberPages } from '../../src/http/pages/number.ts';
import { signInPages } from '../../src/http/pages/sign-in.ts';
import { createServer } from '../../src/http/server.ts';
import type { SignIn } from '../../src/http/sign-in.ts';
import { createJobRunner } from '../../src/jobs/index.ts';
import { listen } from '../../src/listen.ts';
import { createInboxSender } from '../../src/providers/inbox.ts';
import type { TestDatabase } from './databases.ts';
import { freePort } from './free-port.ts';

export type AccountsOptions = {
  readonly countries?: readonly string[];
  readonly rules?: readonly LimitRule[];
  readonly testNumbers?: readonly string[];
  readonly inForce?: PolicyVersions;
  readonly hasher?: PasswordHasher;
  readonly sender?: (inbox: SmsSender) => SmsSender;
};

export const strictRules: readonly LimitRule[] = limitRules({ dailyBudget: 5000, sharedFactor: 1 });

/** The services of the feature as app.ts makes them, on a database of the suite. */
export function createAccountServices(database: TestDatabase, options: AccountsOptions = {}) {
  const { stores, transact, clock, dependencies } = database;
  const { ids, random } = dependencies;
  const countries = options.countries ?? ['CN', 'HK'];
  const hasher = options.hasher ?? createPasswordHasher();
  const rolesChanged: string[] = [];
  const endedFor: string[] = [];
  const shared = {
    stores,
    transact,
    clock,
    ids,
    random,
    countries,
    hasher,
    host: 'id.example.cn',
    limits: createLimits(options.rules ?? strictRules, countries[0] ?? 'CN'),
    testNumbers: createTestNumbers(options.testNumbers ?? [], { mode: 'development', clock }),
    inForce: options.inForce ?? { agreement: '2026-11-23', privacy: '2026-11-23' },
    onRolesChanged: async (_stores: unknown, id: string) => void rolesChanged.push(id),
  };
  const inbox = createInboxSender(stores.inbox, 'development');
  const sender = options.sender?.(inbox) ?? inbox;
  const messages = createMessages({ messages: stores.messages, sender, clock, log: silentLog });
  const jobs = createJobRunner({
    jobs: stores.jobs,
    handlers: {
      'sms.send': ({ messageId }) => messages.deliver(messageId as MessageId),
      'mail.send': async () => undefined,
      'images.destroy': async () => undefined,
      'case.examine': async () => undefined,
      'deposit.send': async () => undefined,
      'company.notice': async () => undefined,
    },
    clock,
    log: silentLog,
  });
  return {
    codes: createSignInCodes(shared),
    passwords: createPasswordSignIn(shared),
    registration: createRegistration(shared),
    accounts: createAccounts(shared),
    numbers: createNumberChange({
      ...shared,
      endOtherSessions: async (_stores, id, session) => endedFor.push(`${id} but ${session}`),
    }),
    endedFor,
    messages,
    jobs,
    hasher,
    countries,
    clock,
    stores,
    rolesChanged,
    /** The code of the newest message to a number. */
    async lastCode(phone: string): Promise<string> {
      await jobs.drain();
      const [message] = await stores.inbox.list(1, phone as never);
      return /\d{6}/.exec(message?.text ?? '')?.[0] ?? '';
    },
  };
}

export type AccountServices = ReturnType<typeof createAccountServices>;

type Pending = InteractionView & { readonly browser: string };

/** The ports of the OpenID provider, kept in memory: an interaction belongs to the browser that started it. */
function createTestProvider(clock: Clock) {
  const interactions = new Map<string, Pending>();
  const sessions = new Map<string, SignedIn>();
  let count = 0;
  const browserOf = (ctx: Context): string => {
    const known = ctx.cookies.get('browser');
    if (known) return known;
    const made = `browser-${++count}`;
    ctx.cookies.set('browser', made, { httpOnly: true });
    return made;
  };
  const begin = (ctx: Context, over: Partial<InteractionView> = {}): string => {
    const uid = `uid-${++count}`;
    const client = { id: 'demo', name: '示例招聘', uri: 'https://jobs.example.cn', firstParty: false };
    interactions.set(uid, { uid, prompt: 'login', create: false, client, ...over, browser: browserOf(ctx) });
    return uid;
  };
  const details = (ctx: Context): Pending => {
    const { uid } = ctx['params'] as { uid: string };
    const found = interactions.get(uid);
    if (!found || found.browser !== ctx.cookies.get('browser')) throw new AppError('gone');
    return found;
  };
  const port: Pick<Interactions, 'details' | 'signIn' | 'abort'> = {
    details: async (ctx) => details(ctx as Context),
    async signIn(ctx, { accountId, amr }) {
      const { uid, browser } = details(ctx as Context);
      interactions.delete(uid);
      sessions.set(browser, { accountId, amr, authenticatedAt: clock.now(), session: uid });
      ctx.status = 303;
      ctx.redirect(returns.get(uid) ?? 'https://jobs.example.cn/callback?code=1');
    },
    async abort(ctx) {
      interactions.delete(details(ctx as Context).uid);
      ctx.status = 303;
      ctx.redirect('https://jobs.example.cn/callback?error=access_denied');
    },
  };
  const returns = new Map<string, string>();
  const signIn: SignIn = {
    current: async (ctx) => sessions.get(ctx.cookies.get('browser') ?? ''),
    async start(ctx, returnTo) {
      const uid = begin(ctx);
      returns.set(uid, returnTo);
      ctx.status = 303;
      ctx.redirect(`/interaction/${uid}/phone`);
    },
    async signOut(ctx) {
      sessions.delete(browserOf(ctx));
      ctx.status = 303;
      ctx.redirect('/dev/inbox');
    },
  };
  return { begin, port, signIn, sessions };
}

/** The sign-in and account pages on a real server. `GET /start` begins an interaction, as an app's request would. */
export async function startAccountPages(database: TestDatabase, options: AccountsOptions = {}) {
  const services = createAccountServices(database, options);
  const provider = createTestProvider(database.clock);
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const csrf = createCsrf([{ id: 'k', key: Buffer.alloc(32, 1) }], issuer, systemRandom);
  const start = new Router<State>();
  start.get('/start', (ctx) => {
    const { create, hint, locales } = ctx.query as Record<string, string | undefined>;
    const uid = provider.begin(ctx, {
      create: create !== undefined,
      ...(hint === undefined ? {} : { loginHint: hint }),
      ...(locales === undefined ? {} : { uiLocales: locales }),
    });
    ctx.status = 303;
    ctx.redirect(`/interaction/${uid}/phone`);
  });
  const { clock } = database;
  const { countries, stores, jobs } = services;
  const app = createServer({
    config: { issuer, mode: 'production', trustedProxies: 1 },
    clock,
    random: systemRandom,
    log: silentLog,
    csrf,
    routers: [
      start,
      signInPages({ ...services, interactions: provider.port }),
      accountPages({
        ...services,
        signIn: provider.signIn,
        standing: async () => undefined,
        ownCompanies: async () => [],
        hold: async () => undefined,
        findPast: async () => undefined,
      }),
      numberPages({ ...services, signIn: provider.signIn }),
      inboxPages({ inbox: stores.inbox, mailInbox: stores.mailInbox, settle: jobs.drain, countries }),
    ],
  });
  const server = await listen(app.callback(), port, '127.0.0.1');
  return {
    ...services,
    issuer,
    sessions: provider.sessions,
    async close() {
      await server.close(0);
      await services.hasher.close();
    },
  };
}
