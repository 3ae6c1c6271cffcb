import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../support/authorize.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

describe('an app with openid-client', () => {
  it('signs a person in and reads the claims it was given', async () => {
    const accountId = await provider.addAccount();
    const app = await provider.addClient();
    const { exchange, config } = await authorize(provider, accountId, {
      client: app,
      scope: 'openid profile phone roles verification',
    });
    const tokens = await exchange();
    expect(tokens.scope).toBe('openid profile phone roles verification');
    expect(tokens.claims()?.sub).toBe(accountId);
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, accountId);
    expect(userinfo).toMatchObject({ sub: accountId, phone_number_verified: true, roles: ['candidate'] });
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  });
});
