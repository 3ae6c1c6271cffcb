import { Provider, type Configuration } from 'oidc-provider';
import { digestSecret, type Client, type ClientStore } from '../clients/index.ts';
import type { RequestAdapter } from './adapter.ts';
import { createFindAccount, type AccountDependencies } from './accounts.ts';
import { checkCompanyParameter, keepCompanies } from './acting.ts';
import { assertClaims, claimsByScope } from './claims.ts';
import { sameDigest } from './digest.ts';
import { toExternalKeys } from './external-keys.ts';
import { loadExistingGrant, type KnownConsents } from './existing-grant.ts';
import { ownClientId } from './grants.ts';
import { introspectionPolicy, revocationPolicy } from './inspection.ts';
import { ownApi } from '../entitlements/index.ts';
import type { SigningKey } from './keys.ts';
import type { PendingPages } from './pages.ts';
import { createPolicy } from './policy.ts';
import { companyClaim, createResources } from './resources.ts';
import { pairwise } from './pairwise.ts';

export type ProviderDependencies = AccountDependencies & {
  readonly issuer: string;
  /** Secrets that sign the provider's cookies, newest first. */
  readonly cookieSecrets: readonly string[];
  readonly pairwiseSecret: Buffer;
  readonly findClient: ClientStore['find'];
  readonly adapter: RequestAdapter;
  readonly consents: KnownConsents;
  readonly pages: PendingPages;
  readonly keys: readonly SigningKey[];
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
  jwks: '/oauth/jwks',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  pushed_authorization_request: '/oauth/par',
  end_session: '/oauth/logout',
} as const;

/** Where the service's own sign-in comes back to. */
export const signedInPath = '/signed-in';

/** oidc-provider, configured; nothing else happens here. */
export function createProvider(dependencies: ProviderDependencies): Provider {
  const provider = new Provider(dependencies.issuer, configuration(dependencies));
  // Behind any number of proxies, addresses are those of the issuer: the dispatcher writes them into the request.
  provider.proxy = true;
  keepCompanies(provider);
  rememberClients(provider, dependencies.findClient);
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value(this: { clientSecret?: string }, presented: string) {
      return this.clientSecret !== undefined && sameDigest(digestSecret(presented), this.clientSecret);
    },
  });
  return provider;
}

/** Serves the same instance while the stored client is the same object, which storage guarantees until it changes. */
function rememberClients(provider: Provider, findClient: ProviderDependencies['findClient']): void {
  const instances = new WeakMap<Client, NonNullable<Awaited<ReturnType<Provider['Client']['find']>>>>();
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    if (id === ownClientId || typeof id !== 'string') return find(id);
    const stored = await findClient(id);
    if (!stored) return undefined;
    const known = instances.get(stored);
    if (known) return known;
    const made = await find(id);
    if (made) instances.set(stored, made);
    return made;
  };
}

function configuration(dependencies: ProviderDependencies): Configuration {
  const { issuer, adapter, catalogue, consents, pages, keys, cookieSecrets, clock } = dependencies;
  const secure = issuer.startsWith('https:');
  const resources = createResources(catalogue, `${issuer}${ownApi}`);
  return {
    adapter: adapter.factory,
    jwks: { keys: toExternalKeys(keys) },
    clients: [ownClient(issuer)],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: ['first_party', 'introspects'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientBasedCORS: (ctx, origin, client) =>
      (ctx.oidc.route === 'userinfo' || client.clientAuthMethod === 'none') &&
      (client.redirectUris ?? []).some((uri) => URL.canParse(uri) && new URL(uri).origin === origin),
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      userinfoSigningAlgValues: ['ES256', 'RS256'],
      introspectionSigningAlgValues: ['ES256', 'RS256'],
      authorizationSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      requestObjectSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    },
    cookies: {
      keys: [...cookieSecrets],
      names: {
        session: secure ? '__Host-shiming-session' : 'shiming-session',
        interaction: secure ? '__Secure-shiming-interaction' : 'shiming-interaction',
        resume: secure ? '__Secure-shiming-resume' : 'shiming-resume',
      },
      // A session id is 256 random bits; a signature beside it would protect nothing and cost 6 % of a sign-in.
      long: { httpOnly: true, sameSite: 'lax', secure, signed: false },
      short: { httpOnly: true, sameSite: 'lax', secure, signed: true },
    },
    claims: claimsByScope(),
    extraParams: { company: checkCompanyParameter },
    scopes: ['openid', 'offline_access', 'roles'],
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: pairwise(dependencies.pairwiseSecret),
    responseTypes: ['code', 'none'],
    routes,
    discovery: {
      prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
      ui_locales_supported: ['zh-CN', 'en'],
      service_documentation: `${issuer}/`,
      op_policy_uri: `${issuer}/legal/privacy`,
      op_tos_uri: `${issuer}/legal/agreement`,
    },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true, assertClaimsParameter: assertClaims },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: introspectionPolicy(dependencies) },
      revocation: { enabled: true, allowedPolicy: revocationPolicy },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: { enabled: true, ...resources },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          const data = { form: readForm(form), app: clientName(ctx.oidc.client) };
          const target = ctx.oidc.params?.['post_logout_redirect_uri'];
          const formTargets = typeof target === 'string' ? [new URL(target).origin] : [];
          pages.set(ctx.req, { name: 'sign-out', status: 200, data, formTargets });
        },
        postLogoutSuccessSource(ctx) {
          pages.set(ctx.req, { name: 'signed-out', status: 200, data: { app: clientName(ctx.oidc.client) } });
        },
      },
    },
    pkce: { required: () => true },
    // Refresh tokens go to every app that registered for them; without offline_access they end with the session.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: (_ctx, source) => !source.scopes.has('offline_access'),
    rotateRefreshToken: () => true,
    extraTokenClaims: (ctx, token) => companyClaim(ctx, token, catalogue),
    findAccount: createFindAccount(dependencies),
    loadExistingGrant: loadExistingGrant(consents, catalogue, clock),
    interactions: {
      policy: createPolicy(catalogue),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    renderError(ctx, out) {
      pages.set(ctx.req, { name: 'oidc-error', status: ctx.status, data: { error: out.error } });
    },
    ttl: {
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? HOUR,
      AuthorizationCode: MINUTE,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 10 * MINUTE,
      Grant: 366 * DAY,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: 30 * DAY,
      Session: 14 * DAY,
    },
  };
}

/** Signs people in for the service's own pages: a session and nothing else (`response_type=none`). */
function ownClient(issuer: string) {
  return {
    client_id: ownClientId,
    client_name: '实名 Shiming',
    redirect_uris: [`${issuer}${signedInPath}`],
    response_types: ['none' as const],
    grant_types: [],
    token_endpoint_auth_method: 'none' as const,
    first_party: true,
  };
}

function clientName(client: { clientName?: string | undefined; clientId: string } | undefined) {
  return client && client.clientId !== ownClientId ? (client.clientName ?? client.clientId) : undefined;
}

/** The address and the anti-forgery value out of the form that oidc-provider prepared. */
function readForm(form: string): { action: string; xsrf: string } {
  const action = /action="([^"]+)"/.exec(form)?.[1];
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1];
  if (action === undefined || xsrf === undefined) throw new Error('the logout form is not as expected');
  return { action: new URL(action).pathname, xsrf };
}
