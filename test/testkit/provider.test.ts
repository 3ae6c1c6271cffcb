import * as oauth from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import { startTestProvider, type TestProvider } from '../../src/testkit/index.ts';

const redirectUri = 'https://app.example/callback';
let provider: TestProvider;
let config: oauth.Configuration;

beforeAll(async () => {
  provider = await startTestProvider();
  const { clientId, clientSecret } = await provider.addClient({ redirectUris: [redirectUri] });
  const secret = oauth.ClientSecretBasic(clientSecret ?? '');
  const insecure = { execute: [oauth.allowInsecureRequests] };
  config = await oauth.discovery(new URL(provider.issuer), clientId, undefined, secret, insecure);
});
afterAll(() => provider.close());

async function authorization(scope: string) {
  const codeVerifier = oauth.randomPKCECodeVerifier();
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: 'some-state',
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: 'some-state', idTokenExpected: true };
  return { url, exchange: (back: URL) => oauth.authorizationCodeGrant(config, back, checks) };
}

describe('the test kit', () => {
  it('signs a new person in, and the same person again', async () => {
    const person = provider.person({ role: 'recruiter', lang: 'en' });
    const first = await authorization('openid phone roles');
    const tokens = await first.exchange(await person.signIn(first.url));
    const subject = tokens.claims()?.sub ?? '';
    expect(await oauth.fetchUserInfo(config, tokens.access_token, subject)).toMatchObject({
      phone_number: person.phone,
      phone_number_verified: true,
      roles: ['recruiter'],
    });

    person.browser.jar.clear();
    provider.clock.advance(minutes(2));
    const second = await authorization('openid');
    const again = await second.exchange(await person.signIn(second.url));
    expect(again.claims()?.sub).toBe(subject);
    expect(await provider.messages(person.phone)).toHaveLength(2);
  });

  it('keeps people apart, and answers nothing about a number that got no message', async () => {
    const [one, two] = [provider.person(), provider.person()];
    expect(one.phone).not.toBe(two.phone);
    expect(await provider.messages(one.phone)).toEqual([]);
    await expect(one.newestCode()).rejects.toThrow(/no code/);
  });

  it('says where a script got stuck, with what the page said', async () => {
    const person = provider.person({ lang: 'en' });
    await expect(person.signIn(`${provider.issuer}/nowhere`)).rejects.toThrow(
      /stopped at .*\/nowhere \(404\)/,
    );
  });

  it('refuses a client the provider would refuse, and settings that are none', async () => {
    await expect(provider.addClient({ redirectUris: ['not a url'] })).rejects.toThrow(/refused/);
    await expect(startTestProvider({ settings: { SHIMING_PROT: '1' } })).rejects.toThrow(/not a setting/);
  });
});
