import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoApp } from '../../examples/demo-app/server.ts';
import { startTestProvider, type TestProvider } from '../../src/testkit/index.ts';
import { accessibilityFindings, choose, launchBrowser, visit, type Visit } from '../support/browser.ts';
import { startBrowserApp, type BrowserApp } from '../support/spa/server.ts';
import { startRegisteredDemo } from '../support/demo-app.ts';

let browser: Browser;
let provider: TestProvider;
let demo: DemoApp;
let spa: BrowserApp;

beforeAll(async () => {
  [browser, provider, spa] = await Promise.all([launchBrowser(), startTestProvider(), startBrowserApp()]);
  demo = await startRegisteredDemo(provider);
  const { clientId } = await provider.addClient({
    name: 'Browser app',
    public: true,
    redirectUris: [`${spa.url}/callback`],
    postLogoutRedirectUris: [`${spa.url}/`],
  });
  spa.configure({ issuer: provider.issuer, clientId });
});

afterAll(async () => {
  await browser.close();
  spa.close();
  await demo.close();
  await provider.close();
});

/** Goes from the phone page to the app, looking at each page with axe. */
async function register({ page }: Visit, role: 'candidate' | 'recruiter'): Promise<string> {
  const { phone, newestCode } = provider.person();
  const looked = async (part: string) => {
    await page.waitForURL((url) => url.pathname.endsWith(part));
    expect(await accessibilityFindings(page), part).toEqual([]);
  };
  const send = (part: string) => page.click(`form[action$="${part}"] button[type=submit]`);
  await looked('/phone');
  await page.fill('input[name=phone]', phone.replace('+86', ''));
  await send('/phone');
  await looked('/code');
  // The page submits itself when the code is complete.
  await page.fill('input[name=code]', await newestCode());
  await looked('/agreement');
  await choose(page, 'accept', '1');
  await send('/agreement');
  await looked('/role');
  await choose(page, 'role', role);
  await send('/role');
  await looked('/consent');
  await page.click('button[value=allow]');
  return phone;
}

describe.each(['zh-CN', 'en'] as const)('in %s on a phone', (lang) => {
  it('a newcomer registers from the demo app, and every page is clean', async () => {
    const person = await visit(browser, { lang });
    const { page } = person;
    await page.goto(demo.url);
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.click('a[href*="as=newcomer"]');
    const phone = await register(person, 'candidate');
    await page.waitForURL(`${demo.url}/`);
    expect(await page.textContent('html')).toContain(phone);
    expect(await page.getAttribute('html', 'lang')).toBe(lang);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);

    await page.click('form[action="/sign-out"] button');
    await page.waitForURL((url) => url.origin === provider.issuer);
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.click('button[value=yes]');
    await page.waitForURL(`${demo.url}/`);
    expect(person.complaints()).toEqual([]);
    await person.close();
  });
});

describe('an app that lives in the browser (oidc-client-ts)', () => {
  it('signs in, refreshes and signs out without a server of its own', async () => {
    const person = await visit(browser, { lang: 'en', device: 'desktop' });
    const { page } = person;
    await page.goto(spa.url);
    await page.click('#sign-in');
    const phone = await register(person, 'recruiter');
    await page.waitForURL((url) => url.origin === spa.url);
    await page.waitForSelector('output:has-text("{")');
    const read = async () => JSON.parse((await page.textContent('output')) ?? '') as Record<string, unknown>;
    expect(await read()).toMatchObject({
      profile: { phone_number: phone, phone_number_verified: true, roles: ['recruiter'] },
      refreshable: true,
    });

    const answered = page.waitForResponse((response) => response.url().endsWith('/oauth/token'));
    await page.click('#refresh');
    expect((await answered).status()).toBe(200);
    await page.waitForSelector('output:has-text("{")');
    expect(await read()).toMatchObject({ profile: { phone_number: phone } });

    await page.click('#sign-out');
    await page.click('button[value=yes]');
    await page.waitForURL(`${spa.url}/`);
    await page.waitForSelector('output:has-text("nobody")');
    expect(person.complaints()).toEqual([]);
    await person.close();
  });
});
