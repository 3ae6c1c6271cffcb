import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformResource } from '../../../src/entitlements/index.ts';
import { authorize, discover, reachApp, startAuthorization } from '../../support/authorize.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';
import { makeEligible, revokePerson } from '../../support/recruiters.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let provider: TestProvider;
  let app: { id: string; secret: string };
  beforeAll(async () => {
    provider = await startProvider({ dialect });
    app = await provider.addClient();
  });
  afterAll(() => provider.close());

  const resource = platformResource.identifier;
  const scope = 'openid verification company job:publish resume:search company:manage application:submit';
  const wantsRecruiter = JSON.stringify({
    userinfo: { recruiter_status: { essential: true, value: 'eligible' } },
  });

  describe('scopes that need a status', () => {
    it('are not granted before it, join on the next refresh after it, and leave with it', async () => {
      const accountId = await provider.addAccount({ roles: ['recruiter'] });
      const { exchange, config } = await authorize(provider, accountId, { client: app, scope });
      const first = await exchange({ resource });
      expect(first.scope ?? '').toBe('');
      expect(decodeJwt(first.access_token)['scope']).toBeUndefined();

      await makeEligible(provider.app, accountId);
      const gained = await client.refreshTokenGrant(config, first.refresh_token ?? '', { resource });
      expect(gained.scope?.split(' ').sort()).toEqual(['job:publish', 'resume:search']);
      const person = await client.refreshTokenGrant(config, gained.refresh_token ?? '');
      expect(person.scope).toBe('openid verification company');
      expect(await client.fetchUserInfo(config, person.access_token, accountId)).toMatchObject({
        person_status: 'verified',
        assurance_level: 'rn2',
        recruiter_status: 'eligible',
        recruiter_reasons: [],
        company: { name: '示例科技有限公司', role: 'recruiter' },
      });

      await revokePerson(provider.app, accountId);
      const lost = await client.refreshTokenGrant(config, person.refresh_token ?? '', { resource });
      expect(lost.scope ?? '').toBe('');
      const after = await client.refreshTokenGrant(config, lost.refresh_token ?? '');
      expect(await client.fetchUserInfo(config, after.access_token, accountId)).toMatchObject({
        person_status: 'revoked',
        assurance_level: 'rn0',
        recruiter_status: 'ineligible',
        recruiter_reasons: ['person_revoked'],
      });
    });

    it('are in a JWT access token (RFC 9068) for ten minutes at most, with the company and nobody’s name', async () => {
      const accountId = await provider.addAccount({ roles: ['recruiter'] });
      await makeEligible(provider.app, accountId, { role: 'administrator' });
      const { exchange } = await authorize(provider, accountId, {
        client: app,
        scope: `${scope} profile phone`,
      });
      const tokens = await exchange({ resource });
      expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
      const payload = decodeJwt(tokens.access_token);
      expect(Object.keys(payload).sort()).toEqual(
        ['aud', 'client_id', 'company_code', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'].sort(),
      );
      expect(payload).toMatchObject({
        iss: provider.issuer,
        aud: resource,
        sub: accountId,
        client_id: app.id,
      });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(600);
      expect(tokens.scope?.split(' ').sort()).toEqual(['company:manage', 'job:publish', 'resume:search']);
    });

    it('end an opaque token at the moment they are lost', async () => {
      const accountId = await provider.addAccount({ roles: ['recruiter'] });
      await makeEligible(provider.app, accountId);
      const { exchange, config } = await authorize(provider, accountId, {
        client: app,
        scope: 'openid company',
      });
      const tokens = await exchange();
      expect(tokens.scope).toBe('openid company');
      expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true });
      await revokePerson(provider.app, accountId);
      const { knex } = provider.app.database.handle;
      await knex('memberships').where({ account_id: accountId }).update({ state: 'ended' });
      await provider.app.database.transact((stores) =>
        provider.app.entitlements.recompute(stores, accountId),
      );
      expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
      await expect(client.fetchUserInfo(config, tokens.access_token, accountId)).rejects.toThrow();
    });

    it('follow the clock: a check that is too old narrows the next refresh', async () => {
      const accountId = await provider.addAccount({ roles: ['recruiter'] });
      await makeEligible(provider.app, accountId);
      const { exchange, config } = await authorize(provider, accountId, { client: app, scope });
      const tokens = await exchange({ resource });
      expect(tokens.scope).toContain('job:publish');
      const { knex } = provider.app.database.handle;
      await knex('person_verifications').where({ account_id: accountId }).update({ verified_at: 1 });
      // Nobody recomputed: the stored status says itself when it has to be derived anew.
      await knex('recruiter_statuses').where({ account_id: accountId }).update({ recheck_at: 1 });
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource });
      expect(refreshed.scope ?? '').toBe('');
    });

    it('are never given to an app for itself unless the table says so', async () => {
      const machine = await provider.addClient({
        metadata: { redirect_uris: [], grant_types: ['client_credentials'], response_types: [] },
      });
      const { resources } = provider.app.database.stores;
      await resources.putScope({ scope: 'report:read', resource, requires: [], machine: true, titles: {} });
      await provider.app.oidc.reload();
      const config = await discover(provider, machine);
      const wanted = { resource, scope: 'job:publish report:read' };
      const tokens = await client.clientCredentialsGrant(config, wanted);
      expect(tokens.scope).toBe('report:read');
      expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: machine.id, scope: 'report:read' });
    });
  });

  describe('an essential recruiter_status', () => {
    it('leads through verification and back with the honest status', async () => {
      const accountId = await provider.addAccount();
      const started = await startAuthorization(provider, {
        client: app,
        scope: 'openid verification job:publish',
        parameters: { claims: wantsRecruiter },
      });
      let step = await started.browser.follow(started.address.href);
      step = await started.browser.follow(step.url.href.replace(/phone$/, `as/${accountId}`));
      expect(step.url.pathname).toBe('/verify');
      const uid = step.url.searchParams.get('interaction') ?? '';
      const peeked = await provider.app.oidc.interactions.peek(uid, accountId);
      expect(peeked).toMatchObject({ uid, prompt: 'verification', client: { id: app.id, name: 'Test App' } });
      const stranger = await provider.addAccount();
      expect(await provider.app.oidc.interactions.peek(uid, stranger)).toBeUndefined();
      const callback = await reachApp(
        provider,
        { browser: started.browser, address: new URL(`${provider.issuer}/interaction/${uid}/continue`) },
        accountId,
      );
      const tokens = await client.authorizationCodeGrant(started.config, callback, {
        pkceCodeVerifier: started.verifier,
        expectedNonce: started.nonce,
        expectedState: started.state,
      });
      expect(await client.fetchUserInfo(started.config, tokens.access_token, accountId)).toMatchObject({
        recruiter_status: 'ineligible',
        recruiter_reasons: ['not_recruiter', 'person_unverified', 'company_missing'],
      });
    });

    it('does not get in the way of somebody who is eligible', async () => {
      const accountId = await provider.addAccount({ roles: ['recruiter'] });
      await makeEligible(provider.app, accountId);
      const started = await startAuthorization(provider, {
        client: app,
        scope: 'openid verification',
        parameters: { claims: wantsRecruiter },
      });
      let step = await started.browser.follow(started.address.href);
      step = await started.browser.follow(step.url.href.replace(/phone$/, `as/${accountId}`));
      expect(step.url.pathname).toMatch(/consent$/);
    });
  });
});
