import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite } from '../support/databases.ts';
import { openConsole, type OpenConsole } from '../support/review-console.ts';
import type { Browser, ReviewRig } from '../support/review.ts';
import { addTestClient, addTestConsent } from '../support/signals.ts';

const cleanups: (() => Promise<void> | void)[] = [];
let rig: ReviewRig;
let desk: OpenConsole;
let boss: Browser;

beforeAll(async () => {
  desk = await openConsole(await openSqlite(cleanups));
  rig = desk.rig;
  boss = (await desk.staff('administrator')).browser;
});
afterAll(async () => {
  await desk.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

it('shows streams with what waits and what went wrong, and lets an administrator enable, disable and send again', async () => {
  expect((await boss.get('/staff/signals?lang=en')).html).toContain('No streams yet');
  await addTestClient(rig.database, 'jobs-app');
  await addTestConsent(rig.database, 'acc_anna', 'jobs-app');
  const url = 'https://jobs.example/hook';
  const added = await rig.signals.operations.addWebhook(
    { clientId: 'jobs-app', url, events: undefined },
    'cli',
  );
  if (!added.ok) throw new Error(added.reason);
  const { id } = added.stream;
  const say = (reason: string) =>
    rig.database.transact(
      async ({ events }) =>
        void (await events.append({ type: 'account.disabled', subject: 'acc_anna', payload: { reason } })),
    );
  await say('hijacking');
  await rig.signals.drain();
  rig.signals.answer({ answered: true, status: 503, body: '' });
  await say('bulk-account');
  await rig.signals.drain();

  const page = await boss.get('/staff/signals?lang=en');
  for (const text of ['jobs-app', url, 'Enabled', '1 waiting', 'http_503', 'account.disabled', 'Delivered']) {
    expect(page.html, text).toContain(text);
  }
  expect(page.html).not.toContain(added.secret);
  expect(page.html).not.toContain('acc_anna');

  const act = (fields: Record<string, string>) => boss.post(`/staff/signals/${id}`, fields);
  expect(await act({ change: 'disable' })).toMatchObject({
    status: 303,
    location: '/staff/signals?notice=disable',
  });
  expect(await rig.database.stores.streams.find(id)).toMatchObject({
    state: 'disabled',
    stateBy: 'operator',
  });
  expect((await act({ change: 'replay', from: '2020-01-01' })).status).toBe(409);
  expect(await act({ change: 'enable' })).toMatchObject({ status: 303 });
  expect((await act({ change: 'replay', from: 'yesterday' })).status).toBe(422);
  expect((await act({ change: 'explode' })).status).toBe(422);
  rig.signals.answer({ answered: true, status: 200, body: '' });
  rig.signals.posted.length = 0;
  expect(await act({ change: 'replay', from: '2020-01-01' })).toMatchObject({ status: 303 });
  await rig.signals.drain();
  const reasons = rig.signals.posted.map(({ body }) => (JSON.parse(body) as { data: object }).data);
  expect(reasons).toEqual(
    expect.arrayContaining([
      { sub: 'jobs-app/acc_anna', reason: 'bulk-account' },
      { sub: 'jobs-app/acc_anna', reason: 'hijacking' },
    ]),
  );
  expect((await boss.post(`/staff/signals/str_${'0'.repeat(26)}`, { change: 'enable' })).status).toBe(404);

  const actions = (await rig.database.stores.audit.newest({ before: undefined, limit: 20 })).map(
    (r) => r.action,
  );
  expect(actions).toEqual(
    expect.arrayContaining([
      'signals.webhook_added',
      'signals.stream_disabled',
      'signals.stream_enabled',
      'signals.replayed',
    ]),
  );
});
