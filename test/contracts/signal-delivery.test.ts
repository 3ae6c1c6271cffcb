import { expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/core/clock.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { addTestClient, addTestConsent, createTestSignals, stateOf } from '../support/signals.ts';

async function prepare(database: TestDatabase) {
  const signals = createTestSignals(database);
  await addTestClient(database, 'app');
  await addTestConsent(database, 'acc_anna', 'app');
  const created = await signals.receivers.create('app', {
    method: 'push',
    endpointUrl: 'https://app.example/signals',
    authorization: 'Bearer of-the-app',
    eventsRequested: undefined,
    description: undefined,
  });
  if (!created.ok) throw new Error(created.reason);
  const { id } = created.stream;
  const say = (reason: string) =>
    database.transact(
      async ({ events }) =>
        void (await events.append({ type: 'account.disabled', subject: 'acc_anna', payload: { reason } })),
    );
  return { signals, id, say };
}

describeDatabases('the delivery of signals', (open) => {
  it('tries a receiver that fails with growing pauses, one event at a time, and gives the stream up after three days', async () => {
    const database = await open();
    const { clock } = database;
    const { signals, id, say } = await prepare(database);
    await addTestConsent(database, 'acc_bert', 'app');
    signals.answer({ answered: false, code: 'ECONNREFUSED' });
    await say('hijacking');
    await say('bulk-account');
    const began = clock.now();
    const pauses: number[] = [];
    let tried = began;
    await signals.drain();
    for (let rounds = 0; rounds < 5000; rounds++) {
      const before = signals.posted.length;
      clock.advance(
        clock.now() - began < minutes(1) ? 250 : clock.now() - began < hours(1) ? seconds(5) : minutes(2),
      );
      await signals.drain();
      if (signals.posted.length > before) {
        pauses.push(clock.now() - tried);
        tried = clock.now();
      }
      if ((await stateOf(database, id))?.state === 'disabled') break;
    }
    expect(clock.now() - began).toBeGreaterThanOrEqual(hours(72));
    expect(clock.now() - began).toBeLessThan(hours(73.1));
    expect(pauses[0]).toBeLessThanOrEqual(seconds(0.5));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(hours(1) + minutes(2));
    // Of the first ten minutes, in which it is tried every second, the clock of this test sees every fifth.
    expect(signals.posted.length).toBeLessThan(400);
    const bodies = signals.posted.map(({ body }) => (JSON.parse(body) as { jti: string }).jti);
    expect(new Set(bodies.slice(0, -1)).size).toBe(1);
    expect(await stateOf(database, id)).toMatchObject({ stateBy: 'system', reason: 'not_delivered' });
    expect(await database.stores.events.listBySubject(id, 5)).toMatchObject([
      { type: 'signals.stream_disabled', payload: { clientId: 'app', reason: 'not_delivered' } },
    ]);

    // What happened meanwhile is held, and comes in order once the receiver wants it again.
    await say('hijacking');
    signals.answer({ answered: true, status: 202, body: '' });
    signals.posted.length = 0;
    await signals.receivers.setState('app', id, 'enabled', undefined);
    await signals.drain();
    const reasons = signals.posted
      .map(({ body }) => Object.values((JSON.parse(body) as { events: Record<string, object> }).events)[0])
      .filter((event) => event && 'reason' in event && !('status' in event));
    expect(reasons).toEqual([{ reason: 'hijacking' }, { reason: 'bulk-account' }, { reason: 'hijacking' }]);
  }, 60_000);

  it('sends the same claims again under the same id, and tells the authorization header only to its address', async () => {
    const database = await open();
    const { signals, id, say } = await prepare(database);
    signals.answer({ answered: true, status: 500, body: '' });
    await say('hijacking');
    await signals.drain();
    database.clock.advance(seconds(1));
    signals.answer({ answered: true, status: 202, body: '' });
    await signals.drain();
    const [first, second] = signals.posted;
    expect(second?.body).toBe(first?.body);
    expect(first).toMatchObject({
      url: 'https://app.example/signals',
      headers: { authorization: 'Bearer of-the-app' },
    });
    await signals.receivers.change('app', id, {
      method: 'push',
      endpointUrl: 'https://elsewhere.example/signals',
      authorization: undefined,
      eventsRequested: undefined,
      description: undefined,
    });
    await say('hijacking');
    await signals.drain();
    expect(signals.posted.at(-1)?.url).toBe('https://elsewhere.example/signals');
    expect(signals.posted.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it('tries again at once when the receiver asks for a verification', async () => {
    const database = await open();
    const { signals, id, say } = await prepare(database);
    signals.answer({ answered: false, code: 'ECONNREFUSED' });
    await say('hijacking');
    await signals.drain();
    database.clock.advance(hours(5));
    await signals.drain();
    signals.answer({ answered: true, status: 202, body: '' });
    signals.posted.length = 0;
    await signals.drain();
    expect(signals.posted, 'the pause has grown').toEqual([]);
    expect(await signals.receivers.verify('app', id, 'back')).toMatchObject({ ok: true });
    await signals.drain();
    const types = signals.posted.map(({ body }) =>
      Object.keys((JSON.parse(body) as { events: object }).events)[0]
        ?.split('/')
        .at(-1),
    );
    expect(types.sort()).toEqual(['account-disabled', 'verification']);
    expect(await stateOf(database, id)).toMatchObject({ failures: 0 });
  });

  it('replays from an event on, in order, what the app may know today, and repeats ids', async () => {
    const database = await open();
    const { signals, id, say } = await prepare(database);
    for (const reason of ['1', 'hijacking', 'bulk-account']) await say(reason);
    await signals.drain();
    const sent = signals.posted.map(({ body }) => (JSON.parse(body) as { jti: string }).jti);
    const [, second] = await database.stores.events.listBySubject('acc_anna', 5);
    signals.posted.length = 0;
    expect(await signals.operations.replay(id, { eventId: second?.id ?? '' }, 'cli')).toMatchObject({
      count: 2,
    });
    await signals.drain();
    expect(signals.posted.map(({ body }) => (JSON.parse(body) as { jti: string }).jti)).toEqual(
      sent.slice(1),
    );
    await database.stores.consents.remove('acc_anna' as never, 'app');
    expect(await signals.operations.replay(id, { at: 0 }, 'cli')).toMatchObject({ count: 0 });
    expect(await signals.operations.replay(id, { eventId: 'evt_none' }, 'cli')).toMatchObject({
      reason: 'unknown_event',
    });
  });

  it('is not for another app: its stream is not there', async () => {
    const database = await open();
    const { signals, id } = await prepare(database);
    await addTestClient(database, 'other');
    const { receivers } = signals;
    expect(await receivers.find('other', id)).toBeUndefined();
    expect(await receivers.remove('other', id)).toBe(false);
    expect(await receivers.setState('other', id, 'paused', undefined)).toMatchObject({ reason: 'unknown' });
    expect(await receivers.verify('other', id, 'x')).toMatchObject({ reason: 'unknown' });
    expect(await receivers.addSubject('other', id, { format: 'opaque', id: 'x' })).toBe(false);
    expect(await receivers.removeSubject('other', id, { format: 'opaque', id: 'x' })).toMatchObject({
      ok: false,
    });
    const aborted = AbortSignal.abort();
    expect(await signals.poll('other', id, { returnImmediately: true }, aborted)).toBeUndefined();
    expect(await stateOf(database, id)).toMatchObject({ state: 'enabled' });
  });
});
