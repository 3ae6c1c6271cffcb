import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../../src/core/clock.ts';
import { authorize, discover, startAuthorization } from '../../support/authorize.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const json = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${provider.issuer}${path}`, { headers });
  return { response, body: (await response.json()) as Record<string, unknown> };
};

describe('discovery', () => {
  it('names what there is, under the issuer and nowhere else', async () => {
    const { body, response } = await json('/.well-known/openid-configuration');
    expect(body).toMatchObject({
      issuer: provider.issuer,
      authorization_endpoint: `${provider.issuer}/oauth/authorize`,
      pushed_authorization_request_endpoint: `${provider.issuer}/oauth/par`,
      end_session_endpoint: `${provider.issuer}/oauth/logout`,
      response_types_supported: ['code', 'none'],
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: expect.arrayContaining(['ES256', 'RS256']) as string[],
      ui_locales_supported: ['zh-CN', 'en'],
      claims_parameter_supported: true,
    });
    expect(body['prompt_values_supported']).toContain('create');
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const oauth = await json('/.well-known/oauth-authorization-server');
    expect(oauth.body).toEqual(body);
  });

  it('and interactions do not follow a forged host', async () => {
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const { body } = await json('/.well-known/openid-configuration', forged);
    expect(JSON.stringify(body)).not.toContain('evil');
    const { address } = await startAuthorization(provider, { client: await provider.addClient() });
    const response = await fetch(address, { headers: forged, redirect: 'manual' });
    expect(response.headers.get('location')).toMatch(/^\/interaction\//);
    expect(response.headers.getSetCookie().join()).not.toContain('evil');
  });
});

describe('signing keys', () => {
  it('verify the identity tokens of every app, and rotate with both keys published', async () => {
    const accountId = await provider.addAccount();
    const modern = await provider.addClient();
    const older = await provider.addClient({
      metadata: { redirect_uris: ['https://app.example/callback'], id_token_signed_response_alg: 'RS256' },
    });
    const keys = createRemoteJWKSet(new URL(`${provider.issuer}/oauth/jwks`), { cooldownDuration: 0 });
    const signIn = async (app: typeof modern) => {
      const { exchange } = await authorize(provider, accountId, { client: app });
      return (await exchange()).id_token ?? '';
    };
    const before = await signIn(modern);
    expect(decodeProtectedHeader(before).alg).toBe('ES256');
    expect(decodeProtectedHeader(await signIn(older)).alg).toBe('RS256');

    const { signingKeys, reload } = provider.app.oidc;
    expect((await signingKeys.rotate()).map(({ action }) => action)).toEqual(['created', 'created']);
    expect((await signingKeys.rotate()).map(({ action }) => action)).toEqual(['waiting', 'waiting']);
    await reload();
    const published = (await json('/oauth/jwks')).body['keys'] as { kid: string; d?: string }[];
    expect(published).toHaveLength(4);
    expect(published.every((key) => !('d' in key) && !('p' in key))).toBe(true);
    expect(decodeProtectedHeader(await signIn(modern)).kid).toBe(decodeProtectedHeader(before).kid);

    await signingKeys.rotate({ force: true });
    await reload();
    const after = await signIn(modern);
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    for (const token of [before, after]) {
      await expect(jwtVerify(token, keys, { issuer: provider.issuer })).resolves.toBeDefined();
    }
    const { knex } = provider.app.database.handle;
    await knex('signing_keys')
      .where({ state: 'retiring' })
      .update({ state_since: Date.now() - days(8) });
    expect((await signingKeys.rotate()).filter(({ action }) => action === 'removed')).toHaveLength(2);
  });

  it('are not in the database in clear', async () => {
    const rows = await provider.app.database.handle.knex<{ private_key: Buffer }>('signing_keys').select('*');
    expect(rows.length).toBeGreaterThan(0);
    const pkcs8 = Buffer.from('301306072a8648ce3d020106082a8648ce3d030107', 'hex');
    for (const { private_key } of rows) expect(private_key.includes(pkcs8)).toBe(false);
  });
});

describe('subjects', () => {
  it('are the same for public apps and cannot be matched between pairwise ones', async () => {
    const accountId = await provider.addAccount();
    const pairwise = (host: string) =>
      provider.addClient({
        metadata: {
          redirect_uris: ['https://app.example/callback'],
          subject_type: 'pairwise',
          sector_identifier_uri: `https://${host}.example/sector.json`,
        },
      });
    const sub = async (app: { id: string; secret: string }) => {
      const { exchange, config } = await authorize(provider, accountId, { client: app });
      const tokens = await exchange();
      const subject = tokens.claims()?.sub ?? '';
      expect(await client.fetchUserInfo(config, tokens.access_token, subject)).toMatchObject({
        sub: subject,
      });
      return subject;
    };
    const original = globalThis.fetch;
    globalThis.fetch = async (input, init) =>
      input instanceof URL || typeof input === 'string'
        ? String(input).endsWith('/sector.json')
          ? Response.json(['https://app.example/callback'])
          : original(input, init)
        : original(input, init);
    try {
      const [one, other] = [await pairwise('one'), await pairwise('other')];
      const [first, again, second] = [await sub(one), await sub(one), await sub(other)];
      expect(first).toBe(again);
      expect(first).not.toBe(second);
      expect(first).not.toContain(accountId);
    } finally {
      globalThis.fetch = original;
    }
  });
});

describe('parameters for the pages', () => {
  it('reach the sign-in: create, login_hint, ui_locales', async () => {
    const app = await provider.addClient();
    const started = await startAuthorization(provider, {
      client: app,
      parameters: { prompt: 'create', login_hint: '+8613800138000', ui_locales: 'en zh-CN' },
    });
    const step = await started.browser.follow(started.address.href);
    expect(step.url.pathname).toMatch(/\/phone$/);
    const uid = step.url.pathname.split('/')[2] ?? '';
    const stored = await provider.app.database.handle.knex('artifacts').where({ model: 'Interaction' });
    expect(JSON.stringify(stored)).not.toContain('13800138000');
    expect(uid.length).toBeGreaterThan(20);
    const accountId = await provider.addAccount();
    const next = await started.browser.follow(step.url.href.replace(/phone$/, `as/${accountId}`));
    expect(next.url.pathname).toMatch(/consent$/);
  });
});

describe('identity tokens', () => {
  it('hold the subject alone while userinfo can be asked, and nothing that was not asked', async () => {
    const accountId = await provider.addAccount();
    const { exchange } = await authorize(provider, accountId, {
      client: await provider.addClient(),
      scope: 'openid profile phone roles',
    });
    const claims = decodeJwt((await exchange()).id_token ?? '');
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'nonce', 'sub']);
  });

  it('hold a claim that was asked for by name', async () => {
    const accountId = await provider.addAccount();
    const { exchange } = await authorize(provider, accountId, {
      client: await provider.addClient(),
      scope: 'openid',
      parameters: {
        claims: JSON.stringify({ id_token: { roles: null, phone_number: { value: '+8613800138000' } } }),
      },
    });
    const claims = decodeJwt((await exchange()).id_token ?? '');
    expect(claims).toMatchObject({
      roles: ['candidate'],
      phone_number: expect.stringMatching(/^\+86/) as string,
    });
  });
});

describe('an app that is removed', () => {
  it('gets nothing more', async () => {
    const accountId = await provider.addAccount();
    const app = await provider.addClient();
    const { exchange, config } = await authorize(provider, accountId, { client: app });
    const tokens = await exchange();
    expect(await provider.app.clients.remove(app.id)).toBe(true);
    await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).rejects.toThrow();
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
  });

  it('or got a new secret cannot use the old one', async () => {
    const app = await provider.addClient({
      metadata: { redirect_uris: [], grant_types: ['client_credentials'], response_types: [] },
    });
    const old = await discover(provider, app);
    await expect(client.clientCredentialsGrant(old)).resolves.toBeDefined();
    const renewed = await provider.app.clients.newSecret(app.id);
    if (!renewed.ok) throw new Error(renewed.reason);
    await expect(client.clientCredentialsGrant(old)).rejects.toThrow();
    const fresh = await discover(provider, { id: app.id, secret: renewed.secret });
    await expect(client.clientCredentialsGrant(fresh)).resolves.toBeDefined();
  });
});
