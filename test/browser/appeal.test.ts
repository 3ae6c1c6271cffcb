import * as client from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../src/listen.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { choose, launchBrowser } from '../support/browser.ts';
import { browserOf, createLooked, looks, press } from '../support/company-browser.ts';
import { openStaffBrowser } from '../support/staff-browser.ts';

/** Objections: to a hold, found inside a sign-in, and to a rejection; what apps may is back with the decision. */

const resource = 'https://platform.example/api';
const claims = JSON.stringify({ userinfo: { recruiter_status: { essential: true, value: 'eligible' } } });

let browser: Browser;
let provider: TestProvider;
let app: { port: number; close(graceMs: number): Promise<void> };
let redirectUri: string;
let config: client.Configuration;
beforeAll(async () => {
  [browser, provider, app] = await Promise.all([
    launchBrowser(),
    startTestProvider(),
    listen((_request, response) => response.end('signed in'), 0, '127.0.0.1'),
  ]);
  redirectUri = `http://localhost:${app.port}/callback`;
  const { clientId, clientSecret } = await provider.addClient({
    name: '招聘助手',
    redirectUris: [redirectUri],
  });
  const auth = client.ClientSecretBasic(clientSecret);
  const execute = [client.allowInsecureRequests];
  config = await client.discovery(new URL(provider.issuer), clientId, undefined, auth, { execute });
});
afterAll(async () => {
  await browser.close();
  await app.close(0);
  await provider.close();
});

async function request(parameters: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid verification job:publish',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource,
    ...parameters,
  });
  const exchange = (callback: URL) =>
    client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier }, { resource });
  return { address, exchange };
}

async function signIn(person: Person) {
  const { address, exchange } = await request();
  let tokens: client.TokenEndpointResponse = await exchange(await person.signIn(address));
  return {
    scope: tokens.scope ?? '',
    async refresh() {
      tokens = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource });
      return tokens.scope ?? '';
    },
  };
}

const accountOf = async ({ phone }: Person) =>
  (await provider.app.database.stores.accounts.findByPhone(phone as never))!.id;
const status = async (person: Person) =>
  provider.app.database.stores.entitlements.status(await accountOf(person));

describe.each(looks)('in $lang on a $device, somebody', (look) => {
  const looked = createLooked(look, 'appeal-');
  const says = (en: string, zh: string) => (look.lang === 'en' ? en : zh);
  const staff = () => openStaffBrowser(browser, provider, { device: look.device, lang: look.lang });

  it('meets a hold inside a sign-in, objects, and recruits as soon as it is granted', async () => {
    const person = provider.person({ role: 'recruiter', lang: look.lang });
    expect(await person.verify()).toBe('approved');
    const session = await signIn(person);
    expect(session.scope).toBe('job:publish');
    const query = `${provider.issuer}/staff/recruiters?query=${await accountOf(person)}`;

    const setter = await staff();
    await setter.page.goto(query);
    await looked(setter.page, 'staff-recruiter');
    const hold = 'form[action="/staff/recruiters/hold"]';
    await setter.page.click(`details:has(${hold}) summary`);
    await setter.page.selectOption(`${hold} select`, 'identity_in_doubt');
    await setter.page.fill(`${hold} textarea`, '两地同时登录');
    await press(setter.page, hold);
    await setter.page.waitForURL(/notice=held/);
    await looked(setter.page, 'staff-held');
    expect(await session.refresh()).toBe('');
    expect(await status(person)).toMatchObject({ status: 'suspended', reasons: ['hold'] });

    const theirs = await browserOf(browser, person, provider.issuer, look);
    const { page } = theirs;
    const main = async () => (await page.textContent('main')) ?? '';
    const again = await request({ claims });
    await page.goto(again.address.href);
    await page.waitForURL('**/verify/status');
    await looked(page, 'inside-sign-in');
    const reason = says(
      'We are not sure any more that the verified person',
      '我们无法确定使用此账号的是通过认证的本人',
    );
    expect(await main()).toContain(reason);
    await page.click('main a[href="/account/hold"]');
    await looked(page, 'hold');
    expect(await main()).toContain(reason);
    await page.fill('textarea[name=appeal]', '那天我在出差，只有我本人使用。');
    await press(page, 'form[action="/account/hold"]');
    await page.waitForSelector('main [role=status]');
    await looked(page, 'objected');
    expect(await page.locator('textarea').count()).toBe(0);
    expect(await page.getAttribute('main a[href^="/interaction/"]', 'href')).toMatch(/\/continue$/);
    await page.goto(`${provider.issuer}/account`);
    await looked(page, 'account-held');

    const decider = await staff();
    await decider.page.goto(`${provider.issuer}/staff/recruiters`);
    await looked(decider.page, 'staff-objections');
    await decider.page.goto(query);
    const decide = 'form[action="/staff/recruiters/appeal"]';
    await decider.page.click(`details:has(${decide}) summary`);
    await looked(decider.page, 'staff-objection');
    await choose(decider.page, 'outcome', 'grant');
    await press(decider.page, decide);
    await decider.page.waitForURL(/notice=appeal_granted/);
    await looked(decider.page, 'staff-granted');

    expect((await status(person))?.status).toBe('eligible');
    expect(await session.refresh()).toBe('job:publish');
    await page.goto(again.address.href);
    await looked(page, 'consent');
    await page.click('button[value=allow]');
    await page.waitForURL(`${redirectUri}*`);
    expect((await again.exchange(new URL(page.url()))).scope).toBe('job:publish');
    await page.goto(`${provider.issuer}/account`);
    expect(await page.locator('#hold, #next').count()).toBe(0);
    for (const one of [setter, decider, theirs]) {
      expect(one.complaints()).toEqual([]);
      await one.close();
    }
  });

  it('objects to a rejection, and is approved by others', async () => {
    const person = provider.person({ role: 'recruiter', lang: look.lang });
    expect(await person.verify({ outcome: 'in_review' })).toBe('in_review');
    await provider.review.reject(person);
    const session = await signIn(person);
    expect(session.scope).toBe('');
    const theirs = await browserOf(browser, person, provider.issuer, look);
    const { page } = theirs;
    await page.goto(`${provider.issuer}/account`);
    await looked(page, 'account-rejected');
    await page.goto(`${provider.issuer}/verify/status`);
    await looked(page, 'rejected');
    await press(page, '#appeal form');
    await page.waitForSelector('.error-summary');
    await looked(page, 'rejected-empty');
    await page.fill('textarea[name=appeal]', '证件是我本人的，可以现场核对。');
    await press(page, '#appeal form');
    await page.waitForURL(/status/);
    await page.waitForSelector('#appeal', { state: 'detached' });
    await looked(page, 'rejected-objected');
    expect((await status(person))?.status).toBe('in_review');
    const decider = await staff();
    await decider.page.goto(`${provider.issuer}/staff`);
    await looked(decider.page, 'staff-queue');
    await provider.review.approve(person);
    await page.reload();
    await looked(page, 'rejected-approved');
    expect(await session.refresh()).toBe('job:publish');
    for (const one of [theirs, decider]) {
      expect(one.complaints()).toEqual([]);
      await one.close();
    }
  });
});
