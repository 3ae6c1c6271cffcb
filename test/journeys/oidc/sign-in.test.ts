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

describe('the subject', () => {
  const subjectAt = async (host: string, accountId: Awaited<ReturnType<TestProvider['addAccount']>>) => {
    const redirect = `https://${host}/callback`;
    const metadata = { redirect_uris: [redirect], subject_type: 'pairwise' } as const;
    const app = await provider.addClient({ metadata });
    const parameters = { redirect_uri: redirect };
    const { exchange, config } = await authorize(provider, accountId, { client: app, parameters });
    const tokens = await exchange();
    const subject = tokens.claims()?.sub ?? '';
    await client.fetchUserInfo(config, tokens.access_token, subject);
    return subject;
  };

  it('is by default one that apps of different hosts cannot match, and never the account’s own id', async () => {
    const accountId = await provider.addAccount();
    const one = await subjectAt('one.example', accountId);
    const two = await subjectAt('two.example', accountId);
    expect(one).not.toBe(two);
    expect([one, two].join()).not.toContain(accountId);
    expect(await subjectAt('one.example', accountId)).toBe(one);
    const added = await provider.app.clients.add({
      name: 'New',
      metadata: { redirect_uris: ['https://a.example/cb'] },
    });
    expect(added).toMatchObject({ ok: true, client: { metadata: { subject_type: 'pairwise' } } });
  });
});
