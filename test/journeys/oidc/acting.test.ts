import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/core/ids.ts';
import { platformResource } from '../../../src/entitlements/index.ts';
import {
  authorize,
  chooseCompany,
  reachApp,
  startAuthorization,
  type AuthorizeOptions,
} from '../../support/authorize.ts';
import { createCookieBrowser, type CookieBrowser } from '../../support/cookie-browser.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';
import { joinCompany, leaveCompany, makeEligible, type Joined } from '../../support/recruiters.ts';
import { creditCode } from '../../support/specimens.ts';

const resource = platformResource.identifier;
const scope = 'openid verification company job:publish company:manage';

describe.each(['sqlite', 'postgres'] as const)('on %s, somebody who acts for two companies', (dialect) => {
  let provider: TestProvider;
  let app: { id: string; secret: string };
  beforeAll(async () => {
    provider = await startProvider({ dialect });
    app = await provider.addClient();
  });
  afterAll(() => provider.close());

  /** Eligible for both, and administrator of the second. */
  async function twoCompanies(): Promise<{ accountId: AccountId; a: Joined; b: Joined }> {
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    const id = await makeEligible(provider.app, accountId);
    const { companies, memberships } = provider.app.database.stores;
    const code = (await companies.find(id))?.creditCode ?? '';
    const membershipId = (await memberships.findFor(accountId, id))?.id;
    if (!membershipId) throw new Error('no membership');
    const b = await joinCompany(provider.app, accountId, { name: '乙公司', role: 'administrator' });
    return { accountId, a: { id, code, membershipId }, b };
  }

  type Answer = client.TokenEndpointResponse;
  /** Signs in and answers what the app gets for the platform's API. */
  async function signIn(accountId: AccountId, options: Partial<AuthorizeOptions> = {}) {
    const started = await authorize(provider, accountId, { client: app, scope, ...options });
    let tokens: Answer = await started.exchange({ resource });
    const refresh = async (parameters: Record<string, string> = {}) =>
      (tokens = await client.refreshTokenGrant(started.config, tokens.refresh_token ?? '', parameters));
    return {
      ...started,
      tokens,
      refresh,
      /** What an access token for the API, made now, says. */
      publishing: async () => {
        const { access_token, scope: granted = '' } = await refresh({ resource });
        return { scopes: granted.split(' ').filter(Boolean).sort(), company: companyOf(access_token) };
      },
      claims: async () =>
        client.fetchUserInfo(started.config, (await refresh()).access_token, accountId) as Promise<
          Record<string, unknown>
        >,
    };
  }
  const companyOf = (jwt: string) => decodeJwt(jwt)['company_code'];
  const companyPage = async (browser: CookieBrowser, address: URL, accountId: AccountId) => {
    const login = await browser.follow(address.href);
    const page = login.url.pathname.endsWith('/phone')
      ? await browser.follow(login.url.href.replace(/phone$/, `as/${accountId}`))
      : login;
    return { ...page, html: page.left ? '' : await page.response.text() };
  };

  it('chooses one, and every token of the sign-in names that one', async () => {
    const { accountId, a, b } = await twoCompanies();
    const forA = await signIn(accountId, { company: a.code });
    expect(companyOf(forA.tokens.access_token)).toBe(a.code);
    // They administer the other one only.
    expect(forA.tokens.scope?.split(' ')).toEqual(['job:publish']);
    expect(await forA.claims()).toMatchObject({
      recruiter_status: 'eligible',
      company: { code: a.code, role: 'recruiter' },
    });
    const forB = await signIn(accountId, { company: b.code });
    expect(companyOf(forB.tokens.access_token)).toBe(b.code);
    expect(forB.tokens.scope?.split(' ').sort()).toEqual(['company:manage', 'job:publish']);
    expect(await forB.claims()).toMatchObject({ company: { code: b.code, role: 'administrator' } });
    expect((await forA.publishing()).company).toBe(a.code);
  });

  it.each(['ended', 'removed', 'revoked'] as const)(
    'loses what hangs on a membership that is %s, and what acts for the other company stays',
    async (how) => {
      const { accountId, a, b } = await twoCompanies();
      const other = await provider.addClient();
      const browser = createCookieBrowser();
      const forA = await signIn(accountId, { company: a.code, browser });
      const forB = await signIn(accountId, { company: b.code, client: other, browser });
      await leaveCompany(provider.app, accountId, a, how);
      expect(await forA.publishing()).toEqual({ scopes: [], company: undefined });
      const lost = await forA.claims();
      expect(lost).toMatchObject({
        recruiter_status: how === 'revoked' ? 'ineligible' : 'limited',
        recruiter_reasons: [how === 'revoked' ? 'membership_revoked' : 'membership_ended'],
      });
      expect(lost).not.toHaveProperty('company');
      expect(await forB.publishing()).toEqual({ scopes: ['company:manage', 'job:publish'], company: b.code });
      expect(await forB.claims()).toMatchObject({ recruiter_status: 'eligible', company: { code: b.code } });
    },
  );

  it('loses at once the opaque tokens of the company that was left, and no others', async () => {
    const { accountId, a, b } = await twoCompanies();
    const opaque = { scope: 'openid company' };
    const browser = createCookieBrowser();
    const other = await provider.addClient();
    const forA = await authorize(provider, accountId, { client: app, ...opaque, company: a.code, browser });
    const forB = await authorize(provider, accountId, { client: other, ...opaque, company: b.code, browser });
    const [inA, inB] = [await forA.exchange(), await forB.exchange()];
    expect(await client.fetchUserInfo(forA.config, inA.access_token, accountId)).toMatchObject({
      company: { code: a.code },
    });
    await leaveCompany(provider.app, accountId, a);
    expect(await client.tokenIntrospection(forA.config, inA.access_token)).toEqual({ active: false });
    expect(await client.tokenIntrospection(forB.config, inB.access_token)).toMatchObject({ active: true });
    expect(await client.fetchUserInfo(forB.config, inB.access_token, accountId)).toMatchObject({
      company: { code: b.code },
    });
  });

  it('is asked again after leaving, although one company is left, and gets it all back by choosing', async () => {
    const { accountId, a, b } = await twoCompanies();
    const browser = createCookieBrowser();
    const before = await signIn(accountId, { company: a.code, browser });
    await leaveCompany(provider.app, accountId, a);
    const silent = await startAuthorization(provider, {
      client: app,
      scope,
      browser,
      parameters: { prompt: 'none' },
    });
    const refused = await browser.follow(silent.address.href);
    expect(refused.url.searchParams.get('error')).toBe('account_selection_required');
    const again = await startAuthorization(provider, { client: app, scope, browser });
    const page = await companyPage(browser, again.address, accountId);
    expect(page.url.pathname).toMatch(/\/company$/);
    expect(page.html).toContain(b.code);
    expect(page.html).not.toContain(`value="${a.code}"`);
    const after = await signIn(accountId, { company: b.code, browser });
    expect(companyOf(after.tokens.access_token)).toBe(b.code);
    // What was issued for the company they left ended with its grant; it never comes to stand for another one.
    await expect(before.refresh()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is asked once a grant, again when the app wants to, with the last choice made beforehand', async () => {
    const { accountId, a, b } = await twoCompanies();
    const browser = createCookieBrowser();
    await signIn(accountId, { company: b.code, browser });
    const silent = await signIn(accountId, { browser, parameters: { prompt: 'none' } });
    expect(companyOf(silent.tokens.access_token)).toBe(b.code);
    for (const prompt of ['select_account', 'consent', 'login']) {
      const asked = await startAuthorization(provider, {
        client: app,
        scope,
        browser,
        parameters: { prompt },
      });
      const page = await companyPage(browser, asked.address, accountId);
      expect(page.url.pathname, prompt).toMatch(/\/company$/);
      expect(page.html).toMatch(new RegExp(`value="${b.code}" checked`));
    }
    const other = createCookieBrowser();
    const elsewhere = await startAuthorization(provider, { client: app, scope, browser: other });
    const page = await companyPage(other, elsewhere.address, accountId);
    expect(page.html).toMatch(new RegExp(`value="${b.code}" checked`));
    const chosen = await signIn(accountId, {
      company: a.code,
      browser,
      parameters: { prompt: 'select_account' },
    });
    expect(companyOf(chosen.tokens.access_token)).toBe(a.code);
  });

  it('sees for each connected app which company they act for there, and which they no longer can', async () => {
    const { accountId, a, b } = await twoCompanies();
    const [shop, other] = [await provider.addClient({ name: '商店' }), await provider.addClient()];
    const browser = createCookieBrowser();
    await signIn(accountId, { company: a.code, browser });
    await signIn(accountId, { company: b.code, client: shop, browser });
    await authorize(provider, accountId, { client: other, scope: 'openid profile', browser });
    const cards = async () => {
      const { response } = await browser.follow(`${provider.issuer}/account/apps`);
      return (await response.text()).split('<section').slice(1);
    };
    const before = await cards();
    expect(before).toHaveLength(3);
    expect(before[0]).toContain('您在该应用代表示例科技有限公司');
    expect(before[1]).toContain('您在该应用代表乙公司');
    expect(before[2]).not.toContain('代表');
    await leaveCompany(provider.app, accountId, a);
    const after = await cards();
    expect(after[0]).toContain('您曾在该应用代表示例科技有限公司');
    expect(after[1]).toContain('您在该应用代表乙公司');
    await provider.app.oidc.withdraw(accountId, shop.id);
    const { actingChoices } = provider.app.database.stores;
    expect(await actingChoices.last(accountId, shop.id)).toBeUndefined();
    expect(await actingChoices.last(accountId, app.id)).toBe(a.id);
  });

  it('is not asked where nothing depends on the company', async () => {
    const { accountId } = await twoCompanies();
    const { exchange } = await authorize(provider, accountId, {
      client: app,
      scope: 'openid profile verification',
    });
    expect((await exchange()).scope).toBe('openid profile verification');
  });

  describe('with the parameter `company`', () => {
    it('acts for the one it names without being asked', async () => {
      const { accountId, a, b } = await twoCompanies();
      const browser = createCookieBrowser();
      for (const { code } of [b, a, b]) {
        const session = await signIn(accountId, { browser, parameters: { company: code } });
        expect(companyOf(session.tokens.access_token)).toBe(code);
      }
    });

    it('sees which company that is before consenting', async () => {
      const { accountId, b } = await twoCompanies();
      const browser = createCookieBrowser();
      const started = await startAuthorization(provider, {
        client: app,
        scope: 'openid job:publish',
        browser,
        parameters: { company: b.code },
      });
      const page = await companyPage(browser, started.address, accountId);
      expect(page.url.pathname).toMatch(/\/consent$/);
      expect(page.html).toContain('乙公司');
    });

    it('is told when it names a company of somebody else or of nobody, in the same words', async () => {
      const { accountId, a } = await twoCompanies();
      const strangers = await twoCompanies();
      const asked = await Promise.all(
        [strangers.a.code, creditCode()].map(async (code) => {
          const browser = createCookieBrowser();
          const started = await startAuthorization(provider, {
            client: app,
            scope,
            browser,
            parameters: { company: code },
          });
          const page = await companyPage(browser, started.address, accountId);
          expect(page.url.pathname).toMatch(/\/company$/);
          expect(page.html).toContain(code);
          const ids = /interaction\/[\w-]+|name="_csrf" value="[^"]*"|nonce="[^"]*"|[?&]v=\w+/g;
          const said = page.html.replaceAll(code, 'CODE').replaceAll(ids, '');
          return { said, visit: { browser, address: started.address } };
        }),
      );
      expect(asked[0]?.said).toBe(asked[1]?.said);
      // Only now: what was chosen at one of them is chosen beforehand at the other.
      for (const { visit } of asked) {
        const gone = await reachApp(provider, visit, accountId, 'allow', a.code);
        expect(gone.searchParams.get('code')).toBeTruthy();
      }
    });

    it('tells an app nothing about who belongs to which company without the person', async () => {
      const { accountId, a } = await twoCompanies();
      const browser = createCookieBrowser();
      await authorize(provider, accountId, { client: app, scope: 'openid', browser });
      const answers = await Promise.all(
        [a.code, creditCode()].map(async (company) => {
          const parameters = { company, prompt: 'none' };
          const { address } = await startAuthorization(provider, { client: app, scope, browser, parameters });
          const { url } = await browser.follow(address.href);
          return [url.searchParams.get('error'), url.searchParams.get('error_description')];
        }),
      );
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]?.[0]).toBe('account_selection_required');
    });

    it('can only go back when they act for no company at all', async () => {
      const accountId = await provider.addAccount();
      const browser = createCookieBrowser();
      const parameters = { company: creditCode() };
      const started = await startAuthorization(provider, { client: app, scope, browser, parameters });
      const page = await companyPage(browser, started.address, accountId);
      expect(page.url.pathname).toMatch(/\/company$/);
      expect(page.html).not.toContain('type="radio"');
      expect(page.html).toContain('/abort');
    });

    it.each(['91440300192203821', '91440300192203821o', 'com_01', '9144030019220382166'])(
      'is refused to the app when it is no credit code: %s',
      async (company) => {
        const started = await startAuthorization(provider, { client: app, scope, parameters: { company } });
        const { url } = await started.browser.follow(started.address.href);
        expect(url.searchParams.get('error')).toBe('invalid_request');
        expect(url.searchParams.get('error_description')).toContain('credit code');
      },
    );
  });

  describe('who does odd things on the page', () => {
    const open = async () => {
      const { accountId, a, b } = await twoCompanies();
      const browser = createCookieBrowser();
      const started = await startAuthorization(provider, { client: app, scope, browser });
      const page = await companyPage(browser, started.address, accountId);
      return { accountId, a, b, browser, started, page };
    };

    it('chooses nothing, or a company that is not theirs, and is asked to choose', async () => {
      const { page, browser } = await open();
      const stranger = await twoCompanies();
      for (const forged of ['', stranger.a.code, stranger.a.id, 'x'.repeat(5000), "' or 1=1 --", '\0']) {
        const answer = await chooseCompany(browser, page.url, page.html, forged);
        expect(answer.left).toBe(false);
        expect(answer.response.status).toBe(forged === '\0' ? 400 : 422);
      }
    });

    it('chooses one they have left meanwhile, and is asked to choose', async () => {
      const { page, browser, accountId, a, b } = await open();
      await leaveCompany(provider.app, accountId, a);
      const answer = await chooseCompany(browser, page.url, page.html, a.code);
      expect(answer.response.status).toBe(422);
      const next = await chooseCompany(browser, page.url, page.html, b.code);
      expect(next.url.pathname).toMatch(/\/consent$/);
    });

    it('goes back to the page after choosing and finds it gone', async () => {
      const { page, browser, a, b } = await open();
      const consent = await chooseCompany(browser, page.url, page.html, a.code);
      expect(consent.url.pathname).toMatch(/\/consent$/);
      expect((await browser.follow(page.url.href)).response.status).toBe(410);
      expect((await chooseCompany(browser, page.url, page.html, b.code)).response.status).toBe(410);
    });

    it('skips the page by its neighbours’ addresses and does not get past it', async () => {
      const { page, browser } = await open();
      const consent = await browser.follow(page.url.href.replace(/company$/, 'consent'));
      expect(consent.response.status).toBe(409);
    });

    it('chooses differently in two tabs: each code is for what its tab chose, and the last one stays', async () => {
      const { accountId, a, b, browser, started, page } = await open();
      const second = await startAuthorization(provider, { client: app, scope, browser });
      const secondPage = await companyPage(browser, second.address, accountId);
      const finish = async (from: { url: URL; html: string }, of: typeof started, code: string) => {
        const next = await chooseCompany(browser, from.url, from.html, code);
        const callback = next.left
          ? next.url
          : await reachApp(provider, { browser, address: next.url }, accountId, 'allow', code);
        return client.authorizationCodeGrant(
          of.config,
          callback,
          { pkceCodeVerifier: of.verifier, expectedNonce: of.nonce, expectedState: of.state },
          { resource },
        );
      };
      const first = await finish(page, started, a.code);
      const last = await finish(secondPage, second, b.code);
      expect([companyOf(first.access_token), companyOf(last.access_token)]).toEqual([a.code, b.code]);
      const stays = await client.refreshTokenGrant(second.config, last.refresh_token ?? '', { resource });
      expect(companyOf(stays.access_token)).toBe(b.code);
      await expect(
        client.refreshTokenGrant(started.config, first.refresh_token ?? '', { resource }),
      ).rejects.toMatchObject({ error: 'invalid_grant' });
    });

    it('opens the page in another browser and finds nothing', async () => {
      const { page } = await open();
      expect((await createCookieBrowser().follow(page.url.href)).response.status).toBe(410);
    });
  });
});

describe('somebody with one company', () => {
  let provider: TestProvider;
  let app: { id: string; secret: string };
  beforeAll(async () => {
    provider = await startProvider();
    app = await provider.addClient();
  });
  afterAll(() => provider.close());

  it('is not asked, and their tokens never come to act for a company they join later', async () => {
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    const { exchange, config } = await authorize(provider, accountId, { client: app, scope });
    const waiting = await exchange({ resource });
    const id = await makeEligible(provider.app, accountId);
    const gained = await client.refreshTokenGrant(config, waiting.refresh_token ?? '', { resource });
    const { stores } = provider.app.database;
    expect(decodeJwt(gained.access_token)['company_code']).toBe(
      (await stores.companies.find(id))?.creditCode,
    );

    await joinCompany(provider.app, accountId, { name: '后来的公司' });
    const membershipId = (await stores.memberships.findFor(accountId, id))?.id;
    if (!membershipId) throw new Error('no membership');
    await leaveCompany(provider.app, accountId, { id, code: '', membershipId });
    const lost = await client.refreshTokenGrant(config, gained.refresh_token ?? '', { resource });
    expect(lost.scope ?? '').toBe('');
    expect(decodeJwt(lost.access_token)['company_code']).toBeUndefined();
  });

  it('chooses the account where the app asks for that, since there is no other choice', async () => {
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    await makeEligible(provider.app, accountId);
    const browser = createCookieBrowser();
    await authorize(provider, accountId, { client: app, scope, browser });
    const { address } = await startAuthorization(provider, {
      client: app,
      scope,
      browser,
      parameters: { prompt: 'select_account' },
    });
    expect((await browser.follow(address.href)).url.pathname).toMatch(/\/phone$/);
    const callback = await reachApp(provider, { browser, address }, accountId);
    expect(callback.searchParams.get('code')).toBeTruthy();
  });
});
