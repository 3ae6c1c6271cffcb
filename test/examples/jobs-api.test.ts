import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobsApi, type JobsApi } from '../../examples/demo-app/jobs-api.ts';

const resource = 'https://jobs.example/api';
let provider: Server;
let issuer: string;
let key: CryptoKey;
let api: JobsApi;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  key = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
  provider = createServer((request, response) => {
    const keys = request.url === '/jwks';
    response.end(JSON.stringify(keys ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  api = createJobsApi({ issuer, resource });
});

afterAll(() => provider.close());

type Token = {
  scope?: string;
  audience?: string;
  typ?: string;
  expires?: string;
  issuer?: string;
  key?: CryptoKey;
};

async function authorization(token: Token = {}): Promise<string> {
  const jwt = new SignJWT({ scope: token.scope ?? 'job:publish' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: token.typ ?? 'at+jwt' })
    .setSubject('person')
    .setIssuer(token.issuer ?? issuer)
    .setAudience(token.audience ?? resource)
    .setExpirationTime(token.expires ?? '1m');
  return `Bearer ${await jwt.sign(token.key ?? key)}`;
}

describe('the jobs API of the demo app', () => {
  it('publishes for a token made out to it that carries job:publish', async () => {
    const answer = await api(await authorization({ scope: 'resume:read job:publish' }));
    expect(answer).toMatchObject({ status: 201, body: { job: 1, publisher: 'person' } });
  });

  it.each(['', 'job:publish2', 'resume:read', 'xjob:publish'])(
    'answers insufficient_scope to scope "%s"',
    async (scope) => {
      const answer = await api(await authorization({ scope }));
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="jobs", error="insufficient_scope", scope="job:publish"',
      );
    },
  );

  it('asks for a token where there is none', async () => {
    for (const header of [undefined, '', 'Basic eDp5', 'Bearer ']) {
      expect(await api(header)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="jobs"' },
      });
    }
  });

  it.each<[string, () => Promise<Token>]>([
    ['for another audience', async () => ({ audience: 'https://other.example' })],
    ['that is an id token', async () => ({ typ: 'JWT' })],
    ['that has expired', async () => ({ expires: '-1m' })],
    ['of another issuer', async () => ({ issuer: 'https://other.example' })],
    ['signed with another key', async () => ({ key: (await generateKeyPair('ES256')).privateKey })],
  ])('answers invalid_token to a token %s', async (_name, token) => {
    expect(await api(await authorization(await token()))).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    });
  });
});
