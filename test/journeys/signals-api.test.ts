import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformResource } from '../../src/entitlements/index.ts';
import { authorize } from '../support/authorize.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';
import { addSignalApp, type SignalApp } from '../support/signal-app.ts';

let provider: TestProvider;
let app: SignalApp;
let stranger: SignalApp;
beforeAll(async () => {
  provider = await startProvider();
  app = await addSignalApp(provider, 'App');
  stranger = await addSignalApp(provider, 'Stranger');
});
afterAll(() => provider.close());

const pushDelivery = { method: 'urn:ietf:rfc:8935', endpoint_url: 'http://localhost:9/signals' };

/** Every request of the API that names a stream. */
const requests = (id: string): [string, string, object?][] => [
  ['GET', `/ssf/streams?stream_id=${id}`],
  ['PATCH', '/ssf/streams', { stream_id: id, description: 'mine now' }],
  ['PUT', '/ssf/streams', { stream_id: id, delivery: pushDelivery }],
  ['DELETE', `/ssf/streams?stream_id=${id}`],
  ['GET', `/ssf/status?stream_id=${id}`],
  ['POST', '/ssf/status', { stream_id: id, status: 'disabled' }],
  ['POST', '/ssf/subjects/add', { stream_id: id, subject: { format: 'opaque', id: 'x' } }],
  ['POST', '/ssf/subjects/remove', { stream_id: id, subject: { format: 'opaque', id: 'x' } }],
  ['POST', '/ssf/verification', { stream_id: id }],
  ['POST', `/ssf/poll/${id}`, { returnImmediately: true }],
];

describe('the transmitter', () => {
  it('describes itself as SSF 1.0 asks', async () => {
    const response = await fetch(`${provider.issuer}/.well-known/ssf-configuration`);
    expect(response.headers.get('content-type')).toContain('application/json');
    const metadata = (await response.json()) as Record<string, string>;
    expect(metadata).toMatchObject({
      spec_version: '1_0',
      issuer: provider.issuer,
      jwks_uri: `${provider.issuer}/oauth/jwks`,
      delivery_methods_supported: ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'ALL',
    });
    expect((await fetch(metadata['jwks_uri'] ?? '')).status).toBe(200);
    expect((await fetch(metadata['configuration_endpoint'] ?? '')).status).toBe(401);
  });

  it('makes, reads, updates, replaces and deletes a stream', async () => {
    const made = await app.call('POST', '/ssf/streams', {
      delivery: { ...pushDelivery, authorization_header: 'Bearer hidden' },
      events_requested: [
        'urn:unknown',
        'https://schemas.openid.net/secevent/caep/event-type/credential-change',
      ],
      description: 'one',
    });
    expect(made.status).toBe(201);
    expect(JSON.stringify(made.body)).not.toContain('hidden');
    expect(made.body).toMatchObject({
      iss: provider.issuer,
      aud: app.id,
      delivery: pushDelivery,
      events_delivered: ['https://schemas.openid.net/secevent/caep/event-type/credential-change'],
      min_verification_interval: 30,
      description: 'one',
    });
    const id = made.body['stream_id'] as string;
    expect((await app.call('GET', `/ssf/streams?stream_id=${id}`)).body).toEqual(made.body);
    expect((await app.call('GET', '/ssf/streams')).body).toEqual([made.body]);

    const updated = await app.call('PATCH', '/ssf/streams', { ...made.body, description: 'two' });
    expect(updated).toMatchObject({ status: 200, body: { description: 'two', delivery: pushDelivery } });
    const forged = await app.call('PATCH', '/ssf/streams', { stream_id: id, aud: 'another' });
    expect(forged).toMatchObject({ status: 400, body: { detail: expect.stringContaining('aud') as string } });

    const replaced = await app.call('PUT', '/ssf/streams', { stream_id: id, delivery: pushDelivery });
    expect(replaced.body).not.toHaveProperty('description');
    expect(replaced.body).not.toHaveProperty('events_requested');
    expect(replaced.body['events_delivered']).toEqual(replaced.body['events_supported']);
    expect((await app.call('PUT', '/ssf/streams', { stream_id: id })).status).toBe(400);

    expect((await app.call('DELETE', `/ssf/streams?stream_id=${id}`)).status).toBe(204);
    expect((await app.call('GET', `/ssf/streams?stream_id=${id}`)).status).toBe(404);
    expect((await app.call('GET', '/ssf/streams')).body).toEqual([]);
  });

  it('knows no stream of another app, on any endpoint', async () => {
    const made = await app.call('POST', '/ssf/streams', { description: 'ours' });
    const id = made.body['stream_id'] as string;
    for (const [method, path, body] of requests(id)) {
      const { status, body: problem } = await stranger.call(method, path, body);
      expect({ method, path, status }).toEqual({ method, path, status: 404 });
      expect(problem['detail']).toContain('no stream');
    }
    expect((await stranger.call('GET', '/ssf/streams')).body).toEqual([]);
    expect((await app.call('GET', `/ssf/status?stream_id=${id}`)).body).toEqual({
      stream_id: id,
      status: 'enabled',
    });
    await app.call('DELETE', `/ssf/streams?stream_id=${id}`);
  });

  it('takes only tokens that an app got for itself, for this resource, with the scope', async () => {
    const accountId = await provider.addAccount();
    const person = await authorize(provider, accountId, { client: app, scope: 'openid' });
    const tokens = await person.exchange();
    const made = await app.call('POST', '/ssf/streams', {});
    const id = made.body['stream_id'] as string;
    const readOnly = await app.token('ssf.read');
    const bad = [null, 'nonsense', tokens.access_token, tokens.id_token ?? '', tokens.refresh_token ?? ''];
    for (const [method, path, body] of requests(id)) {
      for (const token of bad) {
        const refused = await app.call(method, path, body, { token });
        expect(refused.status, `${method} ${path} with ${token?.slice(0, 8)}`).toBe(401);
        expect(refused.headers.get('www-authenticate')).toContain(`Bearer realm="${provider.issuer}/ssf"`);
      }
      const narrow = await app.call(method, path, body, { token: readOnly });
      const reads = method === 'GET' || path.startsWith('/ssf/poll');
      expect(narrow.status, `${method} ${path}`).toBe(reads ? 200 : 403);
      if (!reads) expect(narrow.headers.get('www-authenticate')).toContain('scope="ssf.manage"');
    }
    expect((await app.call('POST', '/ssf/streams', {}, { token: readOnly })).status).toBe(403);
    // Nobody's sign-in and no other resource yields the scopes.
    const elsewhere = await app.token('ssf.manage', platformResource.identifier);
    expect((await app.call('GET', '/ssf/streams', undefined, { token: elsewhere })).status).toBe(401);
    const asked = await authorize(provider, accountId, {
      client: app,
      scope: 'openid ssf.manage',
      parameters: { resource: `${provider.issuer}/ssf` },
    });
    const given = await asked.exchange({ resource: `${provider.issuer}/ssf` }).catch(() => undefined);
    expect(given?.scope ?? '').not.toContain('ssf');
    if (given) {
      expect((await app.call('GET', '/ssf/streams', undefined, { token: given.access_token })).status).toBe(
        401,
      );
    }
    await app.call('DELETE', `/ssf/streams?stream_id=${id}`);
  });

  it('says what is wrong with a request, by member', async () => {
    const made = await app.call('POST', '/ssf/streams', {});
    const id = made.body['stream_id'] as string;
    const cases: [string, string, unknown, RegExp][] = [
      ['POST', '/ssf/streams', { delivery: { method: 'carrier-pigeon' } }, /delivery.*method must be/],
      ['POST', '/ssf/streams', { delivery: { method: pushDelivery.method } }, /endpoint_url/],
      [
        'POST',
        '/ssf/streams',
        { delivery: { ...pushDelivery, endpoint_url: 'ftp://x' } },
        /endpoint_url must be an https address/,
      ],
      [
        'POST',
        '/ssf/streams',
        { delivery: { ...pushDelivery, authorization_header: 'a\r\nb: c' } },
        /authorization_header.*printable/,
      ],
      ['POST', '/ssf/streams', { events_requested: [] }, /events_requested.*empty/],
      ['POST', '/ssf/streams', { description: 'x'.repeat(501) }, /description/],
      ['POST', '/ssf/streams', { description: 'a\0b' }, /NUL/],
      ['POST', '/ssf/streams', undefined, /content-type application\/json/],
      ['PATCH', '/ssf/streams', { description: 'x' }, /stream_id/],
      ['POST', '/ssf/status', { stream_id: id, status: 'asleep' }, /status.*enabled, paused or disabled/],
      ['GET', '/ssf/status', undefined, /stream_id/],
      ['DELETE', '/ssf/streams', undefined, /stream_id/],
      [
        'POST',
        '/ssf/subjects/remove',
        { stream_id: id, subject: { format: 'email', email: 'a@b.example' } },
        /subject.*format must be/,
      ],
      [
        'POST',
        '/ssf/subjects/add',
        { stream_id: id, subject: { format: 'iss_sub', iss: 'https://other.example', sub: 'x' } },
        /iss/,
      ],
      ['POST', '/ssf/verification', { stream_id: id, state: 'x'.repeat(1001) }, /state/],
      ['POST', `/ssf/poll/${id}`, { maxEvents: -1 }, /maxEvents/],
      ['POST', `/ssf/poll/${id}`, { ack: 'one' }, /ack/],
    ];
    for (const [method, path, body, detail] of cases) {
      const answer = await app.call(method, path, body);
      expect(answer.status, `${method} ${path} ${JSON.stringify(body)}`).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body['detail']).toMatch(detail);
    }
    const huge = await app.call('POST', '/ssf/streams', { description: 'x'.repeat(70_000) });
    expect(huge.status).toBe(413);
    expect(huge.body['detail']).toContain('64 KiB');
    await app.call('DELETE', `/ssf/streams?stream_id=${id}`);
  });

  it('keeps ten streams of an app', async () => {
    const made: string[] = [];
    for (let at = 0; at < 10; at++) {
      made.push((await app.call('POST', '/ssf/streams', {})).body['stream_id'] as string);
    }
    expect((await app.call('POST', '/ssf/streams', {})).status).toBe(409);
    for (const id of made) await app.call('DELETE', `/ssf/streams?stream_id=${id}`);
  });
});
