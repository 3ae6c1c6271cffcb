import * as client from 'openid-client';
import type { AccountId } from '../../src/core/ids.ts';
import { createCookieBrowser, hiddenField, type CookieBrowser } from './cookie-browser.ts';
import { redirectUri, type TestProvider } from './provider.ts';

export type Started = {
  readonly config: client.Configuration;
  readonly browser: CookieBrowser;
  readonly verifier: string;
  readonly nonce: string;
  readonly state: string;
  readonly address: URL;
};

export type AuthorizeOptions = {
  readonly client: { id: string; secret: string };
  readonly scope?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly browser?: CookieBrowser;
  /** The credit code to choose where the provider asks which company to act for. */
  readonly company?: string;
};

export async function discover(provider: TestProvider, app: { id: string; secret: string }) {
  const auth = app.secret ? client.ClientSecretBasic(app.secret) : client.None();
  return client.discovery(new URL(provider.issuer), app.id, undefined, auth, {
    execute: [client.allowInsecureRequests],
  });
}

/** An authorization request as an app would build it. */
export async function startAuthorization(
  provider: TestProvider,
  options: AuthorizeOptions,
): Promise<Started> {
  const config = await discover(provider, options.client);
  const verifier = client.randomPKCECodeVerifier();
  const nonce = client.randomNonce();
  const state = client.randomState();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: options.scope ?? 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
    ...options.parameters,
  });
  return { config, browser: options.browser ?? createCookieBrowser(), verifier, nonce, state, address };
}

/** Goes through sign-in and consent until the browser leaves for the app; answers the address it leaves to. */
export async function reachApp(
  provider: TestProvider,
  { browser, address }: Pick<Started, 'browser' | 'address'>,
  accountId: AccountId,
  decision: 'allow' | 'deny' = 'allow',
  company?: string,
): Promise<URL> {
  let step = await browser.follow(address.href);
  for (let steps = 0; !step.left; steps++) {
    if (steps > 6) throw new Error(`stuck at ${step.url.href}`);
    const login = /^(\/interaction\/[\w-]+)\/phone$/.exec(step.url.pathname);
    const verify = step.url.pathname === '/verify' ? step.url.searchParams.get('interaction') : null;
    if (login) {
      step = await browser.follow(`${provider.issuer}${login[1]}/as/${accountId}`);
    } else if (verify) {
      step = await browser.follow(`${provider.issuer}/interaction/${verify}/continue`);
    } else if (company !== undefined && step.url.pathname.endsWith('/company')) {
      step = await chooseCompany(browser, step.url, await step.response.text(), company);
    } else if (step.url.pathname.endsWith('/consent')) {
      step = await decide(browser, step.url, await step.response.text(), decision);
    } else {
      throw new Error(`${step.response.status} at ${step.url.href}\n${await step.response.text()}`);
    }
  }
  return step.url;
}

export function decide(browser: CookieBrowser, page: URL, html: string, decision: 'allow' | 'deny') {
  return submit(browser, page, html, { decision });
}

export function chooseCompany(browser: CookieBrowser, page: URL, html: string, company: string) {
  return submit(browser, page, html, { company });
}

function submit(browser: CookieBrowser, page: URL, html: string, fields: Record<string, string>) {
  return browser.follow(page.href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ _csrf: hiddenField(html, '_csrf'), ...fields }),
  });
}

/** From nothing to tokens. */
export async function authorize(provider: TestProvider, accountId: AccountId, options: AuthorizeOptions) {
  const started = await startAuthorization(provider, options);
  const callback = await reachApp(provider, started, accountId, 'allow', options.company);
  const exchange = (parameters?: Record<string, string>) =>
    client.authorizationCodeGrant(
      started.config,
      callback,
      { pkceCodeVerifier: started.verifier, expectedNonce: started.nonce, expectedState: started.state },
      parameters,
    );
  return { ...started, callback, exchange };
}
