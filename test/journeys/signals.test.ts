import { createRemoteJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEligible, revokePerson } from '../support/recruiters.ts';
import { addSignalApp } from '../support/signal-app.ts';
import { isSignedWebhook, verifyToken, type SignalReceiver } from '../support/signal-receiver.ts';
import { openSignalSite, type SignalSite } from '../support/signal-site.ts';

const caep = 'https://schemas.openid.net/secevent/caep/event-type/';
const risc = 'https://schemas.openid.net/secevent/risc/event-type/';
const poll = 'urn:ietf:rfc:8936';

describe.each(['sqlite', 'postgres'] as const)('signals on %s', (dialect) => {
  let site: SignalSite;
  beforeAll(async () => (site = await openSignalSite(dialect)));
  afterAll(() => site.close());

  it('are pushed, signed, for the subject that this app knows', async () => {
    const app = await addSignalApp(site.provider);
    const receiver = await site.receiverOf(app);
    await site.pushTo(app, receiver);
    const accountId = await site.provider.addAccount({ roles: ['recruiter'] });
    const sub = await app.signIn(accountId);
    expect(sub).not.toBe(accountId);

    const companyId = await makeEligible(site.provider.app, accountId);
    await expect.poll(() => receiver.taken.length, { interval: 5 }).toBeGreaterThan(0);
    await revokePerson(site.provider.app, accountId);
    await expect.poll(() => receiver.taken.length).toBe(4);

    const events = receiver.taken.map((token) => Object.entries(token.events)[0]);
    expect(events.map((entry) => entry?.[0])).toEqual([
      `${caep}assurance-level-change`,
      site.own('recruiter-status-change'),
      `${caep}assurance-level-change`,
      site.own('recruiter-status-change'),
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
      expect(subject).toEqual({ format: 'iss_sub', iss: site.provider.issuer, sub });
    }
    expect(receiver.asked[0]?.headers).toMatchObject({
      'content-type': 'application/secevent+jwt',
      authorization: 'Bearer of-the-app',
    });
    expect(receiver.asked.map(({ body }) => body).join()).not.toContain(accountId);

    receiver.taken.length = 0;
    await site.provider.app.database.transact(async ({ events: outbox }) => {
      await outbox.append({
        type: 'company.status_changed',
        subject: companyId,
        payload: { companyId, from: 'verified', to: 'lapsed' },
      });
    });
    await expect.poll(() => receiver.taken.length).toBe(1);
    const company = await site.provider.app.database.stores.companies.find(companyId);
    expect(receiver.taken[0]).toMatchObject({
      sub_id: { format: 'opaque', id: company?.creditCode },
      events: {
        [site.own('company-status-change')]: { previous_status: 'verified', current_status: 'lapsed' },
      },
    });
  });

  it('tell two apps of one person under subjects and transactions that do not match', async () => {
    const apps = await Promise.all([addSignalApp(site.provider, 'One'), addSignalApp(site.provider, 'Two')]);
    // Two sectors: the second comes back to another host.
    await site.provider.app.clients.update(apps[1]?.id ?? '', {
      metadata: { redirect_uris: ['https://other.example/callback'] },
    });
    const accountId = await site.provider.addAccount();
    const receivers = await Promise.all(apps.map((app) => site.receiverOf(app)));
    const [one, two] = apps;
    await site.pushTo(one, receivers[0] as SignalReceiver);
    await site.pushTo(two, receivers[1] as SignalReceiver);
    await one.signIn(accountId, 'openid');
    const at = Date.now();
    await site.provider.app.database.stores.consents.write({
      accountId,
      clientId: two.id,
      scopes: ['openid'],
      claims: [],
      resources: {},
      grantedAt: at,
      updatedAt: at,
    });
    await site.append(accountId, 'hijacking');
    await expect.poll(() => receivers.map(({ taken }) => taken.length)).toEqual([1, 1]);
    const [first, second] = receivers.map(({ taken }) => taken[0]);
    expect(first?.events).toEqual({ [`${risc}account-disabled`]: { reason: 'hijacking' } });
    expect(first?.sub_id.sub).not.toBe(second?.sub_id.sub);
    expect(first?.['txn']).not.toBe(second?.['txn']);
    expect(first?.jti).not.toBe(second?.jti);
  });

  it('are fetched, acknowledged and reported as wrong', async () => {
    const app = await addSignalApp(site.provider);
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
    const accountId = await site.provider.addAccount();
    await app.signIn(accountId, 'openid');

    const waiting = ask({ maxEvents: 10 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await site.append(accountId, 'hijacking');
    const first = await waiting;
    await site.append(accountId, 'bulk-account');
    const keys = createRemoteJWKSet(new URL(`${site.provider.issuer}/oauth/jwks`));
    const read = (token = '') => verifyToken(token, { issuer: site.provider.issuer, audience: app.id, keys });

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
      (await site.provider.app.signals.operations.deliveries(created.body['stream_id'] as string, {
        limit: 1,
      })) ?? [];
    expect(refused).toMatchObject({ id: nextJti, state: 'refused', error: 'invalid_request' });
  });

  it('call a webhook in the Standard Webhooks form', async () => {
    const app = await addSignalApp(site.provider);
    const receiver = await site.receiverOf(app);
    receiver.behave({ status: 204 });
    const added = await site.provider.app.signals.operations.addWebhook(
      { clientId: app.id, url: receiver.url, events: undefined },
      'cli',
    );
    if (!added.ok) throw new Error(added.reason);
    expect(await app.call('GET', `/ssf/streams?stream_id=${added.stream.id}`)).toMatchObject({ status: 404 });
    const accountId = await site.provider.addAccount({ roles: ['recruiter'] });
    const sub = await app.signIn(accountId);
    await makeEligible(site.provider.app, accountId);
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
    await site.append(accountId, 'hijacking');
    await expect
      .poll(async () => (await site.provider.app.database.stores.streams.find(added.stream.id))?.state)
      .toBe('disabled');
    expect(await site.provider.app.database.stores.events.listBySubject(added.stream.id, 5)).toMatchObject([
      { type: 'signals.stream_disabled', payload: { clientId: app.id, reason: 'gone' } },
    ]);
  });
});
