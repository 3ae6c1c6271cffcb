import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { startKillable } from '../support/killable.ts';
import { recruiterAt } from '../support/recruiting.ts';
import { isSignedWebhook, startSignalReceiver } from '../support/signal-receiver.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** Somebody gave the demo app leave to know that they sign in with us. */
function consent(dataDir: string, accountId: string): void {
  const database = new Database(join(dataDir, 'shiming.db'));
  const granted = JSON.stringify({ scopes: ['openid'], claims: [], resources: {} });
  database
    .prepare(
      'insert into consents (account_id, client_id, granted, granted_at, updated_at) values (?, ?, ?, 0, 0)',
    )
    .run(accountId, 'demo', granted);
  database.close();
}

it('a process killed with SIGKILL between the commit and the delivery loses no signal, and repeats only its id', async () => {
  const killable = await startKillable(cleanups);
  const receiver = await startSignalReceiver({ issuer: killable.url, audience: 'demo' });
  cleanups.push(() => receiver.close());
  const person = recruiterAt(killable.url, '+8613911116666');
  await person.walk(`${killable.url}/account`, ({ url }) => url.pathname === '/account');
  const [account] = killable.rows<{ id: string }>('select id from accounts');
  consent(killable.dataDir, account?.id ?? '');
  const cli = (...args: string[]) => runCli(['signals', ...args], { dataDir: killable.dataDir });
  const added = await cli('add-webhook', 'demo', receiver.url);
  expect(added, added.err).toMatchObject({ code: 0 });
  const [, secret = ''] = /secret +(whsec_\S+)/.exec(added.out) ?? [];
  const setPassword = async (password: string) => {
    await person.browser.open(`${killable.url}/account/password`);
    await person.browser.submit({ password, password_again: password });
  };

  // Killed while the receiver holds the request: nobody knows whether it was taken.
  receiver.behave('hangs');
  await setPassword('correct horse battery staple 1');
  await expect.poll(() => receiver.asked.length).toBe(1);
  await killable.kill();
  receiver.behave({ status: 200 });
  await killable.start();
  await expect.poll(() => receiver.asked.length).toBe(2);
  const [first, second] = receiver.asked;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.body).toBe(first?.body);
  expect(isSignedWebhook(second?.headers ?? {}, second?.body ?? '', secret)).toBe(true);
  expect(JSON.parse(second?.body ?? '')).toMatchObject({
    type: 'account.credential_changed',
    data: { credential_type: 'password', change_type: 'create' },
  });

  // Killed at once after the answer, with the receiver down: it is told after both came back.
  await receiver.down();
  await setPassword('correct horse battery staple 2');
  await killable.kill();
  await receiver.up();
  await killable.start();
  const ids = () => new Set(receiver.asked.map(({ headers }) => headers['webhook-id']));
  await expect.poll(() => ids().size).toBe(2);
  expect(JSON.parse(receiver.asked.at(-1)?.body ?? '')).toMatchObject({ data: { change_type: 'update' } });
  await expect
    .poll(() => killable.rows("select id from signal_deliveries where state = 'delivered'"))
    .toHaveLength(2);

  // The command line sees the same, and replays it for the program that runs.
  const [, stream = ''] = /stream +(str_\S+)/.exec(added.out) ?? [];
  const streams = await cli('streams');
  expect(streams.out).toContain(`${stream}  demo  webhook  enabled`);
  expect(streams.out).toContain('waiting         0');
  const listed = await cli('deliveries', stream, '--state', 'delivered');
  expect(listed.out.match(/account\.credential_changed/g)).toHaveLength(2);
  const [, event = ''] = /(evt_\w+)/.exec(listed.out) ?? [];
  const before = receiver.asked.length;
  expect((await cli('replay', stream, event)).out).toContain('1 events will be sent');
  await expect.poll(() => receiver.asked.length).toBe(before + 1);
  expect(ids().size).toBe(2);
  expect((await cli('disable', stream, '--reason', 'tests')).out).toContain('disabled');
  expect(await cli('replay', stream, '2020-01-01')).toMatchObject({ code: 1 });
  expect((await cli('enable', stream)).out).toContain('enabled');
  expect((await cli('add-webhook', 'nobody', receiver.url)).err).toContain('There is no app "nobody"');
  expect((await cli('add-webhook', 'demo', 'not an address')).err).toContain('absolute address');
  expect((await cli('replay', stream, 'yesterday')).err).toContain('Give a day');
  expect((await cli('remove', stream)).out).toContain('Removed');
  expect((await cli('deliveries', stream)).err).toContain('There is no stream');
}, 240_000);
