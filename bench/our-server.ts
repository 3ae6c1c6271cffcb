import { mkdtempSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../src/app.ts';
import { readConfig } from '../src/read-config.ts';
import { silentLog } from '../src/core/log.ts';
import type { AccountId } from '../src/core/ids.ts';
import { developmentSecrets } from '../src/development.ts';
import { clientId, clientSecret, redirectUri, users } from './contestants.ts';

/** The whole program, with one route of the benchmark that stands for the pages of the sign-in. */
export async function createOurServer(issuer: string, settings: Readonly<Record<string, string>>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-bench-'));
  const read = readConfig({
    SHIMING_ISSUER: issuer,
    SHIMING_DATA_DIR: dataDir,
    SHIMING_LOG_LEVEL: 'silent',
    SHIMING_DEMO_APP: 'false',
    ...developmentSecrets(dataDir),
    ...settings,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const app = await createApp(read.config, { log: silentLog });
  const accounts = await addAccounts(app);
  const added = await app.clients.add({
    id: clientId,
    secret: clientSecret,
    name: 'Bench',
    firstParty: true,
    metadata: {
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  });
  if (!added.ok) throw new Error(added.reason);
  app.start();
  return (request: IncomingMessage, response: ServerResponse) => {
    const login = /^\/interaction\/[\w-]+\/as\/user(\d+)$/.exec(request.url ?? '');
    if (login) void signIn(app, request, response, accounts[Number(login[1])] as AccountId);
    else app.handler(request, response);
  };
}

async function addAccounts(app: App): Promise<AccountId[]> {
  const { ids, clock } = app.database.handle;
  const made: AccountId[] = [];
  for (let n = 0; n < users; n++) {
    const id = ids.next('acc');
    const phone = `+86138000${String(10_000 + n)}` as never;
    await app.database.transact((stores) =>
      stores.accounts.create({ id, phone, roles: ['candidate'], locale: 'zh-CN' }, clock.now()),
    );
    made.push(id);
  }
  return made;
}

async function signIn(app: App, req: IncomingMessage, res: ServerResponse, accountId: AccountId) {
  const ctx = {
    req,
    res,
    state: {},
    status: 303,
    redirect: (url: string) => void res.setHeader('location', url),
  };
  await app.oidc.interactions.signIn(ctx, { accountId, amr: ['otp'] });
  res.writeHead(ctx.status).end();
}
