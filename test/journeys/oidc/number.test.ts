import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/core/ids.ts';
import { authorize } from '../../support/authorize.ts';
import { createCookieBrowser, hiddenField, type CookieBrowser } from '../../support/cookie-browser.ts';
import { redirectUri, startProvider, type TestProvider } from '../../support/provider.ts';
import { makeEligible } from '../../support/recruiters.ts';
import { addSignalApp, type SignalApp } from '../../support/signal-app.ts';
import { startSignalReceiver } from '../../support/signal-receiver.ts';

const risc = 'https://schemas.openid.net/secevent/risc/event-type/';
const caep = 'https://schemas.openid.net/secevent/caep/event-type/';

describe.each(['sqlite', 'postgres'] as const)('for apps, a change of number (%s)', (dialect) => {
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

  let numbers = 0;
  const freshNumber = () => `135${String(++numbers).padStart(8, '0')}`;

  /** Signs in to the account pages without their first pages, as the support does for apps. */
  async function open(browser: CookieBrowser, accountId: AccountId, path: string) {
    const step = await browser.follow(`${provider.issuer}${path}`);
    const login = /^(\/interaction\/[\w-]+)\/phone$/.exec(step.url.pathname);
    return login ? browser.follow(`${provider.issuer}${login[1]}/as/${accountId}`) : step;
  }

  async function post(browser: CookieBrowser, path: string, html: string, fields: Record<string, string>) {
    return browser.follow(`${provider.issuer}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ _csrf: hiddenField(html, '_csrf'), ...fields }),
    });
  }

  async function change(browser: CookieBrowser, accountId: AccountId, number: string): Promise<string> {
    const entry = await open(browser, accountId, '/account/number');
    const page = await post(browser, '/account/number', await entry.response.text(), { phone: number });
    await provider.app.jobs.drain();
    const [message] = await provider.app.database.stores.inbox.list(1, `+86${number}` as never);
    const code = /\d{6}/.exec(message?.text ?? '')?.[0] ?? '';
    const done = await post(browser, '/account/number/code', await page.response.text(), { code });
    return done.response.text();
  }

  it('follows in tokens and at userinfo at once, for the same subject; what was verified stays', async () => {
    const { id, secret } = await provider.addClient({
      metadata: {
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        subject_type: 'pairwise',
      },
    });
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    await makeEligible(provider.app, accountId);
    const { stores } = provider.app.database;
    const before = await stores.persons.find(accountId);
    const scope = 'openid phone verification offline_access';
    const parameters = { prompt: 'consent' };
    const here = createCookieBrowser();
    const app = { client: { id, secret }, scope, parameters };
    const mine = await authorize(provider, accountId, { ...app, browser: here });
    const kept = await mine.exchange();
    const elsewhere = await authorize(provider, accountId, app);
    const lost = await elsewhere.exchange();
    const sub = kept.claims()?.sub ?? '';
    const read = () => client.fetchUserInfo(mine.config, kept.access_token, sub);
    const { phone_number: old } = await read();

    const number = freshNumber();
    expect(await change(here, accountId, number)).toContain('手机号已更换为');
    expect(old).not.toBe(`+86${number}`);
    expect(await read()).toMatchObject({
      sub,
      phone_number: `+86${number}`,
      phone_number_verified: true,
      recruiter_status: 'eligible',
      person_status: 'verified',
    });
    const refreshed = await client.refreshTokenGrant(mine.config, kept.refresh_token ?? '');
    expect(refreshed.claims()?.sub).toBe(sub);
    expect(await stores.persons.find(accountId)).toEqual(before);

    await expect(client.refreshTokenGrant(elsewhere.config, lost.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.fetchUserInfo(elsewhere.config, lost.access_token, sub)).rejects.toThrow();
    const gone = await elsewhere.browser.follow(`${provider.issuer}/account`);
    expect(gone.url.pathname).toMatch(/^\/interaction\/.*\/phone$/);
    expect((await here.follow(`${provider.issuer}/account`)).url.pathname).toBe('/account');
  });

  it('makes no session out of a sign-in that another browser had begun before', async () => {
    const accountId = await provider.addAccount();
    const slow = createCookieBrowser();
    const step = await slow.follow(`${provider.issuer}/account`);
    const login = await slow.send(
      `${provider.issuer}${step.url.pathname.replace('/phone', '')}/as/${accountId}`,
    );
    const resume = login.headers.get('location') ?? '';
    await change(createCookieBrowser(), accountId, freshNumber());
    const { response } = await slow.follow(new URL(resume, provider.issuer).href);
    expect(response.status).toBe(400);
    expect((await slow.follow(`${provider.issuer}/account`)).url.pathname).toMatch(/\/phone$/);
  });

  it('reaches a subscribed app that was given the number, and no other', async () => {
    const accountId = await provider.addAccount();
    const subscribe = async (name: string, scope: string) => {
      const app: SignalApp = await addSignalApp(provider, name);
      const receiver = await startSignalReceiver({ issuer: provider.issuer, audience: app.id });
      cleanups.push(() => receiver.close());
      const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: receiver.url };
      const { status } = await app.call('POST', '/ssf/streams', { delivery });
      expect(status).toBe(201);
      return { receiver, sub: await app.signIn(accountId, scope) };
    };
    const told = await subscribe('With the number', 'openid phone');
    const untold = await subscribe('Without it', 'openid profile');
    const number = freshNumber();
    await change(createCookieBrowser(), accountId, number);

    const names = ({ receiver }: typeof told) => receiver.taken.flatMap(({ events }) => Object.keys(events));
    await expect.poll(() => names(told)).toEqual([`${risc}identifier-changed`, `${caep}session-revoked`]);
    // Deliveries keep the order of a subject: what was left out would have come before.
    await expect.poll(() => names(untold)).toEqual([`${caep}session-revoked`]);
    expect(told.receiver.taken[0]?.sub_id).toMatchObject({ sub: told.sub });
    expect(told.receiver.asked.map(({ body }) => body).join()).not.toContain(number);
    expect(JSON.stringify(told.receiver.taken)).not.toContain(number);
  });
});
