import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import * as client from 'openid-client';
import { platformResource } from '../../src/entitlements/index.ts';
import { recruiterAt } from '../../test/support/recruiting.ts';
import { redirectUri, type Client, type Seeded } from './seed.ts';

/** Somebody who signed in to the app, as its back end knows them. */
export type Session = { readonly subject: string; accessToken: string; refreshToken: string };

/** When its API refused somebody who was removed; instants are those of `performance.now()`. */
export type Refused = {
  /** First answer other than that the job is published, while the API could ask. */
  readonly refused: number;
  /** First `insufficient_scope`, with the token that the app got in place of the one that was dead. */
  readonly insufficientScope: number;
};

export type Platform = {
  /** Signs somebody in through the pages; they may publish. */
  signIn(phone: string): Promise<Session>;
  /**
   * Publishes without a pause until the API says `insufficient_scope`; refreshes as soon as a token is dead, not before
   * `mayRefresh`: a refresh token whose answer was lost with a killed process cannot be used once more.
   */
  publishUntilRefused(session: Session, mayRefresh?: Promise<unknown>): Promise<Refused>;
  /** An access token of the app for itself, for its streams. */
  ownToken(): Promise<string>;
  close(): Promise<void>;
};

const between = 5;
const patience = 60_000;

/** A relying app with an API of its own, which knows access tokens by asking the provider about each (RFC 7662). */
export async function startPlatform(issuer: string, seeded: Seeded): Promise<Platform> {
  const [app, api] = await Promise.all([discover(issuer, seeded.app), discover(issuer, seeded.api)]);
  const server = createServer((request, response) => {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const refuse = (status: number, error: string) =>
      response.writeHead(status, { 'www-authenticate': `Bearer realm="jobs", error="${error}"` }).end();
    client.tokenIntrospection(api, token).then(
      ({ active, scope = '', aud }) => {
        if (!active || aud !== platformResource.identifier) refuse(401, 'invalid_token');
        else if (!scope.split(' ').includes('job:publish')) refuse(403, 'insufficient_scope');
        else response.writeHead(201).end();
      },
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  /** `published`, `unavailable` or the error of the challenge. */
  async function publish({ accessToken }: Session): Promise<string> {
    const answer = await fetch(`http://localhost:${port}/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    await answer.text();
    if (answer.status === 201) return 'published';
    if (answer.status === 503) return 'unavailable';
    return /error="(\w+)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  }

  async function refresh(session: Session): Promise<void> {
    const parameters = { resource: platformResource.identifier };
    const tokens = await client.refreshTokenGrant(app, session.refreshToken, parameters);
    session.accessToken = tokens.access_token;
    session.refreshToken = tokens.refresh_token ?? session.refreshToken;
  }

  return {
    async signIn(phone) {
      const verifier = client.randomPKCECodeVerifier();
      const address = client.buildAuthorizationUrl(app, {
        redirect_uri: redirectUri,
        scope: 'openid verification job:publish',
        resource: platformResource.identifier,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const callback = await recruiterAt(issuer, phone).signIn(address);
      const checks = { pkceCodeVerifier: verifier };
      const tokens = await client.authorizationCodeGrant(app, callback, checks, {
        resource: platformResource.identifier,
      });
      const session = {
        subject: tokens.claims()?.sub ?? '',
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? '',
      };
      const answer = await publish(session);
      if (answer !== 'published') throw new Error(`a member may not publish: ${answer}`);
      return session;
    },
    async publishUntilRefused(session, mayRefresh) {
      const deadline = performance.now() + patience;
      let refused: number | undefined;
      while (performance.now() < deadline) {
        const answer = await publish(session);
        const now = performance.now();
        if (answer === 'invalid_token' || answer === 'insufficient_scope') refused ??= now;
        else if (refused !== undefined && answer === 'published') throw new Error('published once more');
        if (answer === 'insufficient_scope') return { refused: refused ?? now, insufficientScope: now };
        if (answer !== 'invalid_token') {
          await pause(between);
          continue;
        }
        await mayRefresh;
        await refresh(session);
      }
      throw new Error('the API never refused');
    },
    async ownToken() {
      const wanted = { resource: `${issuer}/ssf`, scope: 'ssf.read ssf.manage' };
      return (await client.clientCredentialsGrant(app, wanted)).access_token;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function discover(issuer: string, { id, secret }: Client): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), id, undefined, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests],
  });
}
