import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import { listen } from '../../src/listen.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { accessibilityFindings, launchBrowser, visit, type Visit } from '../support/browser.ts';
import { joinCompany, leaveCompany, type Joined } from '../support/recruiters.ts';

let redirectUri: string;
let app: { port: number; close(graceMs: number): Promise<void> };
let browser: Browser;
let provider: TestProvider;
let clientId: string;

beforeAll(async () => {
  [browser, provider, app] = await Promise.all([
    launchBrowser(),
    startTestProvider(),
    listen((_request, response) => response.end('signed in'), 0, '127.0.0.1'),
  ]);
  redirectUri = `http://localhost:${app.port}/callback`;
  ({ clientId } = await provider.addClient({
    name: '招聘助手',
    public: true,
    redirectUris: [redirectUri],
  }));
});
afterAll(async () => {
  await browser.close();
  await app.close(0);
  await provider.close();
});

/** An authorization request of the app; what comes back is not looked at here. */
function address(parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid verification company job:publish',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...parameters,
  });
  return `${provider.issuer}/oauth/authorize?${query.toString()}`;
}

/** A verified recruiter of three companies, one of which is not verified any more. */
async function recruiter(): Promise<{
  person: Person;
  second: Joined;
  lapsed: Joined;
  leave(): Promise<void>;
}> {
  const person = provider.person({ role: 'recruiter' });
  await person.verify();
  const { app, clock } = provider;
  const account = await app.database.stores.accounts.findByPhone(person.phone as never);
  if (!account) throw new Error('no account');
  const validUntil = clock.now() + days(90);
  const second = await joinCompany(app, account.id, {
    name: '样本教育咨询有限公司',
    role: 'administrator',
    validUntil,
  });
  const lapsed = await joinCompany(app, account.id, {
    name: '名字相当长的示例人力资源服务（上海）股份有限公司',
  });
  await app.database.transact(async (stores) => {
    await stores.companies.advance(lapsed.id, 'verified', 'lapsed');
    await app.entitlements.recompute(stores, account.id);
  });
  return { person, second, lapsed, leave: () => leaveCompany(app, account.id, second) };
}

async function signIn({ page }: Visit, person: Person): Promise<void> {
  // Messages to one number come once a minute.
  provider.clock.advance(61_000);
  await page.fill('input[name=phone]', person.phone.replace('+86', ''));
  await page.click('form[action$="/phone"] button[type=submit]');
  await page.waitForURL((url) => url.pathname.endsWith('/code'));
  await page.fill('input[name=code]', await person.newestCode());
  await page.waitForURL((url) => url.pathname.endsWith('/company'));
}

describe.each([
  ['phone', 'zh-CN'],
  ['phone', 'en'],
  ['desktop', 'zh-CN'],
  ['desktop', 'en'],
] as const)('on a %s in %s, a recruiter of several companies', (device, lang) => {
  it('chooses one, is told why another cannot recruit, and is asked again after leaving', async () => {
    const { person, second, lapsed, leave } = await recruiter();
    const visitor = await visit(browser, { device, lang });
    const { page } = visitor;
    const looked = async (name: string) => {
      expect(await accessibilityFindings(page), name).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBe(0);
    };
    await page.goto(address());
    await signIn(visitor, person);
    await looked('company');
    const names = await page.locator('.choice-label').allTextContents();
    expect(names).toHaveLength(3);
    expect(names.at(-1)).toContain('名字相当长');
    expect(await page.locator('.choice-hint > p:not(.meta)').allTextContents()).toHaveLength(1);
    expect(await page.locator('input[name=company]:checked').count()).toBe(0);

    // Choosing nothing says so beside the field, and by the keyboard alone it goes on.
    await page.click('form:has(input[name=company]) button[type=submit]');
    await page.waitForSelector('.error-summary');
    await looked('company-error');
    await page.focus(`input[value="${second.code}"]`);
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.endsWith('/consent'));
    expect(await page.textContent('main')).toContain('样本教育咨询有限公司');
    await looked('company-consent');
    await page.click('button[value=allow]');
    await page.waitForURL(`${redirectUri}*`);

    await page.goto(`${provider.issuer}/account/apps`);
    expect(await page.textContent('main')).toContain('样本教育咨询有限公司');
    await leave();
    await page.reload();
    await looked('company-apps');
    await page.goto(address());
    await page.waitForURL((url) => url.pathname.endsWith('/company'));
    expect(await page.textContent('.notice-warning')).toContain('样本教育咨询有限公司');
    expect(await page.locator(`input[value="${second.code}"]`).count()).toBe(0);
    await looked('company-left');
    await page.goto(address({ company: second.code }));
    await page.waitForURL((url) => url.pathname.endsWith('/company'));
    expect(await page.textContent('main')).toContain(second.code);
    await looked('company-refused');
    await page.check(`input[value="${lapsed.code}"]`, { force: true });
    await page.click('form:has(input[name=company]) button[type=submit]');
    await page.waitForURL(`${redirectUri}*`);
    expect(visitor.complaints()).toEqual([]);
    await visitor.close();
  });
});
