import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companyOf, openActingSite, scope, type ActingSite } from '../../support/acting-site.ts';
import { authorize, reachApp, startAuthorization } from '../../support/authorize.ts';
import { createCookieBrowser } from '../../support/cookie-browser.ts';
import { creditCode } from '../../support/specimens.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s, somebody who acts for two companies', (dialect) => {
  let site: ActingSite;
  beforeAll(async () => (site = await openActingSite(dialect)));
  afterAll(() => site.provider.close());

  describe('with the parameter `company`', () => {
    it('acts for the one it names without being asked', async () => {
      const { accountId, a, b } = await site.twoCompanies();
      const browser = createCookieBrowser();
      for (const { code } of [b, a, b]) {
        const session = await site.signIn(accountId, { browser, parameters: { company: code } });
        expect(companyOf(session.tokens.access_token)).toBe(code);
      }
    });

    it('sees which company that is before consenting', async () => {
      const { accountId, b } = await site.twoCompanies();
      const browser = createCookieBrowser();
      const started = await startAuthorization(site.provider, {
        client: site.app,
        scope: 'openid job:publish',
        browser,
        parameters: { company: b.code },
      });
      const page = await site.companyPage(browser, started.address, accountId);
      expect(page.url.pathname).toMatch(/\/consent$/);
      expect(page.html).toContain('乙公司');
    });

    it('is told when it names a company of somebody else or of nobody, in the same words', async () => {
      const { accountId, a } = await site.twoCompanies();
      const strangers = await site.twoCompanies();
      const asked = await Promise.all(
        [strangers.a.code, creditCode()].map(async (code) => {
          const browser = createCookieBrowser();
          const started = await startAuthorization(site.provider, {
            client: site.app,
            scope,
            browser,
            parameters: { company: code },
          });
          const page = await site.companyPage(browser, started.address, accountId);
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
        const gone = await reachApp(site.provider, visit, accountId, 'allow', a.code);
        expect(gone.searchParams.get('code')).toBeTruthy();
      }
    });

    it('tells an app nothing about who belongs to which company without the person', async () => {
      const { accountId, a } = await site.twoCompanies();
      const browser = createCookieBrowser();
      await authorize(site.provider, accountId, { client: site.app, scope: 'openid', browser });
      const answers = await Promise.all(
        [a.code, creditCode()].map(async (company) => {
          const parameters = { company, prompt: 'none' };
          const { address } = await startAuthorization(site.provider, {
            client: site.app,
            scope,
            browser,
            parameters,
          });
          const { url } = await browser.follow(address.href);
          return [url.searchParams.get('error'), url.searchParams.get('error_description')];
        }),
      );
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]?.[0]).toBe('account_selection_required');
    });

    it('can only go back when they act for no company at all', async () => {
      const accountId = await site.provider.addAccount();
      const browser = createCookieBrowser();
      const parameters = { company: creditCode() };
      const started = await startAuthorization(site.provider, {
        client: site.app,
        scope,
        browser,
        parameters,
      });
      const page = await site.companyPage(browser, started.address, accountId);
      expect(page.url.pathname).toMatch(/\/company$/);
      expect(page.html).not.toContain('type="radio"');
      expect(page.html).toContain('/abort');
    });

    it.each(['91440300192203821', '91440300192203821o', 'com_01', '9144030019220382166'])(
      'is refused to the app when it is no credit code: %s',
      async (company) => {
        const started = await startAuthorization(site.provider, {
          client: site.app,
          scope,
          parameters: { company },
        });
        const { url } = await started.browser.follow(started.address.href);
        expect(url.searchParams.get('error')).toBe('invalid_request');
        expect(url.searchParams.get('error_description')).toContain('credit code');
      },
    );
  });
});
