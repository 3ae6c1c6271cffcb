import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../../src/core/clock.ts';
import { authorize, discover } from '../../support/authorize.ts';
import { redirectUri, startProvider, type TestProvider } from '../../support/provider.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let provider: TestProvider;
  let app: { id: string; secret: string };
  beforeAll(async () => {
    provider = await startProvider({ dialect });
    app = await provider.addClient();
  });
  afterAll(() => provider.close());

  /** A code with everything needed to exchange it, and a plain form to exchange it with. */
  async function obtainCode(over: { scope?: string } = {}) {
    const accountId = await provider.addAccount();
    const authorized = await authorize(provider, accountId, { client: app, scope: over.scope ?? 'openid' });
    const code = authorized.callback.searchParams.get('code') ?? '';
    const redeem = (changes: Record<string, string | undefined> = {}, by = app) =>
      token(
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: authorized.verifier,
          ...changes,
        },
        by,
      );
    return { accountId, ...authorized, code, redeem };
  }

  async function token(fields: Record<string, string | undefined>, by = app) {
    const present = Object.entries(fields).filter(
      (field): field is [string, string] => field[1] !== undefined,
    );
    const response = await fetch(`${provider.issuer}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${by.id}:${by.secret}`)}` },
      body: new URLSearchParams(present),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  describe('a code', () => {
    it('that fifty requests present at once is good for exactly one, and its tokens do not survive the theft', async () => {
      const { redeem, accountId } = await obtainCode();
      const answers = await Promise.all(Array.from({ length: 50 }, () => redeem()));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(49);
      const refreshed = await token({
        grant_type: 'refresh_token',
        refresh_token: won[0]?.body['refresh_token'],
      });
      expect(refreshed.body['error']).toBe('invalid_grant');
      const rows = await provider.app.database.handle.knex('artifacts').where({ model: 'AccessToken' });
      expect(rows.filter(({ payload }) => (payload as string).includes(accountId))).toEqual([]);
    });

    it('works once: presented again it is refused and takes its tokens along', async () => {
      const { redeem } = await obtainCode();
      const first = await redeem();
      expect(first.status).toBe(200);
      expect((await redeem()).body['error']).toBe('invalid_grant');
      const refreshed = await token({
        grant_type: 'refresh_token',
        refresh_token: first.body['refresh_token'],
      });
      expect(refreshed.body['error']).toBe('invalid_grant');
    });

    it.each([
      ['a wrong verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
      ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
      ['another redirect address', { redirect_uri: 'https://app.example/other' }, 'invalid_grant'],
      ['a made-up code', { code: 'x'.repeat(43) }, 'invalid_grant'],
      ['an empty code', { code: '' }, 'invalid_request'],
      ['an endless code', { code: 'x'.repeat(20_000) }, 'invalid_grant'],
    ])('with %s is refused', async (_name, changes, error) => {
      const { redeem } = await obtainCode();
      const answer = await redeem(changes);
      expect([answer.status, answer.body['error']]).toEqual([400, error]);
    });

    it('belongs to the app it was issued to', async () => {
      const other = await provider.addClient();
      const { redeem } = await obtainCode();
      expect((await redeem({}, other)).body['error']).toBe('invalid_grant');
    });

    it('is over after a minute', async () => {
      const { redeem } = await obtainCode();
      const { knex } = provider.app.database.handle;
      const codes = await knex('artifacts').where({ model: 'AuthorizationCode' });
      for (const { key, payload } of codes as { key: Buffer; payload: string }[]) {
        const old = {
          ...(JSON.parse(payload) as { exp: number }),
          exp: Math.floor((Date.now() - minutes(2)) / 1000),
        };
        await knex('artifacts')
          .where({ key })
          .update({ payload: JSON.stringify(old) });
      }
      expect((await redeem()).body['error']).toBe('invalid_grant');
    });
  });

  describe('a refresh token', () => {
    it('is replaced at every use, and its second use ends everything that came from it', async () => {
      const { redeem } = await obtainCode();
      const first = (await redeem()).body['refresh_token'];
      const second = await token({ grant_type: 'refresh_token', refresh_token: first });
      expect(second.status).toBe(200);
      expect((await token({ grant_type: 'refresh_token', refresh_token: first })).body['error']).toBe(
        'invalid_grant',
      );
      const third = await token({ grant_type: 'refresh_token', refresh_token: second.body['refresh_token'] });
      expect(third.body['error']).toBe('invalid_grant');
    });

    it('raced by twenty requests yields one answer', async () => {
      const { redeem } = await obtainCode();
      const refresh_token = (await redeem()).body['refresh_token'];
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => token({ grant_type: 'refresh_token', refresh_token })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('belongs to the app it was issued to, and cannot ask for more than was consented to', async () => {
      const other = await provider.addClient();
      const { redeem } = await obtainCode();
      const refresh_token = (await redeem()).body['refresh_token'];
      expect((await token({ grant_type: 'refresh_token', refresh_token }, other)).body['error']).toBe(
        'invalid_grant',
      );
      const wider = await token({ grant_type: 'refresh_token', refresh_token, scope: 'openid phone' });
      expect(wider.body['error']).toBe('invalid_scope');
    });

    it('ends when it is revoked, and with it the access token', async () => {
      const { exchange, config, accountId } = await obtainCode();
      const tokens = await exchange();
      await client.tokenRevocation(config, tokens.refresh_token ?? '');
      await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).rejects.toThrow();
      await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
    });

    it('of an account that was disabled yields nothing', async () => {
      const { exchange, config, accountId } = await obtainCode();
      const tokens = await exchange();
      const { knex, clock } = provider.app.database.handle;
      await knex('accounts').where({ id: accountId }).update({ state: 'disabled', updated_at: clock.now() });
      await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
      await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).rejects.toThrow();
      expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
    });
  });

  describe('another app', () => {
    it('learns nothing about a token by introspection, and cannot revoke it', async () => {
      const { exchange, config, accountId } = await obtainCode();
      const tokens = await exchange();
      const foreign = await discover(provider, await provider.addClient());
      expect(await client.tokenIntrospection(foreign, tokens.access_token)).toEqual({ active: false });
      await expect(client.tokenRevocation(foreign, tokens.access_token)).rejects.toThrow();
      await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).resolves.toMatchObject({
        sub: accountId,
      });
    });

    it('with a wrong secret is nobody', async () => {
      const { redeem } = await obtainCode();
      const answer = await redeem({}, { id: app.id, secret: 'wrong' });
      expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    });
  });

  describe('what is stored', () => {
    it('holds no token, code, session id or phone number', async () => {
      const accountId = await provider.addAccount({ phone: '+8613912345678' });
      const { exchange, code, browser } = await authorize(provider, accountId, {
        client: app,
        scope: 'openid phone',
        parameters: {
          login_hint: '+8613912345678',
          claims: '{"userinfo":{"phone_number":{"value":"+8613912345678"}}}',
        },
      }).then(async (authorized) => ({
        ...authorized,
        code: authorized.callback.searchParams.get('code') ?? '',
      }));
      const tokens = await exchange();
      void browser;
      const rows = await provider.app.database.handle.knex('artifacts').select('*');
      const stored = JSON.stringify(
        rows.map((row: { payload: string; key: Buffer }) => [row.payload, row.key.toString('latin1')]),
      );
      for (const secret of [code, tokens.access_token, tokens.refresh_token ?? '', '13912345678']) {
        expect(secret.length).toBeGreaterThan(8);
        expect(stored).not.toContain(secret);
      }
    });
  });
});
