import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOf, openActingSite, resource, scope, type ActingSite } from '../../support/acting-site.ts';
import { chooseCompany, reachApp, startAuthorization } from '../../support/authorize.ts';
import { createCookieBrowser } from '../../support/cookie-browser.ts';
import { leaveCompany } from '../../support/recruiters.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s, somebody who acts for two companies', (dialect) => {
  let site: ActingSite;
  beforeAll(async () => (site = await openActingSite(dialect)));
  afterAll(() => site.provider.close());

  describe('who does odd things on the page', () => {
    const open = async () => {
      const { accountId, a, b } = await site.twoCompanies();
      const browser = createCookieBrowser();
      const started = await startAuthorization(site.provider, { client: site.app, scope, browser });
      const page = await site.companyPage(browser, started.address, accountId);
      return { accountId, a, b, browser, started, page };
    };

    it('chooses nothing, or a company that is not theirs, and is asked to choose', async () => {
      const { page, browser } = await open();
      const stranger = await site.twoCompanies();
      for (const forged of ['', stranger.a.code, stranger.a.id, 'x'.repeat(5000), "' or 1=1 --", '\0']) {
        const answer = await chooseCompany(browser, page.url, page.html, forged);
        expect(answer.left).toBe(false);
        expect(answer.response.status).toBe(forged === '\0' ? 400 : 422);
      }
    });

    it('chooses one they have left meanwhile, and is asked to choose', async () => {
      const { page, browser, accountId, a, b } = await open();
      await leaveCompany(site.provider.app, accountId, a);
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
      const second = await startAuthorization(site.provider, { client: site.app, scope, browser });
      const secondPage = await site.companyPage(browser, second.address, accountId);
      const finish = async (from: { url: URL; html: string }, of: typeof started, code: string) => {
        const next = await chooseCompany(browser, from.url, from.html, code);
        const callback = next.left
          ? next.url
          : await reachApp(site.provider, { browser, address: next.url }, accountId, 'allow', code);
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
