import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, minutes } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import type { StaffRole } from '../../src/review/index.ts';
import { authorize } from '../support/authorize.ts';
import { createCookieBrowser, hiddenField, type CookieBrowser } from '../support/cookie-browser.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';
import { makeEligible } from '../support/recruiters.ts';
import { createBrowser, enrol, type Browser } from '../support/review.ts';

describe.each(['sqlite', 'postgres'] as const)('holds and disabled accounts, on %s', (dialect) => {
  const clock = new ManualClock();
  let provider: TestProvider;
  let app: { id: string; secret: string };
  let setter: Browser;
  let other: Browser;
  let administrator: Browser;
  let accountId: AccountId;
  const resource = 'https://opaque.example/api';

  beforeAll(async () => {
    provider = await startProvider({ dialect, overrides: { clock } });
    await provider.app.database.transact(async ({ resources }) => {
      await resources.putResource({
        identifier: resource,
        name: 'x',
        tokenFormat: 'opaque',
        tokenLifetime: 3600,
      });
      await resources.putScope({ scope: 'x:post', resource, requires: ['recruiter_eligible'], titles: {} });
    });
    await provider.app.oidc.reload();
    app = await provider.addClient();
    setter = await staff('senior');
    other = await staff('senior');
    administrator = await staff('administrator');
  });
  beforeEach(async () => {
    accountId = await provider.addAccount({ roles: ['recruiter'] });
    await makeEligible(provider.app, accountId);
  });
  afterAll(() => provider.close());

  let people = 0;
  async function staff(role: StaffRole): Promise<Browser> {
    const browser = createBrowser(provider.issuer, `203.0.113.${++people}`);
    await browser.enter(await enrol(provider.app.review, `${role}${people}`, role), clock);
    return browser;
  }

  const act = (by: Browser, what: string, fields: Record<string, string> = {}) =>
    by.post(`/staff/recruiters/${what}`, { query: accountId, account: accountId, ...fields });
  const hold = (by = setter) => act(by, 'hold', { reason: 'identity_in_doubt', note: '两地同时登录' });
  const statusOf = async () => (await provider.app.database.stores.entitlements.status(accountId))?.status;

  /** A person's browser at the account centre. */
  async function atHome(): Promise<CookieBrowser> {
    const browser = createCookieBrowser();
    const { url } = await browser.follow(`${provider.issuer}/account`);
    const interaction = /^(\/interaction\/[\w-]+)\//.exec(url.pathname)?.[1];
    await browser.follow(`${provider.issuer}${interaction}/as/${accountId}`);
    return browser;
  }
  const read = async (browser: CookieBrowser, path: string) =>
    (await (await browser.follow(`${provider.issuer}${path}?lang=en`)).response.text()).replaceAll(
      '&#39;',
      "'",
    );
  async function object(browser: CookieBrowser, appeal: string) {
    const _csrf = hiddenField(await read(browser, '/account'), '_csrf');
    return browser.send(`${provider.issuer}/account/hold`, {
      method: 'POST',
      body: new URLSearchParams({ _csrf, appeal }),
    });
  }

  it('stops at once, says why and what to do, and is lifted at once when the objection is granted', async () => {
    const { exchange, config } = await authorize(provider, accountId, {
      client: app,
      scope: 'openid x:post verification',
    });
    const tokens = await exchange({ resource });
    expect(tokens.scope).toBe('x:post');
    const isAlive = async () => (await client.tokenIntrospection(config, tokens.access_token)).active;
    expect(await isAlive()).toBe(true);

    expect((await hold()).location).toContain('notice=held');
    expect(await statusOf()).toBe('suspended');
    expect(await isAlive()).toBe(false);
    const narrowed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource });
    expect(narrowed.scope ?? '').toBe('');

    const person = await atHome();
    for (const path of ['/account', '/account/hold']) {
      const page = await read(person, path);
      expect(page, path).toContain('We are not sure any more that the verified person uses this account.');
      expect(page, path).toContain('verify again with your document');
      expect(page).not.toContain('两地同时登录');
    }
    expect((await object(person, '  ')).status).toBe(422);
    const long = await object(person, '理'.repeat(2001));
    expect(long.status).toBe(422);
    expect(await long.text()).toContain('理'.repeat(2001));
    expect((await object(person, '只有我一个人 <b>在用</b>')).status).toBe(303);
    expect(await read(person, '/account/hold')).toContain('Your objection has arrived');
    expect(await read(person, '/account/hold')).not.toContain('name="appeal"');

    // It is listed for all who decide, sealed where it is stored, and not for the one who set the hold to decide.
    const { knex } = provider.app.database.handle;
    const row = (await knex('recruiter_holds').where({ account_id: accountId }).first()) as {
      appeal: Buffer;
    };
    expect(row.appeal.toString('utf8')).not.toContain('只有我');
    expect((await other.get('/staff/recruiters?lang=en')).html).toContain(accountId);
    const own = await setter.get(`/staff/recruiters?query=${accountId}&lang=en`);
    expect(own.html).toContain('somebody else decides the objection');
    expect(own.html).not.toContain('value="grant"');
    const refused = await act(setter, 'appeal', { outcome: 'grant' });
    expect(refused.status).toBe(409);
    expect(await statusOf()).toBe('suspended');

    const page = await other.get(`/staff/recruiters?query=${accountId}&lang=en`);
    expect(page.html).toContain('只有我一个人 &lt;b&gt;在用');
    expect((await act(other, 'appeal', { outcome: 'grant' })).location).toContain('appeal_granted');
    expect(await statusOf()).toBe('eligible');
    const widened = await client.refreshTokenGrant(config, narrowed.refresh_token ?? '', { resource });
    expect(widened.scope).toBe('x:post');
    expect(await read(person, '/account')).not.toContain('on hold');

    const log = (await provider.app.review.audit.newest({ limit: 20 })).filter(
      (one) => one.target === accountId,
    );
    expect(log.map(({ action }) => action).reverse()).toEqual([
      'hold.set',
      'hold.appeal_seen',
      'hold.appeal_seen',
      'hold.appeal_seen',
      'hold.appeal_granted',
    ]);
    expect(JSON.stringify(log)).not.toContain('两地');
    const events = await knex('events').where({ subject: accountId }).orderBy('id').pluck('type');
    expect(events.filter((type) => type === 'recruiter.status_changed')).toHaveLength(3);
  });

  it('stays when the objection is refused, which cannot be made again', async () => {
    await hold();
    expect((await hold()).status).toBe(409);
    const person = await atHome();
    await object(person, '不同意');
    expect((await act(other, 'appeal', { outcome: 'maybe' })).status).toBe(422);
    expect((await act(other, 'appeal', { outcome: 'refuse' })).location).toContain('appeal_refused');
    expect(await statusOf()).toBe('suspended');
    expect(await read(person, '/account/hold')).toContain('the hold stays');
    expect((await object(person, '再次申诉')).status).toBe(303);
    expect((await act(other, 'appeal', { outcome: 'grant' })).status).toBe(409);
    expect((await act(setter, 'lift')).location).toContain('lifted');
    expect((await act(setter, 'lift')).status).toBe(409);
    expect(await statusOf()).toBe('eligible');
    // Without a hold there is nothing to object to.
    expect((await object(person, '申诉')).status).toBe(303);
    expect(await read(person, '/account/hold')).toContain('There is no hold');
  });

  it('of parallel decisions about one objection takes one', async () => {
    await hold();
    await object(await atHome(), '不同意');
    const decided = await Promise.all(
      Array.from({ length: 4 }, (_, i) => act(other, 'appeal', { outcome: i % 2 ? 'grant' : 'refuse' })),
    );
    expect(decided.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('is refused with what is missing, and for accounts that are not there', async () => {
    expect((await act(setter, 'hold', { reason: 'identity_in_doubt', note: ' ' })).html).toContain('f-note');
    expect((await act(setter, 'hold', { reason: 'because', note: 'x' })).status).toBe(422);
    const nobody = `acc_${'0'.repeat(26)}`;
    expect(
      (await act(setter, 'hold', { account: nobody, reason: 'identity_in_doubt', note: 'x' })).status,
    ).toBe(409);
    expect((await act(setter, 'lift', { account: `stf_${'0'.repeat(26)}` })).status).toBe(422);
    expect((await act(setter, 'disable', { reason: 'abuse' })).status).toBe(403);
    expect((await hold(administrator)).status).toBe(403);
    expect(await statusOf()).toBe('eligible');
  });

  it('signs somebody out everywhere when their account is disabled, until it is enabled', async () => {
    const { exchange, config } = await authorize(provider, accountId, {
      client: app,
      scope: 'openid x:post',
    });
    const tokens = await exchange({ resource });
    const person = await atHome();
    expect(await read(person, '/account')).toContain('name="_csrf"');

    const page = await administrator.get(`/staff/recruiters?query=${accountId}&lang=en`);
    expect(page.html).toContain('action="/staff/recruiters/disable"');
    expect(page.html).not.toMatch(/action="\/staff\/recruiters\/(revoke|hold)"/);
    expect((await act(administrator, 'disable', { reason: 'hijacking' })).location).toContain('disabled');
    expect((await act(administrator, 'disable', { reason: 'hijacking' })).status).toBe(409);
    expect(await statusOf()).toBe('suspended');
    expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(false);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const { url } = await person.follow(`${provider.issuer}/account`);
    expect(url.pathname).toMatch(/^\/interaction\/[\w-]+\/phone$/);

    expect((await act(administrator, 'enable')).location).toContain('enabled');
    expect((await act(administrator, 'enable')).status).toBe(409);
    expect(await statusOf()).toBe('eligible');
    // What was ended stays ended; they sign in again.
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
    expect(await read(await atHome(), '/account')).toContain('name="_csrf"');
    const { knex } = provider.app.database.handle;
    const events = (await knex('events').where({ subject: accountId }).orderBy('id')) as {
      type: string;
      payload: string;
    }[];
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['account.disabled', 'account.enabled']),
    );
    expect(events.find(({ type }) => type === 'account.disabled')?.payload).toBe('{"reason":"hijacking"}');
    clock.advance(minutes(1));
  });

  it('tells nobody about somebody else’s hold', async () => {
    await hold();
    const stranger = await provider.addAccount({ roles: ['recruiter'] });
    const held = accountId;
    accountId = stranger;
    const browser = await atHome();
    expect(await read(browser, '/account/hold')).toContain('There is no hold');
    await object(browser, '不是我的');
    expect((await provider.app.review.holds.find(held))?.appeal).toBeUndefined();
    const anonymous = await fetch(`${provider.issuer}/account/hold`, { redirect: 'manual' });
    expect([302, 303]).toContain(anonymous.status);
  });
});
