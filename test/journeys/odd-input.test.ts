import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../support/authorize.ts';
import { createCookieBrowser, type CookieBrowser } from '../support/cookie-browser.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../support/postgres.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';

/** PostgreSQL, because it refuses in a text what SQLite takes. */
let postgres: PostgresDatabase;
let provider: TestProvider;
let app: { id: string; secret: string };
let browser: CookieBrowser;
let token: string;

beforeAll(async () => {
  postgres = await createPostgresDatabase();
  provider = await startProvider({ env: { SHIMING_DATABASE_URL: postgres.url } });
  app = await provider.addClient();
  const accountId = await provider.addAccount({ roles: ['recruiter'] });
  ({ browser } = await authorize(provider, accountId, { client: app }));
  const page = await browser.send(`${provider.issuer}/account/profile`);
  token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  expect(token).not.toBe('');
});
afterAll(async () => {
  await provider.close();
  await postgres.drop();
});

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const post = (path: string, body: string, type = form) =>
  browser.send(`${provider.issuer}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'x-csrf-token': token },
  });

describe('what no form of ours sends is answered as a mistake of the sender', () => {
  it.each([
    '/account/apps?x=%00',
    '/verify?interaction=%00',
    '/verify/images/%00',
    '/verify/images/%E0%A4%A',
    '/verify/photo/%00',
    '/verify/person?type[]=passport&type[__proto__]=x',
    '/interaction/%00/phone',
    '/interaction/%ED%A0%80/consent',
    '/legal/privacy/%00',
    '/staff/sign-in?return=%00&return[]=1',
    '/staff/cases/cas_%00',
    '/dev/inbox?phone[]=1&phone=%00',
    '/signed-in?state=%00',
    '/signed-in?state=%E0%A4%A',
    '/?lang[]=en&lang=%00',
    '/oauth/authorize?client_id=%00&response_type=code',
    `/oauth/authorize?client_id[]=1&client_id=__proto__`,
    '/oauth/logout?client_id=%00',
    '/assets/%00',
    '/%00',
  ])('GET %s', async (path) => {
    expect((await browser.send(`${provider.issuer}${path}`)).status).toBeLessThan(500);
  });

  it.each([
    ['/account/apps/%00/withdraw', '', form],
    ['/account/apps/__proto__/withdraw', '', form],
    ['/account/profile', 'name=%00&email=%00', form],
    ['/account/profile', '__proto__=x&constructor=y', form],
    ['/account/profile', '{"name":"\\ud800","__proto__":{"a":1}}', json],
    ['/account/role', '{"role":["recruiter"]}', json],
    ['/account/role', 'null', json],
    ['/verify/start', 'interaction=%00', form],
    ['/verify/company', 'company_name=%00&credit_code=%00&version=99999999999999999999', form],
    ['/verify/company', 'null', json],
    ['/interaction/none/consent', 'null', json],
    ['/staff/sign-in', 'login=a%00&password=x&code=000000', form],
    ['/staff/sign-in', 'login=%E0%A4%A&password=%00&code=000000', form],
    ['/staff/sign-in', '{"login":{"$gt":""},"password":1,"code":[]}', json],
    ['/staff/recruiters/revoke', '{"message":1,"note":{}}', json],
    ['/staff/cases/cas_00000000000000000000000000/decide', '{"message":1,"note":["x"]}', json],
    ['/staff/next', 'except=%00', form],
    ['/oauth/token', 'grant_type=client_credentials&client_id=%00&client_secret=x', form],
    ['/oauth/token', 'grant_type=authorization_code&client_id=%00&code=%00', form],
    ['/oauth/introspect', 'token=%00&client_id=%00&client_secret=x', form],
    ['/oauth/revoke', 'token=%00&client_id=%00', form],
    ['/oauth/par', 'client_id=%00', form],
  ])('POST %s with %s', async (path, body, type) => {
    expect((await post(path, body, type)).status).toBeLessThan(500);
  });

  it.each([
    { claims: '{"userinfo":{"recruiter_status":{"essential":true,"values":5}}}' },
    { claims: '{"userinfo":{"__proto__":null}}' },
    { login_hint: '\u0000' },
    { nonce: '\u0000' },
    { resource: 'https://unknown.example/\u0000' },
    { state: '\u0000', scope: 'openid \u0000' },
    { max_age: '9'.repeat(40) },
    { ui_locales: '\u0000 \u0000' },
    { id_token_hint: '\u0000' },
  ])('a request for sign-in with %j', async (parameters) => {
    const query = new URLSearchParams({
      client_id: app.id,
      response_type: 'code',
      redirect_uri: 'https://app.example/callback',
      scope: 'openid profile',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...parameters,
    } as Record<string, string>);
    const fresh = createCookieBrowser();
    let answer = await fresh.send(`${provider.issuer}/oauth/authorize?${query.toString()}`);
    if (answer.headers.get('location')?.startsWith('/')) {
      answer = await fresh.send(`${provider.issuer}${answer.headers.get('location') ?? ''}`);
    }
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('location') ?? '').not.toContain('server_error');
  });
});
