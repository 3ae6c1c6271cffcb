import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App, type Overrides } from '../../src/app.ts';
import type { Role } from '../../src/accounts/index.ts';
import type { NewClient } from '../../src/clients/index.ts';
import type { Config } from '../../src/config.ts';
import { readConfig } from '../../src/read-config.ts';
import { silentLog } from '../../src/core/log.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { developmentSecrets } from '../../src/development.ts';
import type { Dialect } from '../../src/storage/handle.ts';
import { createPostgresDatabase } from './postgres.ts';

export type TestProvider = {
  readonly app: App;
  readonly issuer: string;
  readonly config: Config;
  /** An account as registration makes it, without the pages of registration. */
  addAccount(over?: { roles?: readonly Role[]; phone?: string; locale?: string }): Promise<AccountId>;
  /** Registers an app that comes back to `https://app.example/callback`. */
  addClient(over?: Partial<NewClient>): Promise<{ id: string; secret: string }>;
  close(): Promise<void>;
};

export const redirectUri = 'https://app.example/callback';

/**
 * The whole program behind a real HTTP server. The login step alone is answered by the test itself: `GET
 * /interaction/<uid>/as/<account>` finishes it for that account, so that these tests do not depend on the pages.
 */
export async function startProvider(
  over: { env?: Record<string, string>; overrides?: Overrides; dialect?: Dialect } = {},
): Promise<TestProvider> {
  const postgres = over.dialect === 'postgres' ? await createPostgresDatabase() : undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-oidc-'));
  const state: { app?: App } = {};
  const server = createServer((request, response) => {
    const login = /^\/interaction\/([\w-]+)\/as\/(\w+)$/.exec(request.url ?? '');
    if (state.app && login) void signInAs(state.app, request, response, login[2] as AccountId);
    else state.app?.handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const read = readConfig({
    SHIMING_ISSUER: issuer,
    SHIMING_DATA_DIR: dataDir,
    SHIMING_LOG_LEVEL: 'silent',
    SHIMING_RECOGNISER: 'fake',
    SHIMING_SECOND_REVIEW_SHARE: '0',
    ...developmentSecrets(dataDir),
    ...(postgres ? { SHIMING_DATABASE_URL: postgres.url } : {}),
    ...over.env,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const app = (state.app = await createApp(read.config, { log: silentLog, ...over.overrides }));
  let phones = 0;
  return {
    app,
    issuer,
    config: read.config,
    async addAccount({ roles = ['candidate'] as const, phone, locale = 'zh-CN' } = {}) {
      const id = app.database.handle.ids.next('acc');
      const number = phone ?? `+8613800${String(100000 + phones++)}`;
      await app.database.transact(({ accounts }) =>
        accounts.create({ id, phone: number as never, roles, locale }, app.database.handle.clock.now()),
      );
      return id;
    },
    async addClient(client = {}) {
      const added = await app.clients.add({
        name: 'Test App',
        ...client,
        // Public, so that a test can tell whose token it holds.
        metadata: { redirect_uris: [redirectUri], subject_type: 'public', ...client.metadata },
      });
      if (!added.ok) throw new Error(`${added.reason} ${added.detail ?? ''}`);
      return { id: added.client.id, secret: added.secret ?? '' };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
      await postgres?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function signInAs(
  app: App,
  req: IncomingMessage,
  res: ServerResponse,
  accountId: AccountId,
): Promise<void> {
  const ctx = {
    req,
    res,
    state: {},
    status: 303,
    redirect: (url: string) => void res.setHeader('location', url),
  };
  try {
    await app.oidc.interactions.signIn(ctx, { accountId, amr: ['otp'] });
    res.statusCode = ctx.status;
  } catch (error) {
    res.statusCode = 500;
    res.write(String(error));
  }
  res.end();
}
