import { randomUUID } from 'node:crypto';
import * as oauth from 'openid-client';
import type { Departure, SignedIn } from './session.ts';
import type { Lang } from './words.ts';

export type ProviderOptions = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends people back to. */
  redirectUri: string;
  postLogoutRedirectUri: string;
  /** The resource indicator (RFC 8707) of the jobs API, and the audience of its tokens. */
  resource: string;
};

/** `anyone` signs in, `newcomer` is asked to register, `recruiter` must be verified as one. */
export type SignInAs = 'anyone' | 'newcomer' | 'recruiter';

export type ProviderClient = {
  /** The address to send the browser to, and what to remember until it is back. */
  depart(as: SignInAs, lang: Lang): Promise<{ url: URL; state: string; departure: Departure }>;
  /** Exchanges the code of the address the browser came back to. Throws what the provider reported. */
  arrive(url: URL, state: string, departure: Departure): Promise<SignedIn>;
  refresh(person: SignedIn): Promise<SignedIn>;
  signOutUrl(person: SignedIn): Promise<URL>;
};

const personScopes = [
  'openid',
  'profile',
  'phone',
  'email',
  'offline_access',
  'roles',
  'verification',
  'company',
];
const apiScopes = ['application:submit', 'resume:search', 'resume:read', 'job:publish', 'company:manage'];

/** Everything OpenID Connect, done by openid-client: discovery, code flow with PKCE, state and nonce, refresh, logout. */
export function createProviderClient(options: ProviderOptions): ProviderClient {
  let discovered: Promise<oauth.Configuration> | undefined;
  const configuration = () => {
    discovered ??= discover(options).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  };

  /** One refresh token, two access tokens: one about the person (userinfo) and one for the jobs API. */
  async function gather(
    config: oauth.Configuration,
    tokens: oauth.TokenEndpointResponse & oauth.TokenEndpointResponseHelpers,
    previous: { idToken: string; subject: string },
  ): Promise<SignedIn> {
    const idClaims = tokens.claims();
    const subject = idClaims?.sub ?? previous.subject;
    const userinfo = await oauth.fetchUserInfo(config, tokens.access_token, subject);
    const api = tokens.refresh_token
      ? await oauth
          .refreshTokenGrant(config, tokens.refresh_token, { resource: options.resource })
          .catch(withoutApi)
      : undefined;
    const scopes = [tokens.scope, api?.scope].flatMap((scope) => scope?.split(' ') ?? []);
    return {
      subject,
      scopes: [...new Set(scopes.filter((scope) => scope !== ''))],
      claims: shown({ ...idClaims, ...userinfo }),
      idToken: tokens.id_token ?? previous.idToken,
      refreshToken: api?.refresh_token ?? tokens.refresh_token,
      apiToken: api?.access_token,
      expiresAt: Date.now() + (tokens.expires_in ?? 0) * 1000,
    };
  }

  return {
    async depart(as, lang) {
      const config = await configuration();
      const state = randomUUID();
      const departure = { nonce: randomUUID(), codeVerifier: oauth.randomPKCECodeVerifier() };
      const url = oauth.buildAuthorizationUrl(config, {
        redirect_uri: options.redirectUri,
        scope: [...personScopes, ...apiScopes].join(' '),
        resource: options.resource,
        state,
        nonce: departure.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(departure.codeVerifier),
        code_challenge_method: 'S256',
        ui_locales: lang,
        ...(as === 'newcomer' && { prompt: 'create' }),
        ...(as === 'recruiter' && { claims: JSON.stringify(recruiterClaims) }),
      });
      return { url, state, departure };
    },
    async arrive(url, state, { nonce, codeVerifier }) {
      const config = await configuration();
      const tokens = await oauth.authorizationCodeGrant(config, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      return gather(config, tokens, { idToken: '', subject: '' });
    },
    async refresh(person) {
      const config = await configuration();
      if (!person.refreshToken) throw new Error('there is no refresh token');
      const tokens = await oauth.refreshTokenGrant(config, person.refreshToken);
      return gather(config, tokens, person);
    },
    async signOutUrl(person) {
      return oauth.buildEndSessionUrl(await configuration(), {
        id_token_hint: person.idToken,
        post_logout_redirect_uri: options.postLogoutRedirectUri,
      });
    },
  };
}

const recruiterClaims = { id_token: { recruiter_status: { essential: true, value: 'eligible' } } };

function discover({ issuer, clientId, clientSecret }: ProviderOptions): Promise<oauth.Configuration> {
  const insecure = issuer.startsWith('http:') ? { execute: [oauth.allowInsecureRequests] } : {};
  return oauth.discovery(
    new URL(issuer),
    clientId,
    undefined,
    oauth.ClientSecretBasic(clientSecret),
    insecure,
  );
}

/** The provider grants no token for the API while the person may do nothing there. */
function withoutApi(error: unknown): undefined {
  if (error instanceof oauth.ResponseBodyError && ['invalid_target', 'invalid_scope'].includes(error.error))
    return undefined;
  throw error;
}

const protocolClaims = new Set([
  'iss',
  'aud',
  'azp',
  'sub',
  'exp',
  'iat',
  'nonce',
  'at_hash',
  's_hash',
  'c_hash',
  'sid',
  'auth_time',
  'jti',
  'updated_at',
]);

function shown(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.has(name)));
}
