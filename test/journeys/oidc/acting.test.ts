import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOf, openActingSite, resource, scope, type ActingSite } from '../../support/acting-site.ts';
import { authorize, reachApp, startAuthorization } from '../../support/authorize.ts';
import { createCookieBrowser } from '../../support/cookie-browser.ts';
import { joinCompany, leaveCompany, makeEligible } from '../../support/recruiters.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s, somebody who acts for two companies', (dialect) => {
  let site: ActingSite;
  beforeAll(async () => (site = await openActingSite(dialect)));
  afterAll(() => site.provider.close());

  it('chooses one, and every token of the sign-in names that one', async () => {
    const { accountId, a, b } = await site.twoCompanies();
    const forA = await site.signIn(accountId, { company: a.code });
    expect(companyOf(forA.tokens.access_token)).toBe(a.code);
    // They administer the other one only.
    expect(forA.tokens.scope?.split(' ')).toEqual(['job:publish']);
    expect(await forA.claims()).toMatchObject({
      recruiter_status: 'eligible',
      company: { code: a.code, role: 'recruiter' },
    });
    const forB = await site.signIn(accountId, { company: b.code });
    expect(companyOf(forB.tokens.access_token)).toBe(b.code);
    expect(forB.tokens.scope?.split(' ').sort()).toEqual(['company:manage', 'job:publish']);
    expect(await forB.claims()).toMatchObject({ company: { code: b.code, role: 'administrator' } });
    expect((await forA.publishing()).company).toBe(a.code);
  });

  it('is asked once a grant, again when the app wants to, with the last choice made beforehand', async () => {
    const { accountId, a, b } = await site.twoCompanies();
    const browser = createCookieBrowser();
    await site.signIn(accountId, { company: b.code, browser });
    const silent = await site.signIn(accountId, { browser, parameters: { prompt: 'none' } });
    expect(companyOf(silent.tokens.access_token)).toBe(b.code);
    for (const prompt of ['select_account', 'consent', 'login']) {
      const asked = await startAuthorization(site.provider, {
        client: site.app,
        scope,
        browser,
        parameters: { prompt },
      });
      const page = await site.companyPage(browser, asked.address, accountId);
      expect(page.url.pathname, prompt).toMatch(/\/company$/);
      expect(page.html).toMatch(new RegExp(`value="${b.code}" checked`));
    }
    const other = createCookieBrowser();
    const elsewhere = await startAuthorization(site.provider, { client: site.app, scope, browser: other });
    const page = await site.companyPage(other, elsewhere.address, accountId);
    expect(page.html).toMatch(new RegExp(`value="${b.code}" checked`));
    const chosen = await site.signIn(accountId, {
      company: a.code,
      browser,
      parameters: { prompt: 'select_account' },
    });
    expect(companyOf(chosen.tokens.access_token)).toBe(a.code);
  });

  it('sees for each connected app which company they act for there, and which they no longer can', async () => {
    const { accountId, a, b } = await site.twoCompanies();
    const [shop, other] = [await site.provider.addClient({ name: '商店' }), await site.provider.addClient()];
    const browser = createCookieBrowser();
    await site.signIn(accountId, { company: a.code, browser });
    await site.signIn(accountId, { company: b.code, client: shop, browser });
    await authorize(site.provider, accountId, { client: other, scope: 'openid profile', browser });
    const cards = async () => {
      const { response } = await browser.follow(`${site.provider.issuer}/account/apps`);
      return (await response.text()).split('<section').slice(1);
    };
    const before = await cards();
    expect(before).toHaveLength(3);
    expect(before[0]).toContain('您在该应用代表示例科技有限公司');
    expect(before[1]).toContain('您在该应用代表乙公司');
    expect(before[2]).not.toContain('代表');
    await leaveCompany(site.provider.app, accountId, a);
    const after = await cards();
    expect(after[0]).toContain('您曾在该应用代表示例科技有限公司');
    expect(after[1]).toContain('您在该应用代表乙公司');
    await site.provider.app.oidc.withdraw(accountId, shop.id);
    const { actingChoices } = site.provider.app.database.stores;
    expect(await actingChoices.last(accountId, shop.id)).toBeUndefined();
    expect(await actingChoices.last(accountId, site.app.id)).toBe(a.id);
  });

  it('is not asked where nothing depends on the company', async () => {
    const { accountId } = await site.twoCompanies();
    const { exchange } = await authorize(site.provider, accountId, {
      client: site.app,
      scope: 'openid profile verification',
    });
    expect((await exchange()).scope).toBe('openid profile verification');
  });
});

describe('somebody with one company', () => {
  let site: ActingSite;
  beforeAll(async () => (site = await openActingSite()));
  afterAll(() => site.provider.close());

  it('is not asked, and their tokens never come to act for a company they join later', async () => {
    const accountId = await site.provider.addAccount({ roles: ['recruiter'] });
    const { exchange, config } = await authorize(site.provider, accountId, { client: site.app, scope });
    const waiting = await exchange({ resource });
    const id = await makeEligible(site.provider.app, accountId);
    const gained = await client.refreshTokenGrant(config, waiting.refresh_token ?? '', { resource });
    const { stores } = site.provider.app.database;
    expect(decodeJwt(gained.access_token)['company_code']).toBe(
      (await stores.companies.find(id))?.creditCode,
    );

    await joinCompany(site.provider.app, accountId, { name: '后来的公司' });
    const membershipId = (await stores.memberships.findFor(accountId, id))?.id;
    if (!membershipId) throw new Error('no membership');
    await leaveCompany(site.provider.app, accountId, { id, code: '', membershipId });
    const lost = await client.refreshTokenGrant(config, gained.refresh_token ?? '', { resource });
    expect(lost.scope ?? '').toBe('');
    expect(decodeJwt(lost.access_token)['company_code']).toBeUndefined();
  });

  it('chooses the account where the app asks for that, since there is no other choice', async () => {
    const accountId = await site.provider.addAccount({ roles: ['recruiter'] });
    await makeEligible(site.provider.app, accountId);
    const browser = createCookieBrowser();
    await authorize(site.provider, accountId, { client: site.app, scope, browser });
    const { address } = await startAuthorization(site.provider, {
      client: site.app,
      scope,
      browser,
      parameters: { prompt: 'select_account' },
    });
    expect((await browser.follow(address.href)).url.pathname).toMatch(/\/phone$/);
    const callback = await reachApp(site.provider, { browser, address }, accountId);
    expect(callback.searchParams.get('code')).toBeTruthy();
  });
});
