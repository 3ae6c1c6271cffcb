import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOf, openActingSite, scope, type ActingSite } from '../../support/acting-site.ts';
import { authorize, startAuthorization } from '../../support/authorize.ts';
import { createCookieBrowser } from '../../support/cookie-browser.ts';
import { leaveCompany } from '../../support/recruiters.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s, somebody who acts for two companies', (dialect) => {
  let site: ActingSite;
  beforeAll(async () => (site = await openActingSite(dialect)));
  afterAll(() => site.provider.close());

  it.each(['ended', 'removed', 'revoked'] as const)(
    'loses what hangs on a membership that is %s, and what acts for the other company stays',
    async (how) => {
      const { accountId, a, b } = await site.twoCompanies();
      const other = await site.provider.addClient();
      const browser = createCookieBrowser();
      const forA = await site.signIn(accountId, { company: a.code, browser });
      const forB = await site.signIn(accountId, { company: b.code, client: other, browser });
      await leaveCompany(site.provider.app, accountId, a, how);
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
    const { accountId, a, b } = await site.twoCompanies();
    const opaque = { scope: 'openid company' };
    const browser = createCookieBrowser();
    const other = await site.provider.addClient();
    const forA = await authorize(site.provider, accountId, {
      client: site.app,
      ...opaque,
      company: a.code,
      browser,
    });
    const forB = await authorize(site.provider, accountId, {
      client: other,
      ...opaque,
      company: b.code,
      browser,
    });
    const [inA, inB] = [await forA.exchange(), await forB.exchange()];
    expect(await client.fetchUserInfo(forA.config, inA.access_token, accountId)).toMatchObject({
      company: { code: a.code },
    });
    await leaveCompany(site.provider.app, accountId, a);
    expect(await client.tokenIntrospection(forA.config, inA.access_token)).toEqual({ active: false });
    expect(await client.tokenIntrospection(forB.config, inB.access_token)).toMatchObject({ active: true });
    expect(await client.fetchUserInfo(forB.config, inB.access_token, accountId)).toMatchObject({
      company: { code: b.code },
    });
  });

  it('is asked again after leaving, although one company is left, and gets it all back by choosing', async () => {
    const { accountId, a, b } = await site.twoCompanies();
    const browser = createCookieBrowser();
    const before = await site.signIn(accountId, { company: a.code, browser });
    await leaveCompany(site.provider.app, accountId, a);
    const silent = await startAuthorization(site.provider, {
      client: site.app,
      scope,
      browser,
      parameters: { prompt: 'none' },
    });
    const refused = await browser.follow(silent.address.href);
    expect(refused.url.searchParams.get('error')).toBe('account_selection_required');
    const again = await startAuthorization(site.provider, { client: site.app, scope, browser });
    const page = await site.companyPage(browser, again.address, accountId);
    expect(page.url.pathname).toMatch(/\/company$/);
    expect(page.html).toContain(b.code);
    expect(page.html).not.toContain(`value="${a.code}"`);
    const after = await site.signIn(accountId, { company: b.code, browser });
    expect(companyOf(after.tokens.access_token)).toBe(b.code);
    // What was issued for the company they left ended with its grant; it never comes to stand for another one.
    await expect(before.refresh()).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
