import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import type { CompanyId } from '../../src/core/ids.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { choose, launchBrowser, visit } from '../support/browser.ts';
import { browserOf, createLooked, looks, press } from '../support/company-browser.ts';
import { askedApi, startHiringApp, type HiringApp } from '../support/hiring-app.ts';
import { joinCompany } from '../support/recruiters.ts';

/** A recruiter is removed from their company while they are signed in to two apps in one browser. */

let browser: Browser;
let provider: TestProvider;
const apps: HiringApp[] = [];
beforeAll(async () => {
  [browser, provider] = await Promise.all([launchBrowser(), startTestProvider()]);
  await provider.app.database.stores.resources.putResource(askedApi);
  await provider.app.oidc.reload();
});
afterAll(async () => {
  await browser.close();
  for (const app of apps) await app.close();
  await provider.close();
});

const accountOf = async ({ phone }: Person) =>
  (await provider.app.database.stores.accounts.findByPhone(phone as never))!.id;

/** An administrator and a recruiter of one company, both verified through the pages. */
async function colleagues(): Promise<{ boss: Person; member: Person; companyId: CompanyId; name: string }> {
  const [boss, member] = [provider.person({ role: 'recruiter' }), provider.person({ role: 'recruiter' })];
  await boss.verify();
  const company = await provider.app.database.stores.companies.findByCode(boss.company.code);
  if (!company) throw new Error('no company');
  const { forms } = await boss.browser.open(`${provider.issuer}/company/${company.id}/administer`);
  const asked = forms.find(({ action }) => action === '');
  if (!asked) throw new Error('nobody is asked to administer the company');
  await boss.browser.submitForm(asked);
  await member.walk(`${provider.issuer}/account`, ({ url }) => url.pathname === '/account');
  const { creditCode: code, name } = company;
  await joinCompany(provider.app, await accountOf(member), { code, name });
  // Only themselves: they belong to a company.
  await member.verify();
  return { boss, member, companyId: company.id, name };
}

async function signIn(page: Page, person: Person): Promise<void> {
  // Messages to one number come once a minute.
  provider.clock.advance(minutes(1) + 1000);
  await page.fill('input[name=phone]', person.phone.replace('+86', ''));
  await page.click('form[action$="/phone"] button[type=submit]');
  await page.waitForURL((url) => url.pathname.endsWith('/code'));
  await page.fill('input[name=code]', await person.newestCode());
}

async function agree(page: Page, { url }: HiringApp): Promise<void> {
  await page.waitForURL(/\/consent$/);
  await page.click('button[value=allow]');
  await page.waitForURL(`${url}/`);
}

const shown = (page: Page) => page.getAttribute('main', 'data-api');

describe.each(looks)('in $lang on a $device, a recruiter who is signed in to two apps', (look) => {
  it('is removed, loses the right at both at once, stays signed in and is led on', async () => {
    const looked = createLooked(look, 'removed-');
    const { boss, member, companyId, name } = await colleagues();
    const jobs = await startHiringApp(provider, '招聘助手');
    const talent = await startHiringApp(provider, 'Talent Desk');
    apps.push(jobs, talent);
    const person = await visit(browser, look);
    const { page } = person;
    await page.goto(`${jobs.url}/sign-in?insist`);
    await signIn(page, member);
    await page.waitForURL(/\/consent$/);
    await looked(page, 'consent');
    await agree(page, jobs);
    const second = await person.context.newPage();
    await second.goto(`${talent.url}/sign-in`);
    await agree(second, talent);
    for (const tab of [page, second]) expect(await shown(tab)).toBe('published');

    const desk = await browserOf(browser, boss, provider.issuer, look);
    await desk.page.goto(`${provider.issuer}/company/${companyId}`);
    await looked(desk.page, 'members');
    await desk.page.click(`a:has-text("${member.identity.name}")`);
    await desk.page.click('a[href$="/remove"]');
    await looked(desk.page, 'remove');
    await choose(desk.page, 'reason', 'left_the_company');
    await press(desk.page, 'main form:has([name=reason])');
    await desk.page.waitForURL(/done=removed/);
    await looked(desk.page, 'removed');

    // Nobody signs in: the token is dead, the one that replaces it says nothing of recruiting.
    for (const [app, tab] of [
      [jobs, page],
      [talent, second],
    ] as const) {
      expect(await app.publish()).toBe('invalid_token');
      await app.refresh();
      expect(await app.publish()).toBe('insufficient_scope');
      await tab.reload();
      expect(await shown(tab)).toBe('insufficient_scope');
      expect(await tab.textContent('main')).toContain(app.signedIn().subject);
      const heard = () =>
        app.taken.filter(({ events }) => Object.keys(events)[0]?.endsWith('/recruiter-status-change'));
      await expect.poll(heard).toHaveLength(1);
      expect(heard()[0]?.sub_id).toMatchObject({ format: 'iss_sub', sub: app.signedIn().subject });
      const claims = await app.userinfo();
      expect(claims).toMatchObject({ recruiter_status: 'limited', recruiter_reasons: ['membership_ended'] });
      expect(claims).not.toHaveProperty('company');
    }
    expect(jobs.signedIn().subject).not.toBe(talent.signedIn().subject);

    // Still signed in here, and told why and what is left to do, wherever they look.
    const told = async (tab: Page) => {
      expect(await tab.textContent('.notice-warning')).toContain(name);
      expect(await tab.textContent('.notice-warning')).toMatch(/已离开公司|No longer works at the company/);
    };
    for (const path of ['/account', '/company', '/verify'] as const) {
      await page.goto(`${provider.issuer}${path}`);
      expect(new URL(page.url()).pathname).toBe(path);
      await told(page);
      await looked(page, path.slice(1));
    }
    await page.goto(`${provider.issuer}/company/${companyId}`);
    expect(new URL(page.url()).pathname).toBe('/company');
    await page.goto(`${provider.issuer}/account/apps`);
    await looked(page, 'apps');

    // The next sign-in: an app that insists leads to what is left to do, the other one goes on without the right.
    await second.goto(`${talent.url}/sign-in`);
    await second.waitForURL(`${talent.url}/`);
    expect(await shown(second)).toBe('insufficient_scope');
    await page.goto(`${jobs.url}/sign-in?insist`);
    await page.waitForURL(/\/verify\?interaction=/);
    await told(page);
    await looked(page, 'next-sign-in');
    await page.click('a[href$="/continue"]');
    await page.waitForURL(`${jobs.url}/`);
    expect(await shown(page)).toBe('insufficient_scope');
    expect(await jobs.userinfo()).toMatchObject({ recruiter_reasons: ['membership_ended'] });
    await desk.close();
    expect(person.complaints()).toEqual([]);
    await person.close();
  });
});
