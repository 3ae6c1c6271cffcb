import type { Pool } from 'undici';
import { challenge, clientId, clientSecret, redirectUri, verifier } from './contestants.ts';

const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
const form = { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' };

export type Paths = {
  readonly authorize: string;
  readonly token: string;
  readonly userinfo: string;
  readonly jwks: string;
};

type Answer = { readonly status: number; readonly location: string; readonly text: string };

/** One virtual user: a browser's cookies and an app's tokens. */
export class Visitor {
  readonly #pool: Pool;
  readonly #paths: Paths;
  readonly #account: string;
  readonly #cookies = new Map<string, string>();
  #refreshToken = '';
  #accessToken = '';

  constructor(pool: Pool, paths: Paths, account: string) {
    this.#pool = pool;
    this.#paths = paths;
    this.#account = account;
  }

  /** From no cookie at all to tokens. */
  async login(): Promise<void> {
    this.#cookies.clear();
    await this.code();
  }

  /** Authorization and token request; the session and the grant are there after the first time. */
  async code(): Promise<void> {
    let at = `${this.#paths.authorize}?client_id=${clientId}&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(redirectUri)}&code_challenge=${challenge}&code_challenge_method=S256&state=s&nonce=n`;
    let answer = await this.#get(at);
    for (let hops = 0; !answer.location.startsWith(redirectUri); hops++) {
      if (hops > 5 || answer.status !== 303) throw new Error(`${answer.status} at ${at}: ${answer.text}`);
      const { pathname, search } = new URL(answer.location, 'http://localhost');
      at = pathname.startsWith('/interaction/') ? `${pathname}/as/${this.#account}` : pathname + search;
      answer = await this.#get(at);
    }
    const code = new URL(answer.location).searchParams.get('code');
    if (!code) throw new Error(`no code in ${answer.location}`);
    await this.#token(
      `grant_type=authorization_code&code=${code}&redirect_uri=${encodeURIComponent(redirectUri)}&code_verifier=${verifier}`,
    );
  }

  async refresh(): Promise<void> {
    await this.#token(`grant_type=refresh_token&refresh_token=${this.#refreshToken}`);
  }

  async clientCredentials(): Promise<void> {
    const answer = await this.#send('POST', this.#paths.token, form, 'grant_type=client_credentials');
    if (answer.status !== 200) throw new Error(`client_credentials: ${answer.status} ${answer.text}`);
  }

  async userinfo(): Promise<void> {
    const answer = await this.#send('GET', this.#paths.userinfo, {
      authorization: `Bearer ${this.#accessToken}`,
    });
    if (answer.status !== 200) throw new Error(`userinfo: ${answer.status} ${answer.text}`);
  }

  async discovery(): Promise<void> {
    await this.#send('GET', '/.well-known/openid-configuration', {});
  }

  async jwks(): Promise<void> {
    await this.#send('GET', this.#paths.jwks, {});
  }

  async #token(body: string): Promise<void> {
    const answer = await this.#send('POST', this.#paths.token, form, body);
    if (answer.status !== 200) throw new Error(`token: ${answer.status} ${answer.text}`);
    const tokens = JSON.parse(answer.text) as {
      access_token: string;
      refresh_token: string;
      id_token: string;
    };
    if (!tokens.id_token) throw new Error('no id_token');
    this.#accessToken = tokens.access_token;
    this.#refreshToken = tokens.refresh_token;
  }

  #get(path: string): Promise<Answer> {
    const pathname = path.split('?')[0] as string;
    const sent = [...this.#cookies]
      .map(([key, value]) => [...key.split(';'), value])
      .filter(([, scope]) => scope === '/' || pathname === scope || pathname.startsWith(`${scope}/`))
      .map(([name, , value]) => `${name}=${value}`);
    return this.#send('GET', path, { cookie: sent.join('; ') });
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> {
    const response = await this.#pool.request({
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.body.text();
    for (const line of [response.headers['set-cookie'] ?? []].flat()) this.#keep(line);
    const { location } = response.headers;
    return { status: response.statusCode, location: typeof location === 'string' ? location : '', text };
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const key = `${pair.slice(0, at)};${path}`;
    if (attributes.some((one) => one.includes('1970'))) this.#cookies.delete(key);
    else this.#cookies.set(key, pair.slice(at + 1));
  }
}
