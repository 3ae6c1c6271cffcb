import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/core/ids.ts';
import { authorize, decide, reachApp, startAuthorization } from '../../support/authorize.ts';
import { createCookieBrowser, hiddenField, type CookieBrowser } from '../../support/cookie-browser.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

let provider: TestProvider;
let app: { id: string; secret: string };
beforeAll(async () => {
  provider = await startProvider();
  app = await provider.addClient();
});
afterAll(() => provider.close());

/** Signs in and stops at the consent page. */
async function consentPage(
  accountId: AccountId,
  scope: string,
  over: { parameters?: Record<string, string>; browser?: CookieBrowser } = {},
) {
  const started = await startAuthorization(provider, { client: app, scope, ...over });
  let step = await started.browser.follow(started.address.href);
  if (step.url.pathname.endsWith('/phone')) {
    step = await started.browser.follow(step.url.href.replace(/phone$/, `as/${accountId}`));
  }
  expect(step.url.pathname).toMatch(/\/consent$/);
  return { ...started, page: step.url, html: await step.response.text(), response: step.response };
}

describe('the consent page', () => {
  it('shows each thing the app gets with its value of today, and what it does not get', async () => {
    const accountId = await provider.addAccount({ phone: '+8613700001234' });
    const { clock } = provider.app.database.handle;
    await provider.app.database.transact(({ accounts }) =>
      accounts.writeProfile(accountId, { name: '欧阳·小林', skills: '<b>排版</b>' }, clock.now()),
    );
    const { html, response } = await consentPage(accountId, 'openid profile phone job:publish');
    expect(html).toContain('Test App');
    expect(html).toContain('欧阳·小林');
    expect(html).toContain('&lt;b&gt;排版&lt;/b&gt;');
    expect(html).toContain('137 **** 1234');
    expect(html).not.toContain('13700001234');
    expect(html).toContain('以您的公司名义发布职位');
    expect(html).toContain('招聘者认证通过之后它才会得到');
    expect(html).toContain('它不会得到：电子邮箱');
    expect(response.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://app.example",
    );
  });

  it('speaks the language the app asks for when the browser has none', async () => {
    const accountId = await provider.addAccount();
    const english = await consentPage(accountId, 'openid phone', { parameters: { ui_locales: 'en' } });
    expect(english.html).toContain('Test App would like to see your information');
  });

  it('is needed once for an app, in whatever browser, and again only for more', async () => {
    const accountId = await provider.addAccount();
    await authorize(provider, accountId, { client: app, scope: 'openid profile' });
    const elsewhere = await startAuthorization(provider, { client: app, scope: 'openid profile' });
    const login = await elsewhere.browser.follow(elsewhere.address.href);
    const back = await elsewhere.browser.follow(login.url.href.replace(/phone$/, `as/${accountId}`));
    expect(back.left).toBe(true);
    const more = await consentPage(accountId, 'openid profile phone', { browser: elsewhere.browser });
    expect(more.html).toContain('您的手机号码');
  });

  it('records only claims that exist, so that the list of apps stays readable and the app removable', async () => {
    const accountId = await provider.addAccount();
    const named = { phone_number: null, acr: null, favourite_colour: { essential: true }, constructor: null };
    const { browser, exchange } = await authorize(provider, accountId, {
      client: app,
      scope: 'openid',
      parameters: { claims: JSON.stringify({ userinfo: named, id_token: { sub: null } }) },
    });
    expect((await exchange()).access_token).toBeTruthy();
    const consents = await provider.app.oidc.listConsents(accountId);
    expect(consents).toMatchObject([{ claims: ['phone_number'] }]);
    const list = await browser.send(`${provider.issuer}/account/apps`);
    expect(list.status).toBe(200);
  });

  it('comes again when the app asks for it', async () => {
    const accountId = await provider.addAccount();
    const { browser } = await authorize(provider, accountId, { client: app });
    const again = await consentPage(accountId, 'openid profile', {
      browser,
      parameters: { prompt: 'consent' },
    });
    expect(again.html).toContain('Test App');
  });

  it('is not shown for apps of our own', async () => {
    const accountId = await provider.addAccount();
    const own = await provider.addClient({ firstParty: true });
    const started = await startAuthorization(provider, { client: own, scope: 'openid phone' });
    const login = await started.browser.follow(started.address.href);
    const back = await started.browser.follow(login.url.href.replace(/phone$/, `as/${accountId}`));
    expect(back.left).toBe(true);
    const list = await (await started.browser.send(`${provider.issuer}/account/apps`)).text();
    expect(list).toContain('您的手机号码');
    expect(list).toContain('由本服务的运营者提供');
  });

  it('is shown by an app that is no longer our own, for what it was given before', async () => {
    const accountId = await provider.addAccount();
    const sold = await provider.addClient({ firstParty: true });
    const { browser } = await authorize(provider, accountId, { client: sold, scope: 'openid phone' });
    await provider.app.clients.update(sold.id, { firstParty: false });
    const elsewhere = await startAuthorization(provider, { client: sold, scope: 'openid phone' });
    const login = await elsewhere.browser.follow(elsewhere.address.href);
    const step = await elsewhere.browser.follow(login.url.href.replace(/phone$/, `as/${accountId}`));
    expect(step.url.pathname).toMatch(/consent$/);
    const allowed = await decide(elsewhere.browser, step.url, await step.response.text(), 'allow');
    expect(allowed.left).toBe(true);
    const list = await (await browser.send(`${provider.issuer}/account/apps`)).text();
    expect(list).toContain('您的手机号码');
    expect(list).not.toContain('由本服务的运营者提供');
  });

  it('is answered only with its token, and only by allow or deny', async () => {
    const accountId = await provider.addAccount();
    const { browser, page, html } = await consentPage(accountId, 'openid profile');
    const forged = await browser.send(page.href, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'allow' }),
    });
    expect(forged.status).toBe(403);
    const wrong = await browser.send(page.href, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: hiddenField(html, '_csrf'), decision: 'maybe' }),
    });
    expect(wrong.status).toBe(400);
    const step = await decide(browser, page, html, 'allow');
    expect(step.left).toBe(true);
    const twice = await browser.send(page.href);
    expect(twice.status).toBe(410);
  });
});

describe('connected apps', () => {
  it('lists what each app gets; withdrawing ends its access at once', async () => {
    const accountId = await provider.addAccount();
    const { browser, exchange, config } = await authorize(provider, accountId, {
      client: app,
      scope: 'openid phone',
    });
    const tokens = await exchange();
    const page = await browser.send(`${provider.issuer}/account/apps`);
    const html = await page.text();
    expect(html).toContain('Test App');
    expect(html).toContain('您的手机号码');
    const action = /action="(\/account\/apps\/[^"]+\/withdraw)"/.exec(html)?.[1] ?? '';
    const done = await browser.follow(`${provider.issuer}${action}`, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: hiddenField(html, '_csrf') }),
    });
    expect(await done.response.text()).toContain('还没有授权任何应用');
    await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).rejects.toThrow();
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
    const again = await startAuthorization(provider, { client: app, scope: 'openid phone', browser });
    const step = await browser.follow(again.address.href);
    expect(step.url.pathname).toMatch(/consent$/);
    const events = await provider.app.database.stores.events.listBySubject(accountId, 10);
    expect(events.map(({ type }) => type)).toEqual(['consent.granted', 'consent.withdrawn']);
  });

  it('asks a stranger to sign in first and brings them back', async () => {
    const accountId = await provider.addAccount();
    const browser = createCookieBrowser();
    const step = await browser.follow(`${provider.issuer}/account/apps`);
    expect(step.url.pathname).toMatch(/\/phone$/);
    const back = await browser.follow(step.url.href.replace(/phone$/, `as/${accountId}`));
    expect([back.response.status, back.url.pathname]).toEqual([200, '/account/apps']);
  });
});

describe('signing out', () => {
  const logout = async (browser: CookieBrowser, config: client.Configuration, idToken: string) => {
    const address = client.buildEndSessionUrl(config, { id_token_hint: idToken });
    const step = await browser.follow(address.href);
    const html = await step.response.text();
    return { html, xsrf: hiddenField(html, 'xsrf') };
  };

  it('by an app ends the session and what hangs on it, not what was given for offline use', async () => {
    const accountId = await provider.addAccount();
    const bound = await authorize(provider, accountId, { client: app });
    const tokens = await bound.exchange();
    const offline = await provider.addClient();
    const started = await startAuthorization(provider, {
      client: offline,
      scope: 'openid offline_access',
      parameters: { prompt: 'consent' },
      browser: bound.browser,
    });
    const callback = await reachApp(provider, started, accountId);
    const kept = await client.authorizationCodeGrant(started.config, callback, {
      pkceCodeVerifier: started.verifier,
      expectedNonce: started.nonce,
      expectedState: started.state,
    });
    const { html, xsrf } = await logout(bound.browser, bound.config, tokens.id_token ?? '');
    expect(html).toContain('Test App');
    const end = await bound.browser.follow(`${provider.issuer}/oauth/logout/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect(await end.response.text()).toContain('您已退出');
    await expect(client.refreshTokenGrant(bound.config, tokens.refresh_token ?? '')).rejects.toThrow();
    await expect(client.refreshTokenGrant(started.config, kept.refresh_token ?? '')).resolves.toBeDefined();
    const after = await bound.browser.follow(`${provider.issuer}/account/apps`);
    expect(after.url.pathname).toMatch(/\/phone$/);
  });

  it('goes back to a registered address only', async () => {
    const accountId = await provider.addAccount();
    const target = 'https://app.example/bye';
    const leaving = await provider.addClient({
      metadata: { redirect_uris: ['https://app.example/callback'], post_logout_redirect_uris: [target] },
    });
    const { browser, exchange, config } = await authorize(provider, accountId, { client: leaving });
    const { id_token = '' } = await exchange();
    const foreign = client.buildEndSessionUrl(config, {
      id_token_hint: id_token,
      post_logout_redirect_uri: 'https://evil.example/',
    });
    expect((await browser.send(foreign.href)).status).toBe(400);
    const address = client.buildEndSessionUrl(config, {
      id_token_hint: id_token,
      post_logout_redirect_uri: target,
      state: 'x',
    });
    const page = await browser.send(address.href);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example");
    const end = await browser.follow(`${provider.issuer}/oauth/logout/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf: hiddenField(await page.text(), 'xsrf'), logout: 'yes' }),
    });
    expect([end.left, end.url.href]).toEqual([true, `${target}?state=x`]);
  });

  it('of the service itself ends its session', async () => {
    const accountId = await provider.addAccount();
    const { browser, exchange, config } = await authorize(provider, accountId, { client: app });
    const tokens = await exchange();
    const html = await (await browser.send(`${provider.issuer}/account/apps`)).text();
    const out = await browser.send(`${provider.issuer}/account/sign-out`, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: hiddenField(html, '_csrf') }),
    });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/']);
    await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).rejects.toThrow();
  });
});
