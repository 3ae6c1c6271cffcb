import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSignalApp } from '../support/signal-app.ts';
import { openSignalSite, type SignalSite } from '../support/signal-site.ts';

const risc = 'https://schemas.openid.net/secevent/risc/event-type/';
const ssf = 'https://schemas.openid.net/secevent/ssf/event-type/';

describe.each(['sqlite', 'postgres'] as const)('signals on %s', (dialect) => {
  let site: SignalSite;
  beforeAll(async () => (site = await openSignalSite(dialect)));
  afterAll(() => site.close());

  it('reach a receiver that was down and came back: all of them, in order, repeated only with the same id', async () => {
    const app = await addSignalApp(site.provider);
    const receiver = await site.receiverOf(app);
    await site.pushTo(app, receiver);
    const people = await Promise.all([site.provider.addAccount(), site.provider.addAccount()]);
    const subs: string[] = [];
    for (const accountId of people) subs.push(await app.signIn(accountId, 'openid'));
    await receiver.down();
    const reasons = Array.from({ length: 6 }, (_, at) => (at % 2 ? 'hijacking' : 'bulk-account'));
    for (const reason of reasons) for (const accountId of people) await site.append(accountId, reason);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await receiver.up();
    await expect.poll(() => receiver.taken.length).toBe(12);
    for (const sub of subs) {
      const mine = receiver.taken.filter(({ sub_id: subject }) => subject.sub === sub);
      expect(mine.map(({ events }) => events[`${risc}account-disabled`]?.['reason'])).toEqual(reasons);
    }
    expect(new Set(receiver.taken.map(({ jti }) => jti)).size).toBe(12);
  });

  it('wait behind one that failed, and go on after one that was refused', async () => {
    const app = await addSignalApp(site.provider);
    const receiver = await site.receiverOf(app);
    const id = await site.pushTo(app, receiver);
    const accountId = await site.provider.addAccount();
    await app.signIn(accountId, 'openid');
    receiver.behave({ status: 503 });
    await site.append(accountId, 'hijacking');
    await site.append(accountId, 'bulk-account');
    await expect.poll(() => receiver.asked.length).toBeGreaterThan(1);
    expect(new Set(receiver.asked.map(({ body }) => jtiOf(body))).size, 'only the first is tried').toBe(1);
    await expect
      .poll(async () => (await site.provider.app.database.stores.streams.find(id as never))?.lastError)
      .toBe('http_503');
    receiver.behave({ status: 400, body: { err: 'invalid_request' } });
    await expect
      .poll(
        async () =>
          (await site.provider.app.signals.operations.deliveries(id, { state: 'refused', limit: 9 }))?.length,
      )
      .toBe(2);
    // What says something about the stream is no reason to give up one event.
    receiver.behave({ status: 400, body: { err: 'invalid_key' } });
    await site.append(accountId, 'hijacking');
    await expect
      .poll(async () => (await site.provider.app.database.stores.streams.find(id as never))?.lastError)
      .toBe('invalid_key');
    receiver.behave({ status: 302, headers: { location: 'http://localhost:1/elsewhere' } });
    await expect
      .poll(async () => (await site.provider.app.database.stores.streams.find(id as never))?.lastError)
      .toBe('http_302');
    receiver.behave('well');
    await expect.poll(() => receiver.taken.length).toBe(1);

    // Replayed under the ids they had.
    const replayed = await site.provider.app.signals.operations.replay(id, { at: 0 }, 'cli');
    expect(replayed).toMatchObject({ ok: true, count: 3 });
    await expect.poll(() => receiver.taken.length).toBe(4);
    const [third, ...again] = receiver.taken.map(({ jti }) => jti);
    expect(again[2]).toBe(third);
    expect(again[0]).toBe(jtiOf(receiver.asked[0]?.body ?? ''));
  });

  it('verify a stream on request, with the state that was sent, and not too often', async () => {
    const app = await addSignalApp(site.provider);
    const receiver = await site.receiverOf(app);
    const id = await site.pushTo(app, receiver);
    const verify = () => app.call('POST', '/ssf/verification', { stream_id: id, state: 'abc' });
    expect((await verify()).status).toBe(204);
    await expect.poll(() => receiver.taken.length).toBe(1);
    expect(receiver.taken[0]).toMatchObject({
      sub_id: { format: 'opaque', id },
      events: { [`${ssf}verification`]: { state: 'abc' } },
    });
    const tooSoon = await verify();
    expect(tooSoon.status).toBe(429);
    expect(tooSoon.headers.get('retry-after')).toBe('30');
  });

  it('are held while a stream is paused, and dropped while its receiver has it disabled', async () => {
    const app = await addSignalApp(site.provider);
    const receiver = await site.receiverOf(app);
    const id = await site.pushTo(app, receiver);
    const accountId = await site.provider.addAccount();
    const sub = await app.signIn(accountId, 'openid');
    const set = (status: string) =>
      app.call('POST', '/ssf/status', { stream_id: id, status, reason: 'tests' });
    expect((await set('paused')).body).toEqual({ stream_id: id, status: 'paused', reason: 'tests' });
    await site.append(accountId, 'hijacking');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(receiver.asked).toEqual([]);
    await set('enabled');
    await expect.poll(() => receiver.taken.length).toBe(1);
    await set('disabled');
    await site.append(accountId, 'hijacking');
    await set('enabled');
    expect((await app.call('POST', '/ssf/subjects/remove', subject(id, sub))).status).toBe(204);
    await site.append(accountId, 'bulk-account');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await app.call('POST', '/ssf/subjects/add', subject(id, sub))).status).toBe(200);
    await site.append(accountId, 'hijacking');
    await expect.poll(() => receiver.taken.length).toBe(2);
    expect(receiver.asked).toHaveLength(2);

    // The operator says so with an event, and the receiver cannot overrule it.
    await site.provider.app.signals.operations.disable(id, 'cli', 'maintenance');
    await expect.poll(() => receiver.taken.length).toBe(3);
    expect(receiver.taken[2]).toMatchObject({
      events: { [`${ssf}stream-updated`]: { status: 'disabled', reason: 'maintenance' } },
    });
    expect((await set('enabled')).status).toBe(403);
  });

  const subject = (id: string, sub: string) => ({
    stream_id: id,
    subject: { format: 'iss_sub', iss: site.provider.issuer, sub },
  });
});

function jtiOf(token: string): string {
  const [, claims = ''] = token.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string }).jti;
}
