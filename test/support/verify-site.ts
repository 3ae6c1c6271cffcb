import { ManualClock } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { createCsrf } from '../../src/http/csrf.ts';
import { takesPicture, verifyPages } from '../../src/http/pages/verify/index.ts';
import { createServer } from '../../src/http/server.ts';
import type { SignIn } from '../../src/http/sign-in.ts';
import { createUploads } from '../../src/http/upload.ts';
import { listen } from '../../src/listen.ts';
import { openSqlite } from './databases.ts';
import { freePort } from './free-port.ts';
import { createVerificationRig, type VerificationRig } from './verification.ts';

export const testApp = { uid: 'interaction-of-alice', name: '示例招聘' };

/** Sign-in by naming the account in a cookie: the port's contract without the ceremony. */
const signInByCookie: SignIn = {
  async current(ctx) {
    const accountId = ctx.cookies.get('account');
    return accountId
      ? { accountId: accountId as AccountId, authenticatedAt: 0, amr: ['sms'], session: accountId }
      : undefined;
  },
  async start(ctx, returnTo) {
    ctx.redirect(`/sign-in?return=${encodeURIComponent(returnTo)}`);
  },
  async signOut(ctx) {
    ctx.cookies.set('account', null);
  },
};

/** The real middleware stack and the real pages of verification, listening. */
export async function startVerifySite(rig: VerificationRig, apps: Readonly<Record<string, AccountId>> = {}) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const csrf = createCsrf([{ id: 'k', key: Buffer.alloc(32, 1) }], issuer, systemRandom, takesPicture);
  const router = verifyPages({
    signIn: signInByCookie,
    uploads: createUploads(csrf, { maxBytes: 15 * 1024 * 1024, parallel: 4 }),
    verification: rig.verification,
    findApp: async (uid, accountId) => (apps[uid] === accountId ? { name: testApp.name } : undefined),
    hold: async () => undefined,
    bereftBy: async () => [],
    findPast: async () => undefined,
    contact: 'help@shiming.test',
  });
  const server = createServer({
    config: { issuer, mode: 'production', trustedProxies: 0 },
    clock: new ManualClock(),
    random: systemRandom,
    log: silentLog,
    csrf,
    routers: [router],
  });
  const listening = await listen(server.callback(), port, '127.0.0.1');
  return {
    issuer,
    close: () => listening.close(0),
    browser: (accountId?: AccountId, language = 'zh-CN') =>
      createBrowser(listening.port, accountId, language),
  };
}

/** The pages of verification on a new database, with the services behind them. */
export async function openVerifySite(apps?: Readonly<Record<string, AccountId>>) {
  const cleanups: (() => Promise<void> | void)[] = [];
  const database = await openSqlite(cleanups);
  const rig = createVerificationRig(database);
  const site = await startVerifySite(rig, apps);
  return {
    ...site,
    rig,
    database,
    async close() {
      await site.close();
      await rig.close();
      for (const cleanup of cleanups.reverse()) await cleanup();
    },
  };
}

export type OpenVerifySite = Awaited<ReturnType<typeof openVerifySite>>;

export type Page = { status: number; location: string | null; html: string; headers: Headers; path: string };

/** A browser without script: cookies, forms with their hidden fields, redirects followed one by one. */
function createBrowser(port: number, accountId: AccountId | undefined, language: string) {
  const base = `http://127.0.0.1:${port}`;
  const cookies = new Map<string, string>(accountId ? [['account', accountId]] : []);
  const request = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (!headers.has('accept')) headers.set('accept', 'text/html,*/*;q=0.8');
    headers.set('accept-language', language);
    const response = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = response.headers.get('location');
    return {
      status: response.status,
      location,
      html: await response.text(),
      headers: response.headers,
      path,
    };
  };
  const get = (path: string) => request(path);
  /** Follows redirects to the page they end at. */
  const visit = async (path: string): Promise<Page> => {
    let page = await get(path);
    for (let hops = 0; page.location && hops < 5; hops++) page = await get(page.location);
    return page;
  };
  const hidden = (page: Page): Record<string, string> =>
    Object.fromEntries(
      [...page.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        ([, name, value]) => [name, value],
      ),
    ) as Record<string, string>;
  return {
    get,
    visit,
    request,
    hidden,
    /** Submits the form of a page with the fields given; hidden fields come from the page. */
    submit(page: Page, fields: Record<string, string> = {}, path = page.path): Promise<Page> {
      return request(path, {
        method: 'POST',
        body: new URLSearchParams({ ...hidden(page), ...fields }),
      });
    },
    upload(
      page: Page,
      content: Buffer,
      { name = 'picture', type = 'image/jpeg', fields = {}, headers = {} } = {},
    ) {
      const form = new FormData();
      for (const [key, value] of Object.entries({ ...hidden(page), ...fields })) form.set(key, value);
      form.set(name, new Blob([new Uint8Array(content)], { type }), 'picture.jpg');
      return request(page.path, { method: 'POST', body: form, headers });
    },
  };
}

export type VerifyBrowser = ReturnType<typeof createBrowser>;
