import { createRemoteJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/core/ids.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';
import { makeEligible, revokePerson } from '../support/recruiters.ts';
import { addSignalApp, type SignalApp } from '../support/signal-app.ts';
import {
  isSignedWebhook,
  startSignalReceiver,
  verifyToken,
  type SignalReceiver,
} from '../support/signal-receiver.ts';

const caep = 'https://schemas.openid.net/secevent/caep/event-type/';
const risc = 'https://schemas.openid.net/secevent/risc/event-type/';
const ssf = 'https://schemas.openid.net/secevent/ssf/event-type/';
const push = 'urn:ietf:rfc:8935';
const poll = 'urn:ietf:rfc:8936';

describe.each(['sqlite', 'postgres'] as const)('signals on %s', (dialect) => {
  let provider: TestProvider;
  const cleanups: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    provider = await startProvider({ dialect });
    provider.app.start();
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    await provider.close();
  });

  const own = (name: string) => `${provider.issuer}/secevent/event-type/${name}`;
  const append = (accountId: AccountId, reason: string) =>
    provider.app.database.transact(
      async ({ events }) =>
        void (await events.append({ type: 'account.disabled', subject: accountId, payload: { reason } })),
    );

  async function receiverOf(app: SignalApp): Promise<SignalReceiver> {
    const receiver = await startSignalReceiver({ issuer: provider.issuer, audience: app.id });
    cleanups.push(() => receiver.close());
    return receiver;
  }

  async function pushTo(app: SignalApp, receiver: SignalReceiver): Promise<string> {
    const delivery = { method: push, endpoint_url: receiver.url, authorization_header: 'Bearer of-the-app' };
    const { status, body } = await app.call('POST', '/ssf/streams', { delivery });
    expect(status).toBe(201);
    return body['stream_id'] as string;
  }

  it('are pushed, signed, for the subject that this app knows', async () => {
    const app = await addSignalApp(provider);
    const receiver = await receiverOf(app);
    await pushTo(app, receiver);
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    const sub = await app.signIn(accountId);
    expect(sub).not.toBe(accountId);

    const companyId = await makeEligible(provider.app, accountId);
    await expect.poll(() => receiver.taken.length, { interval: 5 }).toBeGreaterThan(0);
    await revokePerson(provider.app, accountId);
    await expect.poll(() => receiver.taken.length).toBe(4);

    const events = receiver.taken.map((token) => Object.entries(token.events)[0]);
    expect(events.map((entry) => entry?.[0])).toEqual([
      `${caep}assurance-level-change`,
      own('recruiter-status-change'),
      `${caep}assurance-level-change`,
      own('recruiter-status-change'),
    ]);
    expect(events[0]?.[1]).toMatchObject({
      namespace: 'shiming',
      previous_level: 'rn0',
      current_level: 'rn2',
      change_direction: 'increase',
    });
    expect(events[3]?.[1]).toMatchObject({
      previous_status: 'eligible',
      current_status: 'ineligible',
      reasons: ['person_revoked'],
    });
    for (const { sub_id: subject } of receiver.taken) {
      expect(subject).toEqual({ format: 'iss_sub', iss: provider.issuer, sub });
    }
    expect(receiver.asked[0]?.headers).toMatchObject({
      'content-type': 'application/secevent+jwt',
      authorization: 'Bearer of-the-app',
    });
    expect(receiver.asked.map(({ body }) => body).join()).not.toContain(accountId);

    receiver.taken.length = 0;
    await provider.app.database.transact(async ({ events: outbox }) => {
      await outbox.append({
        type: 'company.status_changed',
        subject: companyId,
        payload: { companyId, from: 'verified', to: 'lapsed' },
      });
    });
    await expect.poll(() => receiver.taken.length).toBe(1);
    const company = await provider.app.database.stores.companies.find(companyId);
    expect(receiver.taken[0]).toMatchObject({
      sub_id: { format: 'opaque', id: company?.creditCode },
      events: { [own('company-status-change')]: { previous_status: 'verified', current_status: 'lapsed' } },
    });
  });

  it('tell two apps of one person under subjects and transactions that do not match', async () => {
    const apps = await Promise.all([addSignalApp(provider, 'One'), addSignalApp(provider, 'Two')]);
    // Two sectors: the second comes back to another host.
    await provider.app.clients.update(apps[1]?.id ?? '', {
      metadata: { redirect_uris: ['https://other.example/callback'] },
    });
    const accountId = await provider.addAccount();
    const receivers = await Promise.all(apps.map((app) => receiverOf(app)));
    const [one, two] = apps;
    await pushTo(one, receivers[0] as SignalReceiver);
    await pushTo(two, receivers[1] as SignalReceiver);
    await one.signIn(accountId, 'openid');
    const at = Date.now();
    await provider.app.database.stores.consents.write({
      accountId,
      clientId: two.id,
      scopes: ['openid'],
      claims: [],
      resources: {},
      grantedAt: at,
      updatedAt: at,
    });
    await append(accountId, 'hijacking');
    await expect.poll(() => receivers.map(({ taken }) => taken.length)).toEqual([1, 1]);
    const [first, second] = receivers.map(({ taken }) => taken[0]);
    expect(first?.events).toEqual({ [`${risc}account-disabled`]: { reason: 'hijacking' } });
    expect(first?.sub_id.sub).not.toBe(second?.sub_id.sub);
    expect(first?.['txn']).not.toBe(second?.['txn']);
    expect(first?.jti).not.toBe(second?.jti);
  });

  it('are fetched, acknowledged and reported as wrong', async () => {
    const app = await addSignalApp(provider);
    const created = await app.call('POST', '/ssf/streams', { description: 'polls' });
    expect(created).toMatchObject({
      status: 201,
      body: { delivery: { method: poll }, description: 'polls' },
    });
    const { endpoint_url: url } = created.body['delivery'] as { endpoint_url: string };
    const ask = async (body: object) =>
      (await app.call('POST', new URL(url).pathname, body)).body as {
        sets: Record<string, string>;
        moreAvailable: boolean;
      };
    expect(await ask({ returnImmediately: true })).toEqual({ sets: {}, moreAvailable: false });
    const accountId = await provider.addAccount();
    await app.signIn(accountId, 'openid');

    const waiting = ask({ maxEvents: 10 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await append(accountId, 'hijacking');
    const first = await waiting;
    await append(accountId, 'bulk-account');
    const keys = createRemoteJWKSet(new URL(`${provider.issuer}/oauth/jwks`));
    const read = (token = '') => verifyToken(token, { issuer: provider.issuer, audience: app.id, keys });

    const [[jti, token] = ['', '']] = Object.entries(first.sets);
    expect(await read(token)).toMatchObject({
      jti,
      events: { [`${risc}account-disabled`]: { reason: 'hijacking' } },
    });
    const unacknowledged = await ask({ returnImmediately: true });
    expect(Object.keys(unacknowledged.sets), 'the same again until it is acknowledged').toEqual([jti]);
    expect(unacknowledged.moreAvailable).toBe(true);
    const next = await ask({ returnImmediately: true, ack: [jti] });
    const [[nextJti, nextToken] = ['', '']] = Object.entries(next.sets);
    expect(await read(nextToken)).toMatchObject({
      events: { [`${risc}account-disabled`]: { reason: 'bulk-account' } },
    });
    expect(
      await ask({ maxEvents: 0, setErrs: { [nextJti]: { err: 'invalid_request', description: 'no' } } }),
    ).toEqual({ sets: {}, moreAvailable: false });
    const [refused] =
      (await provider.app.signals.operations.deliveries(created.body['stream_id'] as string, {
        limit: 1,
      })) ?? [];
    expect(refused).toMatchObject({ id: nextJti, state: 'refused', error: 'invalid_request' });
  });

  it('call a webhook in the Standard Webhooks form', async () => {
    const app = await addSignalApp(provider);
    const receiver = await receiverOf(app);
    receiver.behave({ status: 204 });
    const added = await provider.app.signals.operations.addWebhook(
      { clientId: app.id, url: receiver.url, events: undefined },
      'cli',
    );
    if (!added.ok) throw new Error(added.reason);
    expect(await app.call('GET', `/ssf/streams?stream_id=${added.stream.id}`)).toMatchObject({ status: 404 });
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    const sub = await app.signIn(accountId);
    await makeEligible(provider.app, accountId);
    await expect.poll(() => receiver.asked.length).toBe(2);
    const { headers, body } = receiver.asked[1] as SignalReceiver['asked'][number];
    expect(isSignedWebhook(headers, body, added.secret)).toBe(true);
    expect(isSignedWebhook(headers, body.replace('eligible', 'suspended'), added.secret)).toBe(false);
    expect(isSignedWebhook({ ...headers, 'webhook-timestamp': '1' }, body, added.secret)).toBe(false);
    expect(JSON.parse(body)).toMatchObject({
      type: 'recruiter.status_changed',
      data: { sub, current_status: 'eligible', reasons: [] },
    });
    // Who answers 410 wants no more.
    receiver.behave({ status: 410 });
    await append(accountId, 'hijacking');
    await expect
      .poll(async () => (await provider.app.database.stores.streams.find(added.stream.id))?.state)
      .toBe('disabled');
    expect(await provider.app.database.stores.events.listBySubject(added.stream.id, 5)).toMatchObject([
      { type: 'signals.stream_disabled', payload: { clientId: app.id, reason: 'gone' } },
    ]);
  });

  it('reach a receiver that was down and came back: all of them, in order, repeated only with the same id', async () => {
    const app = await addSignalApp(provider);
    const receiver = await receiverOf(app);
    await pushTo(app, receiver);
    const people = await Promise.all([provider.addAccount(), provider.addAccount()]);
    const subs: string[] = [];
    for (const accountId of people) subs.push(await app.signIn(accountId, 'openid'));
    await receiver.down();
    const reasons = Array.from({ length: 6 }, (_, at) => (at % 2 ? 'hijacking' : 'bulk-account'));
    for (const reason of reasons) for (const accountId of people) await append(accountId, reason);
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
    const app = await addSignalApp(provider);
    const receiver = await receiverOf(app);
    const id = await pushTo(app, receiver);
    const accountId = await provider.addAccount();
    await app.signIn(accountId, 'openid');
    receiver.behave({ status: 503 });
    await append(accountId, 'hijacking');
    await append(accountId, 'bulk-account');
    await expect.poll(() => receiver.asked.length).toBeGreaterThan(1);
    expect(new Set(receiver.asked.map(({ body }) => jtiOf(body))).size, 'only the first is tried').toBe(1);
    await expect
      .poll(async () => (await provider.app.database.stores.streams.find(id as never))?.lastError)
      .toBe('http_503');
    receiver.behave({ status: 400, body: { err: 'invalid_request' } });
    await expect
      .poll(
        async () =>
          (await provider.app.signals.operations.deliveries(id, { state: 'refused', limit: 9 }))?.length,
      )
      .toBe(2);
    // What says something about the stream is no reason to give up one event.
    receiver.behave({ status: 400, body: { err: 'invalid_key' } });
    await append(accountId, 'hijacking');
    await expect
      .poll(async () => (await provider.app.database.stores.streams.find(id as never))?.lastError)
      .toBe('invalid_key');
    receiver.behave({ status: 302, headers: { location: 'http://localhost:1/elsewhere' } });
    await expect
      .poll(async () => (await provider.app.database.stores.streams.find(id as never))?.lastError)
      .toBe('http_302');
    receiver.behave('well');
    await expect.poll(() => receiver.taken.length).toBe(1);

    // Replayed under the ids they had.
    const replayed = await provider.app.signals.operations.replay(id, { at: 0 }, 'cli');
    expect(replayed).toMatchObject({ ok: true, count: 3 });
    await expect.poll(() => receiver.taken.length).toBe(4);
    const [third, ...again] = receiver.taken.map(({ jti }) => jti);
    expect(again[2]).toBe(third);
    expect(again[0]).toBe(jtiOf(receiver.asked[0]?.body ?? ''));
  });

  it('verify a stream on request, with the state that was sent, and not too often', async () => {
    const app = await addSignalApp(provider);
    const receiver = await receiverOf(app);
    const id = await pushTo(app, receiver);
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
    const app = await addSignalApp(provider);
    const receiver = await receiverOf(app);
    const id = await pushTo(app, receiver);
    const accountId = await provider.addAccount();
    const sub = await app.signIn(accountId, 'openid');
    const set = (status: string) =>
      app.call('POST', '/ssf/status', { stream_id: id, status, reason: 'tests' });
    expect((await set('paused')).body).toEqual({ stream_id: id, status: 'paused', reason: 'tests' });
    await append(accountId, 'hijacking');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(receiver.asked).toEqual([]);
    await set('enabled');
    await expect.poll(() => receiver.taken.length).toBe(1);
    await set('disabled');
    await append(accountId, 'hijacking');
    await set('enabled');
    expect((await app.call('POST', '/ssf/subjects/remove', subject(id, sub))).status).toBe(204);
    await append(accountId, 'bulk-account');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await app.call('POST', '/ssf/subjects/add', subject(id, sub))).status).toBe(200);
    await append(accountId, 'hijacking');
    await expect.poll(() => receiver.taken.length).toBe(2);
    expect(receiver.asked).toHaveLength(2);

    // The operator says so with an event, and the receiver cannot overrule it.
    await provider.app.signals.operations.disable(id, 'cli', 'maintenance');
    await expect.poll(() => receiver.taken.length).toBe(3);
    expect(receiver.taken[2]).toMatchObject({
      events: { [`${ssf}stream-updated`]: { status: 'disabled', reason: 'maintenance' } },
    });
    expect((await set('enabled')).status).toBe(403);
  });

  const subject = (id: string, sub: string) => ({
    stream_id: id,
    subject: { format: 'iss_sub', iss: provider.issuer, sub },
  });
});

function jtiOf(token: string): string {
  const [, claims = ''] = token.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string }).jti;
}
