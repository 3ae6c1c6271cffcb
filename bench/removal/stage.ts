import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet } from 'jose';
import { systemClock } from '../../src/core/clock.ts';
import { projectRoot } from '../../src/core/root.ts';
import { createVisitor, type Visitor } from '../../src/testkit/index.ts';
import { spawnBuilt, untilReady } from '../../test/support/built-program.ts';
import { freePort } from '../../test/support/free-port.ts';
import { isSignedWebhook, verifyToken } from '../../test/support/signal-receiver.ts';
import { startPlatform, type Platform, type Session } from './platform.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { seed } from './seed.ts';

/** The program as a process of its own on a fresh data folder, and everybody around it. */
export type Stage = {
  readonly platform: Platform;
  /** By what it is told with. */
  readonly receivers: { readonly push: Receiver; readonly webhook: Receiver };
  /** The next recruiter, signed in to the app, and the page before the administrator that removes them. */
  next(): Promise<{ readonly session: Session; remove(): Promise<void> }>;
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
  close(): Promise<void>;
};

const main = join(projectRoot, 'dist', 'src', 'main.js');

export async function openStage(members: number): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-removal-'));
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const [push, webhook] = await Promise.all([startReceiver(), startReceiver()]);
  const seeded = await seed(dataDir, { issuer, members, webhookUrl: webhook.url });
  const env = { SHIMING_DEMO_APP: 'false', SHIMING_LOG_LEVEL: 'warn', NODE_ENV: 'production' };
  const launch = async () => untilReady(await spawnBuilt(main, { dataDir, port, env }), 5);
  let program = await launch();
  const platform = await startPlatform(issuer, seeded);

  const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));
  push.verifyWith(async (_headers, body) => {
    const { sub_id, events } = await verifyToken(body, { issuer, audience: seeded.app.id, keys });
    const [type] = Object.keys(events);
    if (type !== `${issuer}/secevent/event-type/recruiter-status-change`) return undefined;
    return sub_id.sub;
  });
  webhook.verifyWith(async (headers, body) => {
    if (!isSignedWebhook(headers, body, seeded.webhookSecret)) throw new Error('not signed');
    const { type, data } = JSON.parse(body) as { type: string; data: { sub?: string } };
    if (type !== 'recruiter.status_changed') return undefined;
    return data.sub;
  });
  await addPushStream(issuer, await platform.ownToken(), push.url);

  const home = `${issuer}/company/${seeded.companyId}`;
  const administrator = await signIn(issuer, home, seeded.administrator);
  let taken = 0;
  return {
    platform,
    receivers: { push, webhook },
    async next() {
      const member = seeded.recruiters[taken++];
      if (!member) throw new Error('nobody is left to remove');
      const session = await platform.signIn(member.phone);
      await administrator.open(`${home}/members/${member.membershipId}/remove`);
      return {
        session,
        async remove() {
          const { url, text } = await administrator.submit({ reason: 'left_the_company' });
          if (url.searchParams.get('done') !== 'removed') throw new Error(`not removed: ${text}`);
        },
      };
    },
    async kill() {
      const how = await program.end('SIGKILL');
      if (how !== 'SIGKILL') throw new Error(`it ended by itself (${how}):\n${program.output()}`);
    },
    async start() {
      program = await launch();
    },
    async close() {
      await program.end('SIGTERM');
      await Promise.all([platform.close(), push.down(), webhook.down()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function addPushStream(issuer: string, token: string, url: string): Promise<void> {
  const answer = await fetch(`${issuer}/ssf/streams`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: url } }),
  });
  if (answer.status !== 201) throw new Error(`no stream: ${answer.status} ${await answer.text()}`);
}

/** The administrator's browser. It stops before the page that a form leads to: the answer to the form is what counts. */
async function signIn(issuer: string, home: string, phone: string): Promise<Visitor> {
  const stopAt = (url: URL) => url.searchParams.has('done');
  const browser = createVisitor({ clock: systemClock, lang: 'en', stopAt });
  let page = await browser.open(home);
  for (let steps = 0; page.url.href !== home; steps++) {
    const { pathname } = page.url;
    if (pathname.endsWith('/phone')) page = await browser.submit({ phone });
    else if (pathname.endsWith('/code'))
      page = await browser.submit({ code: await newestCode(issuer, phone) });
    else if (pathname.endsWith('/agreement')) page = await browser.submit({ accept: '1' });
    if (steps > 5) throw new Error(`stuck at ${page.url.href}: ${page.text.slice(0, 300)}`);
  }
  return browser;
}

async function newestCode(issuer: string, phone: string): Promise<string> {
  const inbox = await fetch(`${issuer}/dev/inbox.json?phone=${encodeURIComponent(phone)}`);
  const { messages } = (await inbox.json()) as { messages: { code: string | null }[] };
  return messages[0]?.code ?? '';
}
