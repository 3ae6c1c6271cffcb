import Sqlite from 'better-sqlite3';
import * as client from 'openid-client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize, discover, reachApp, startAuthorization } from '../../support/authorize.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

/** Every look into the database and every commit, whoever makes it. */
function countStatements(): {
  count: (work: () => Promise<unknown>) => Promise<number>;
  restore: () => void;
} {
  let calls = 0;
  const statement = Object.getPrototypeOf(new Sqlite(':memory:').prepare('select 1')) as Record<
    string,
    () => unknown
  >;
  const original = { get: statement['get'], all: statement['all'], run: statement['run'] };
  const free = /^(begin|rollback|savepoint|release|pragma|select total_changes)/i;
  const isWriteInCommit = /^(insert into artifacts|update artifacts|delete from artifacts)/i;
  for (const method of ['get', 'all', 'run'] as const) {
    statement[method] = function (this: { source: string }, ...values: unknown[]) {
      // The statements of one commit are counted once, as its COMMIT.
      if (!free.test(this.source) && !isWriteInCommit.test(this.source)) calls++;
      return (original[method] as (...values: unknown[]) => unknown).apply(this, values);
    };
  }
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...values: unknown[]) {
    calls++;
    return query.apply(this, values);
  } as never;
  return {
    async count(work) {
      calls = 0;
      await work();
      return calls;
    },
    restore() {
      Object.assign(statement, original);
      pg.Client.prototype.query = query as never;
    },
  };
}

const statements = countStatements();
afterAll(() => statements.restore());

describe.each([
  ['sqlite', { code: 2, refresh: 4, clientCredentials: 1, userinfo: 3 }],
  ['postgres', { code: 5, refresh: 4, clientCredentials: 1, userinfo: 4 }],
] as const)('storage calls on %s', (dialect, limits) => {
  let provider: TestProvider;
  beforeAll(async () => {
    provider = await startProvider({ dialect });
  });
  afterAll(async () => {
    await provider.close();
  });

  it(`stay within ${JSON.stringify(limits)}`, async () => {
    const accountId = await provider.addAccount();
    const app = await provider.addClient({
      firstParty: true,
      metadata: {
        redirect_uris: ['https://app.example/callback'],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      },
    });
    const config = await discover(provider, app);
    const { browser, exchange } = await authorize(provider, accountId, { client: app });
    await exchange();
    const started = await startAuthorization(provider, { client: app, browser });
    let tokens: client.TokenEndpointResponse | undefined;
    const code = await statements.count(async () => {
      const callback = await reachApp(provider, started, accountId);
      tokens = await client.authorizationCodeGrant(started.config, callback, {
        pkceCodeVerifier: started.verifier,
        expectedNonce: started.nonce,
        expectedState: started.state,
      });
    });
    const token = tokens?.access_token ?? '';
    const measured = {
      code,
      userinfo: await statements.count(() => client.fetchUserInfo(config, token, accountId)),
      refresh: await statements.count(() => client.refreshTokenGrant(config, tokens?.refresh_token ?? '')),
      clientCredentials: await statements.count(() => client.clientCredentialsGrant(config)),
    };
    // A session of which only the end would move is left alone, so the code flow stores its code and two tokens.
    const session = () =>
      provider.app.database.connection
        .knex<{ model: string; expires_at: number }>('artifacts')
        .where({ model: 'Session' });
    const [before] = await session();
    const again = await startAuthorization(provider, { client: app, browser });
    expect((await reachApp(provider, again, accountId)).searchParams.get('code')).toBeTruthy();
    expect((await session())[0]?.expires_at).toBe(before?.expires_at);
    for (const [flow, limit] of Object.entries(limits)) {
      expect(measured[flow as keyof typeof measured], flow).toBeLessThanOrEqual(limit);
      if (flow !== 'userinfo') expect(measured[flow as keyof typeof measured], flow).toBeGreaterThan(0);
    }
  });
});
