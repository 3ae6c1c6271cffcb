import { describe, expect, it } from 'vitest';
import { eventCatalogue, type AppEvent } from '../../src/events/index.ts';
import { endpointProblem, eventUri, eventUris, signalTable } from '../../src/signals/index.ts';
import { mayKnow } from '../../src/signals/mapping.ts';
import { tokenClaims, webhookBody } from '../../src/signals/messages.ts';
import { pauseAfter } from '../../src/signals/policy.ts';
import type { Delivery } from '../../src/signals/index.ts';

const issuer = 'https://id.example';
const caep = 'https://schemas.openid.net/secevent/caep/event-type/';
const risc = 'https://schemas.openid.net/secevent/risc/event-type/';

/** Event of the catalogue → what leaves the program, written down a second time on purpose. */
const expected: readonly [AppEvent['type'], object, string, object][] = [
  ['account.disabled', { reason: 'hijacking' }, `${risc}account-disabled`, { reason: 'hijacking' }],
  ['account.disabled', { reason: 'fraud at a company' }, `${risc}account-disabled`, {}],
  ['account.enabled', {}, `${risc}account-enabled`, {}],
  ['account.purged', {}, `${risc}account-purged`, {}],
  ['account.identifier_changed', { identifier: 'phone' }, `${risc}identifier-changed`, {}],
  ['account.identifier_recycled', { identifier: 'phone' }, `${risc}identifier-recycled`, {}],
  [
    'account.credential_changed',
    { credential: 'password', change: 'set' },
    `${caep}credential-change`,
    { credential_type: 'password', change_type: 'create', event_timestamp: 1_800_000_000 },
  ],
  [
    'account.credential_changed',
    { credential: 'password', change: 'removed' },
    `${caep}credential-change`,
    { credential_type: 'password', change_type: 'delete', event_timestamp: 1_800_000_000 },
  ],
  [
    'account.sessions_revoked',
    { by: 'admin' },
    `${caep}session-revoked`,
    { initiating_entity: 'admin', event_timestamp: 1_800_000_000 },
  ],
  [
    'person.level_changed',
    { from: 'rn2', to: 'rn0' },
    `${caep}assurance-level-change`,
    {
      namespace: 'shiming',
      current_level: 'rn0',
      previous_level: 'rn2',
      change_direction: 'decrease',
      event_timestamp: 1_800_000_000,
    },
  ],
  [
    'recruiter.status_changed',
    { from: 'eligible', to: 'limited', reasons: ['company_lapsed'] },
    `${issuer}/secevent/event-type/recruiter-status-change`,
    {
      current_status: 'limited',
      previous_status: 'eligible',
      reasons: ['company_lapsed'],
      event_timestamp: 1_800_000_000,
    },
  ],
  [
    'company.status_changed',
    { companyId: 'com_1', from: 'verified', to: 'due' },
    `${issuer}/secevent/event-type/company-status-change`,
    { current_status: 'due', previous_status: 'verified', event_timestamp: 1_800_000_000 },
  ],
  [
    'consent.withdrawn',
    { clientId: 'app' },
    `${issuer}/secevent/event-type/permission-change`,
    { permission: 'sign_in', granted: false, event_timestamp: 1_800_000_000 },
  ],
  [
    'purpose.switched',
    { purpose: 'recommendations', granted: true, clientId: 'app' },
    `${issuer}/secevent/event-type/permission-change`,
    { permission: 'recommendations', granted: true, event_timestamp: 1_800_000_000 },
  ],
];

const delivery = (type: string, payload: object): Delivery => ({
  id: 'the-id',
  streamId: 'str_1' as never,
  subject: 'acc_1' as never,
  eventId: 'evt_1',
  type,
  payload: payload as Delivery['payload'],
  occurredAt: 1_800_000_000_123,
  state: 'pending',
  attempts: 1,
  error: undefined,
  createdAt: 1_800_000_001_999,
  finishedAt: undefined,
});
const person = { format: 'iss_sub', iss: issuer, sub: 'anna' } as const;

describe('the table of signals', () => {
  it('is covered by what is expected of it', () => {
    expect(new Set(expected.map(([type]) => type))).toEqual(new Set(signalTable.map(({ event }) => event)));
  });

  it.each(expected)('%s %j', (type, payload, uri, members) => {
    expect(eventCatalogue[type].payload.safeParse(payload).success).toBe(true);
    const claims = tokenClaims(delivery(type, payload), 'app', person, issuer);
    expect(claims).toEqual({
      iss: issuer,
      aud: 'app',
      jti: 'the-id',
      iat: 1_800_000_001,
      toe: 1_800_000_000,
      txn: expect.stringMatching(/^[\w-]{43}$/) as string,
      sub_id: person,
      events: { [uri]: members },
    });
    expect(eventUris(issuer)).toContain(uri);
  });

  it('says nothing of an app or an internal identifier in what leaves the program', () => {
    for (const [type, payload] of expected) {
      const text = JSON.stringify([
        tokenClaims(delivery(type, payload), 'another', person, issuer),
        webhookBody(delivery(type, payload), person),
      ]);
      expect(text, type).not.toMatch(/acc_1|com_1|evt_1|clientId|fraud/);
    }
  });

  it.each([
    ['recruiter.status_changed', ['openid'], false],
    ['recruiter.status_changed', ['openid', 'verification'], true],
    ['person.level_changed', ['openid', 'company'], false],
    ['company.status_changed', ['verification'], false],
    ['company.status_changed', ['company'], true],
    ['account.identifier_changed', ['openid'], false],
    ['account.identifier_changed', ['phone'], true],
    ['account.disabled', [], true],
  ] as const)('%s goes to who was given %j: %s', (event, scopes, told) => {
    const row = signalTable.find((one) => one.event === event);
    if (!row) throw new Error('no row');
    expect(mayKnow(row.needs, { scopes, claims: [] })).toBe(told);
    expect(mayKnow(row.needs, undefined)).toBe(false);
  });

  it('counts a claim that was asked for by name as given', () => {
    const row = signalTable.find(({ event }) => event === 'recruiter.status_changed');
    expect(row && mayKnow(row.needs, { scopes: ['openid'], claims: ['recruiter_status'] })).toBe(true);
    expect(row && eventUri(row, issuer)).toMatch(/^https:\/\/id\.example\/secevent\//);
  });
});

describe('a change of the recruiter status', () => {
  const row = signalTable.find(({ event }) => event === 'recruiter.status_changed');
  const seen = (payload: object, companies: string[]) => row?.asSeen?.(payload as never, companies);
  const overall = { from: 'eligible', to: 'limited', reasons: ['company_missing'] };
  const lost = { from: 'eligible', to: 'limited', reasons: ['membership_ended'] };

  it('is the account’s own for an app at which nobody acts for a company', () => {
    expect(seen({ ...overall, companies: [] }, [])).toEqual(overall);
    const elsewhere = [{ companyId: 'com_a', ...lost }];
    expect(seen({ ...overall, overall: false, companies: elsewhere }, [])).toBeUndefined();
  });

  it('is that of the company acted for, and nothing where it changed for another one only', () => {
    const payload = { ...overall, overall: false, companies: [{ companyId: 'com_a', ...lost }] };
    expect(seen(payload, ['com_a'])).toEqual(lost);
    expect(seen(payload, ['com_b'])).toBeUndefined();
  });
});

describe('pauses between attempts', () => {
  it('stay at a second for ten minutes, then are a tenth of what is beyond, within bounds, and drawn', () => {
    expect(pauseAfter(0, 0)).toBe(500);
    expect(pauseAfter(7000, 0)).toBe(700);
    expect(pauseAfter(60_000, 0)).toBe(1000);
    expect(pauseAfter(610_000, 0)).toBe(1000);
    expect(pauseAfter(660_000, 0)).toBe(6000);
    expect(pauseAfter(660_000, 0.999)).toBeGreaterThanOrEqual(4500);
    expect(pauseAfter(660_000, 0.999)).toBeLessThan(4510);
    expect(pauseAfter(1e12, 0)).toBe(3_600_000);
    expect(Number.isInteger(pauseAfter(12_345, 0.123))).toBe(true);
  });
});

describe('the address of a receiver', () => {
  it.each([
    'http://app.example/x',
    'https://127.0.0.1/x',
    'https://10.1.2.3/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest',
    'https://2130706433/',
    'https://localhost/x',
    'https://intranet/x',
    'https://a.localhost/x',
    'https://me:secret@app.example/x',
    'https://app.example/x#y',
    'ftp://app.example/x',
    'not an address',
    `https://app.example/${'x'.repeat(2000)}`,
  ])('is refused in production: %s', (url) => {
    expect(endpointProblem(url, { production: true })).toMatch(/^must /);
  });

  it('is taken when it is public, and also when it is local in development', () => {
    expect(endpointProblem('https://app.example/x', { production: true })).toBeUndefined();
    expect(endpointProblem('https://8.8.8.8/x', { production: true })).toBeUndefined();
    expect(endpointProblem('http://localhost:4001/x', { production: false })).toBeUndefined();
  });
});
