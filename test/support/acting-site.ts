import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { AccountId } from '../../src/core/ids.ts';
import { platformResource } from '../../src/entitlements/index.ts';
import type { Dialect } from '../../src/storage/handle.ts';
import { authorize, type AuthorizeOptions } from './authorize.ts';
import type { CookieBrowser } from './cookie-browser.ts';
import { startProvider } from './provider.ts';
import { joinCompany, makeEligible, type Joined } from './recruiters.ts';

/** The platform's API. */
export const resource = platformResource.identifier;
/** What an app asks for, most of which depends on the company somebody acts for. */
export const scope = 'openid verification company job:publish company:manage';

export type ActingSite = Awaited<ReturnType<typeof openActingSite>>;

/** The whole program and an app whose people act for companies. */
export async function openActingSite(dialect: Dialect = 'sqlite') {
  const provider = await startProvider({ dialect });
  const app = await provider.addClient();

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

  /** Where a request leads somebody who signs in when asked to, with the page. */
  const companyPage = async (browser: CookieBrowser, address: URL, accountId: AccountId) => {
    const login = await browser.follow(address.href);
    const page = login.url.pathname.endsWith('/phone')
      ? await browser.follow(login.url.href.replace(/phone$/, `as/${accountId}`))
      : login;
    return { ...page, html: page.left ? '' : await page.response.text() };
  };

  return { provider, app, twoCompanies, signIn, companyPage };
}

/** The company that an access token names. */
export const companyOf = (jwt: string): unknown => decodeJwt(jwt)['company_code'];
