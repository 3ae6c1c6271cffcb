import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachApp } from '../../support/authorize.ts';
import { createCookieBrowser } from '../../support/cookie-browser.ts';
import { redirectUri, startProvider, type TestProvider } from '../../support/provider.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let provider: TestProvider;
  beforeAll(async () => (provider = await startProvider({ dialect })));
  afterAll(() => provider.close());

  describe('oauth4webapi', () => {
    it('pushes its request, exchanges the code and validates every answer', async () => {
      const accountId = await provider.addAccount();
      const options = { [oauth.allowInsecureRequests]: true };
      const issuer = new URL(provider.issuer);
      const server = await oauth.processDiscoveryResponse(
        issuer,
        await oauth.discoveryRequest(issuer, options),
      );
      const spa = await provider.addClient({
        metadata: { redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
      });
      const me = { client_id: spa.id };
      const verifier = oauth.generateRandomCodeVerifier();
      const parameters = new URLSearchParams({
        client_id: spa.id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid profile',
        state: 's',
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const pushed = await oauth.processPushedAuthorizationResponse(
        server,
        me,
        await oauth.pushedAuthorizationRequest(server, me, oauth.None(), parameters, options),
      );
      const address = new URL(server.authorization_endpoint ?? '');
      address.search = new URLSearchParams({ client_id: spa.id, request_uri: pushed.request_uri }).toString();
      const browser = createCookieBrowser();
      const callback = await reachApp(provider, { browser, address }, accountId);
      const validated = oauth.validateAuthResponse(server, me, callback, 's');
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        me,
        oauth.None(),
        validated,
        redirectUri,
        verifier,
        options,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, me, response, {
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(server, response, options);
      const info = await oauth.processUserInfoResponse(
        server,
        me,
        accountId,
        await oauth.userInfoRequest(server, me, tokens.access_token, options),
      );
      expect(info.sub).toBe(accountId);
      const again = await browser.send(address.href);
      expect(again.headers.get('location')).toContain('error=invalid_request_uri');
    });
  });
});
