import type { AccountId } from '../../src/core/ids.ts';
import { authorize } from './authorize.ts';
import { redirectUri, type TestProvider } from './provider.ts';

/** An app that people sign in to and that manages its streams with tokens of its own. */
export type SignalApp = {
  readonly id: string;
  readonly secret: string;
  /** An access token for the streams. */
  token(scope?: string, resource?: string): Promise<string>;
  /** Calls the API of the transmitter. */
  call(
    method: string,
    path: string,
    body?: unknown,
    over?: { readonly token?: string | null },
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
  /** Signs somebody in with these scopes; answers their subject in this app. */
  signIn(accountId: AccountId, scope?: string): Promise<string>;
};

export async function addSignalApp(provider: TestProvider, name = 'Receiver'): Promise<SignalApp> {
  const { id, secret } = await provider.addClient({
    name,
    metadata: {
      redirect_uris: [redirectUri],
      subject_type: 'pairwise',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  });
  const token: SignalApp['token'] = async (
    scope = 'ssf.read ssf.manage',
    resource = `${provider.issuer}/ssf`,
  ) => {
    const response = await fetch(`${provider.issuer}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
    });
    const { access_token: value } = (await response.json()) as { access_token?: string };
    if (value === undefined) throw new Error(`no token: ${response.status}`);
    return value;
  };
  let own: string | undefined;
  return {
    id,
    secret,
    token,
    async call(method, path, body, over = {}) {
      const bearer = over.token === undefined ? (own ??= await token()) : over.token;
      const response = await fetch(`${provider.issuer}${path}`, {
        method,
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answered = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { status: response.status, body: answered, headers: response.headers };
    },
    async signIn(accountId, scope = 'openid verification company') {
      const { exchange } = await authorize(provider, accountId, { client: { id, secret }, scope });
      return (await exchange()).claims()?.sub ?? '';
    },
  };
}
