import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet } from 'jose';
import * as oauth from 'openid-client';
import type { App } from '../../src/app.ts';
import { platformResource, type ResourceRow } from '../../src/entitlements/index.ts';
import { verifyToken, type ReceivedToken } from './signal-receiver.ts';

/** The platform's API whose tokens are asked about one by one, so that none outlives what it was issued for. */
export const askedApi: ResourceRow = { ...platformResource, tokenFormat: 'opaque' };

export type ApiAnswer = 'published' | 'invalid_token' | 'insufficient_scope';

export type HiringApp = {
  readonly url: string;
  /** What its address for signals took, verified. */
  readonly taken: readonly ReceivedToken[];
  /** Who is signed in, as the app knows them. */
  readonly signedIn: () => { readonly subject: string; readonly scopes: readonly string[] };
  /** What the app's API answers to the access token the app holds now. */
  publish(): Promise<ApiAnswer>;
  refresh(): Promise<void>;
  /** What the provider says of the person. */
  userinfo(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
};

type Session = { access: string; refresh: string; subject: string; scopes: readonly string[] };

const redirected = '/callback';
const signals = '/signals';

/**
 * An app for recruiters of one person at a time: people sign in with openid-client, its API asks the provider about each
 * token (RFC 7662), and it is pushed signals. `/sign-in?insist` asks for somebody who may recruit, and nobody else.
 */
export async function startHiringApp({ app, issuer }: Provider, name: string): Promise<HiringApp> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const own = await register(app, name, {
    redirect_uris: [`${url}${redirected}`],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    subject_type: 'pairwise',
  });
  const api = await register(app, `${name} API`, {
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    introspects: [askedApi.identifier],
  });
  const [config, apiConfig] = await Promise.all([discover(issuer, own), discover(issuer, api)]);
  const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));
  const taken: ReceivedToken[] = [];
  const departures = new Map<string, { verifier: string; nonce: string }>();
  let session: Session | undefined;

  function keep(tokens: oauth.TokenEndpointResponse, subject: string | undefined): void {
    const { access_token: access, refresh_token: refresh = '', scope = '' } = tokens;
    session = { access, refresh, subject: subject ?? '', scopes: scope.split(' ') };
  }
  function current(): Session {
    if (!session) throw new Error('nobody is signed in');
    return session;
  }

  async function depart(url: URL, response: ServerResponse): Promise<void> {
    const [state, nonce, verifier] = [
      oauth.randomState(),
      oauth.randomNonce(),
      oauth.randomPKCECodeVerifier(),
    ];
    departures.set(state, { verifier, nonce });
    const insisting = { id_token: { recruiter_status: { essential: true, value: 'eligible' } } };
    const address = oauth.buildAuthorizationUrl(config, {
      redirect_uri: `${new URL(url).origin}${redirected}`,
      scope: 'openid offline_access verification company resume:search job:publish',
      resource: askedApi.identifier,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...(url.searchParams.has('insist') && { claims: JSON.stringify(insisting) }),
    });
    response.writeHead(303, { location: address.href }).end();
  }

  async function arrive(url: URL, response: ServerResponse): Promise<void> {
    const state = url.searchParams.get('state') ?? '';
    const departure = departures.get(state);
    departures.delete(state);
    if (!departure) return void response.writeHead(400).end('not started here');
    const checks = {
      expectedState: state,
      expectedNonce: departure.nonce,
      pkceCodeVerifier: departure.verifier,
    };
    const resource = { resource: askedApi.identifier };
    const tokens = await oauth.authorizationCodeGrant(config, url, checks, resource);
    keep(tokens, tokens.claims()?.sub);
    response.writeHead(303, { location: '/' }).end();
  }

  async function publishFor(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const { active, scope = '', aud } = await oauth.tokenIntrospection(apiConfig, token);
    const error =
      !active || aud !== askedApi.identifier
        ? 'invalid_token'
        : scope.split(' ').includes('job:publish')
          ? undefined
          : 'insufficient_scope';
    const status = error === undefined ? 201 : error === 'invalid_token' ? 401 : 403;
    response.writeHead(status, error && { 'www-authenticate': `Bearer error="${error}"` }).end(error);
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    taken.push(await verifyToken(Buffer.concat(chunks).toString(), { issuer, audience: own.id, keys }));
    response.writeHead(202).end();
  }

  const publish = async (): Promise<ApiAnswer> => {
    const headers = { authorization: `Bearer ${current().access}` };
    const answer = await fetch(`${url}/jobs`, { method: 'POST', headers });
    return answer.status === 201 ? 'published' : ((await answer.text()) as ApiAnswer);
  };

  async function show(response: ServerResponse): Promise<void> {
    const [words, may] = session
      ? [`${name}: signed in as ${session.subject}`, await publish()]
      : [`${name}: nobody is signed in`, 'nothing'];
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(
        `<!doctype html><title>${name}</title><link rel="icon" href="data:,"><main data-api="${may}">${words}</main>`,
      );
  }

  server.on('request', (request, response) => {
    const at = new URL(request.url ?? '/', url);
    const routes: Record<string, () => Promise<void>> = {
      'GET /': () => show(response),
      'GET /sign-in': () => depart(at, response),
      [`GET ${redirected}`]: () => arrive(at, response),
      'POST /jobs': () => publishFor(request, response),
      [`POST ${signals}`]: () => take(request, response),
    };
    const route = routes[`${request.method} ${at.pathname}`];
    if (!route) return void response.writeHead(404).end();
    route().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await subscribe({ issuer, config, endpoint: `${url}${signals}` });

  return {
    url,
    taken,
    signedIn: current,
    publish,
    async refresh() {
      const { refresh, subject } = current();
      keep(await oauth.refreshTokenGrant(config, refresh, { resource: askedApi.identifier }), subject);
    },
    async userinfo() {
      const { refresh, subject, scopes } = current();
      const tokens = await oauth.refreshTokenGrant(config, refresh);
      session = { ...current(), refresh: tokens.refresh_token ?? refresh, scopes };
      return oauth.fetchUserInfo(config, tokens.access_token, subject);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Provider = { readonly app: App; readonly issuer: string };
type Client = { readonly id: string; readonly secret: string };

async function register(app: App, name: string, metadata: object): Promise<Client> {
  const added = await app.clients.add({ name, metadata: metadata as never });
  if (!added.ok || added.secret === undefined) throw new Error(`the client ${name} was refused`);
  return { id: added.client.id, secret: added.secret };
}

function discover(issuer: string, { id, secret }: Client): Promise<oauth.Configuration> {
  const insecure = { execute: [oauth.allowInsecureRequests] };
  return oauth.discovery(new URL(issuer), id, undefined, oauth.ClientSecretBasic(secret), insecure);
}

/** Makes a stream of the app's own that is pushed (RFC 8935). */
async function subscribe(stream: {
  issuer: string;
  config: oauth.Configuration;
  endpoint: string;
}): Promise<void> {
  const { issuer, config, endpoint } = stream;
  const wanted = { resource: `${issuer}/ssf`, scope: 'ssf.manage' };
  const { access_token: token } = await oauth.clientCredentialsGrant(config, wanted);
  const { status } = await fetch(`${issuer}/ssf/streams`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: endpoint } }),
  });
  if (status !== 201) throw new Error(`no stream: ${status}`);
}
