import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ExternalSigningKey, Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import { clientId, clientSecret, redirectUri } from './contestants.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** oidc-provider with the least around it that makes the same flows possible. */
export function createBareServer(issuer: string, alg: 'RS256' | 'ES256'): Handler {
  const provider = new Provider(issuer, {
    adapter: memoryAdapter(),
    jwks: { keys: [signingKey(alg)] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        id_token_signed_response_alg: alg,
      },
    ],
    cookies: { keys: ['a benchmark signs its cookies too'] },
    pkce: { required: () => true },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => true,
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
  });
  const callback = provider.callback();
  return (request, response) => {
    const login = /^\/interaction\/[\w-]+\/as\/(\w+)$/.exec(request.url ?? '');
    if (login) void signIn(provider, request, response, login[1] as string);
    else if (request.url?.startsWith('/interaction/'))
      response.writeHead(303, { location: request.url }).end();
    else void callback(request, response);
  };
}

async function signIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  accountId: string,
) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId }, consent });
}

function signingKey(alg: 'RS256' | 'ES256') {
  if (alg === 'ES256') return new DirectKey();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'bench', use: 'sig' } as never;
}

class DirectKey extends ExternalSigningKey {
  readonly #pair: { privateKey: KeyObject; publicKey: KeyObject };
  constructor() {
    super();
    this.#pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    Object.assign(this, { kid: 'bench', alg: 'ES256' });
  }
  override keyObject(): KeyObject {
    return this.#pair.publicKey;
  }
  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, { key: this.#pair.privateKey, dsaEncoding: 'ieee-p1363' });
  }
}

/** An unbounded map, faster than anything that keeps data. */
function memoryAdapter(): (model: string) => Adapter {
  const rows = new Map<string, AdapterPayload>();
  const byUid = new Map<string, string>();
  const byGrant = new Map<string, Set<string>>();
  return (model) => ({
    async find(id) {
      return rows.get(`${model}:${id}`);
    },
    async findByUid(uid) {
      return rows.get(byUid.get(uid) ?? '');
    },
    findByUserCode: async () => undefined,
    async upsert(id, payload) {
      const key = `${model}:${id}`;
      rows.set(key, payload);
      if (model === 'Session' && payload.uid) byUid.set(payload.uid, key);
      if (payload.grantId) {
        const members = byGrant.get(payload.grantId) ?? new Set();
        byGrant.set(payload.grantId, members.add(key));
      }
    },
    async consume(id) {
      const row = rows.get(`${model}:${id}`);
      if (row) row.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      rows.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const key of byGrant.get(grantId) ?? []) rows.delete(key);
      byGrant.delete(grantId);
    },
  });
}
