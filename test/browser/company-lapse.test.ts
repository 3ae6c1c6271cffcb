import * as client from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, ManualClock } from '../../src/core/clock.ts';
import { formatDay } from '../../src/http/dates.ts';
import { authorize } from '../support/authorize.ts';
import { launchBrowser, visit } from '../support/browser.ts';
import { createLooked, enter, looks, press, uploadLicence } from '../support/company-browser.ts';
import { openCompanySite, type CompanySite, type Somebody } from '../support/company-site.ts';
import { addSignalApp } from '../support/signal-app.ts';
import { startSignalReceiver, type SignalReceiver } from '../support/signal-receiver.ts';

/** A company that nobody verified again: due, lapsed, and verified again, as everybody concerned sees it. */

const resource = 'https://opaque.example/api';
const clock = new ManualClock();
// Sessions follow the real clock: what ends two months later begins two months ago.
clock.advance(-days(62));

let browser: Browser;
let site: CompanySite;
const receivers: SignalReceiver[] = [];
beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), openCompanySite(clock)]);
  const { app } = site.provider;
  app.start();
  await app.database.transact(async ({ resources }) => {
    await resources.putResource({
      identifier: resource,
      name: 'x',
      tokenFormat: 'opaque',
      tokenLifetime: 3600,
    });
    await resources.putScope({ scope: 'x:post', resource, requires: ['recruiter_eligible'], titles: {} });
  });
  await app.oidc.reload();
});
afterAll(async () => {
  await browser.close();
  for (const receiver of receivers) await receiver.close();
  await site.provider.close();
});

const stores = () => site.provider.app.database.stores;
const event = (name: string) => `${site.provider.issuer}/secevent/event-type/${name}`;
const status = async ({ accountId }: Somebody) => {
  const { status, reasons, nextStep } = (await stores().entitlements.status(accountId))!;
  return { status, reasons, nextStep };
};

/** An app that is told, and a recruiter's tokens in it. */
async function openApp(member: Somebody) {
  const app = await addSignalApp(site.provider);
  const receiver = await startSignalReceiver({ issuer: site.provider.issuer, audience: app.id });
  receivers.push(receiver);
  const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: receiver.url };
  expect((await app.call('POST', '/ssf/streams', { delivery })).status).toBe(201);
  const scope = 'openid verification company x:post';
  const { exchange, config } = await authorize(site.provider, member.accountId, { client: app, scope });
  let tokens: client.TokenEndpointResponse = await exchange({ resource });
  return {
    scope: () => tokens.scope ?? '',
    isAlive: async () => (await client.tokenIntrospection(config, tokens.access_token)).active,
    async refresh() {
      tokens = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource });
      return tokens.scope ?? '';
    },
    /** What the events of a name said, in their order. */
    told: (name: string) => receiver.taken.flatMap(({ events }) => events[event(name)] ?? []),
  };
}

/** Time passes, and what it changes is changed. */
async function pass(time: number): Promise<void> {
  clock.advance(time);
  const { app } = site.provider;
  for (let turn = 0; turn < 3; turn += 1) await app.sweeper.run();
  await app.jobs.drain();
}

describe.each(looks)('in $lang on a $device, a company', (look) => {
  const looked = createLooked(look, 'lapse-');
  const phone = look.device === 'phone';

  it('is due, lapses for everybody and comes back with its licence', async () => {
    const name = phone ? '海港机器人有限公司' : '海港咨询有限公司';
    const boss = await site.somebody({ locale: look.lang });
    const company = await site.join(boss, { role: 'administrator', name, since: clock.now() - days(150) });
    const member = await site.somebody({ locale: look.lang });
    await site.join(member, { code: company.code, since: clock.now() - days(150) });
    await pass(0);
    const { recheckAt = 0 } = (await stores().companies.find(company.id))!;
    const lang = look.lang;
    const date = formatDay(lang, recheckAt);
    const app = await openApp(member);
    expect([app.scope(), await app.isAlive()]).toEqual(['x:post', true]);

    const at = { boss: await visit(browser, look), member: await visit(browser, look) };
    const see = async (who: 'boss' | 'member', path: string, as: string) => {
      const { accountId } = who === 'boss' ? boss : member;
      await enter(site.provider, at[who], accountId, path);
      await looked(at[who].page, `${who}-${as}`);
      return (await at[who].page.textContent('main')) ?? '';
    };
    const home = `/company/${company.id}`;
    expect(await see('boss', home, 'verified')).not.toContain(
      lang === 'en' ? 'verified again by' : '之前重新认证',
    );

    // Due: everybody may go on, is told by when, and administrators by message too.
    await pass(days(16));
    expect((await stores().companies.find(company.id))?.state).toBe('due');
    const account = (await stores().accounts.find(boss.accountId))!;
    await at.boss.page.goto(site.url(`/dev/inbox?phone=${encodeURIComponent(account.phone)}`));
    await looked(at.boss.page, 'reminder');
    expect(await at.boss.page.textContent('main')).toContain(
      lang === 'en' ? `verification of ${name} lapses on` : `${name}的认证将于`,
    );
    const theirs = (await stores().accounts.find(member.accountId))!;
    expect(await stores().inbox.list(1, theirs.phone)).toEqual([]);
    expect(await see('boss', home, 'due')).toContain(date);
    expect(await see('boss', '/company', 'list-due')).toContain(date);
    expect(await at.boss.page.locator(`a[href="${home}"]`).count()).toBe(1);
    expect(await see('boss', '/account', 'account-due')).toContain(date);
    expect(await see('member', home, 'due')).toContain(date);
    expect(await at.member.page.textContent('main')).toContain(boss.name);
    expect(await app.refresh()).toBe('x:post');

    // Lapsed: the right is gone at once, and everybody reads why and what to do.
    await pass(days(14));
    expect(await status(member)).toEqual({
      status: 'limited',
      reasons: ['company_lapsed'],
      nextStep: 'renew_company',
    });
    expect(await app.isAlive()).toBe(false);
    expect(await app.refresh()).toBe('');
    await expect
      .poll(() => app.told('recruiter-status-change'))
      .toMatchObject([
        { previous_status: 'eligible', current_status: 'limited', reasons: ['company_lapsed'] },
      ]);
    await expect
      .poll(() => app.told('company-status-change'))
      .toMatchObject([{ current_status: 'due' }, { previous_status: 'due', current_status: 'lapsed' }]);
    expect(await see('member', '/account', 'account-lapsed')).toContain(boss.name);
    await at.member.page.click('#next a.button');
    await at.member.page.waitForURL(`**${home}`);
    await looked(at.member.page, 'member-lapsed');
    expect(await at.member.page.textContent('main')).toContain(date);
    expect(await at.member.page.locator(`a[href="${home}/renew"]`).count()).toBe(0);
    await see('member', '/company', 'list-lapsed');
    await see('member', `${home}/renew`, 'renew-refused');

    await see('boss', '/account', 'account-lapsed');
    await at.boss.page.click('#next a.button');
    await at.boss.page.waitForURL(`**${home}/renew`);
    await looked(at.boss.page, 'boss-renew');
    expect(await at.boss.page.textContent('main')).toContain(date);
    await see('boss', home, 'lapsed');

    // Back: by the licence alone, for everybody.
    await at.boss.page.click(`.notice a[href="${home}/renew"]`);
    await uploadLicence(at.boss.page, { name, code: company.code, legalRepresentative: boss.name });
    await at.boss.page.waitForSelector('form[action$="/send"]');
    await looked(at.boss.page, 'boss-renew-picture');
    await press(at.boss.page, 'form[action$="/send"]');
    await at.boss.page.waitForSelector('.notice-success');
    await looked(at.boss.page, 'boss-renewed');
    expect((await stores().companies.find(company.id))?.state).toBe('verified');
    expect(await status(member)).toEqual({ status: 'eligible', reasons: [], nextStep: 'none' });
    expect(await app.refresh()).toBe('x:post');
    expect(await app.isAlive()).toBe(true);
    await expect
      .poll(() => app.told('company-status-change').at(-1))
      .toMatchObject({ previous_status: 'lapsed', current_status: 'verified' });
    await expect
      .poll(() => app.told('recruiter-status-change').at(-1))
      .toMatchObject({ current_status: 'eligible', reasons: [] });
    expect(await see('member', '/account', 'account-back')).not.toContain(date);
    expect(await at.member.page.locator('#next').count()).toBe(0);
    await see('boss', home, 'back');
    await see('boss', `${home}/activity`, 'activity');
    for (const one of [at.boss, at.member]) {
      expect(one.complaints()).toEqual([]);
      await one.close();
    }
  });
});
