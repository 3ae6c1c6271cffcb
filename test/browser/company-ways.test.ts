import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import { launchBrowser, visit, choose } from '../support/browser.ts';
import { createLooked, enter, looks, press, uploadLicence } from '../support/company-browser.ts';
import { leaveCompany } from '../support/recruiters.ts';
import { openCompanySite, type CompanySite } from '../support/company-site.ts';

/** Joining a company that is there already without anybody's yes: by its e-mail, and as who represents it by law. */

let browser: Browser;
let site: CompanySite;
beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), openCompanySite(new ManualClock())]);
  site.provider.app.start();
});
afterAll(async () => {
  await browser.close();
  await site.provider.close();
});

/** Asks to join by the code, as the pages lead. */
async function ask(page: Page, code: string): Promise<void> {
  await page.goto(site.url('/company/join'));
  await page.fill('input[name=credit_code]', code);
  await press(page, 'form[method=get]');
  await press(page, 'form[method=post][action="/company/join"]');
  await page.waitForURL(/\/company\/com_/);
}

const status = async (accountId: string) =>
  site.provider.app.database.stores.entitlements.status(accountId as never);

describe.each(looks)('in $lang on a $device, a recruiter joins', (look) => {
  const looked = createLooked(look, 'ways-');
  const english = look.lang === 'en';
  const domain = english ? 'mingxin.com.cn' : 'mingxin.cn';

  it('by an address at the company, whose domain an administrator adds', async () => {
    const boss = await site.somebody();
    const { code, id } = await site.join(boss, { role: 'administrator' });
    const newcomer = await site.somebody();
    const person = await visit(browser, look);
    await enter(site.provider, person, newcomer.accountId, '/company');
    await ask(person.page, code);
    expect(await person.page.locator('input[value=company_email]').count()).toBe(0);

    const desk = await visit(browser, look);
    await enter(site.provider, desk, boss.accountId, `/company/${id}`);
    await desk.page.click(`a[href="/company/${id}/domains"]`);
    await desk.page.fill('input[name=domain]', 'qq.com');
    await press(desk.page, 'form[action$="/domains"]');
    await desk.page.waitForSelector('.error-summary');
    await looked(desk.page, 'domain-free-mail');
    await desk.page.fill('input[name=domain]', domain);
    await press(desk.page, 'form[action$="/domains"]');
    await desk.page.waitForURL(/done=bound/);
    await looked(desk.page, 'domain-bound');

    const { page } = person;
    await page.reload();
    await looked(page, 'ways');
    await choose(page, 'way', 'company_email');
    await press(page, 'form[action$="/way"]');
    await page.waitForURL(/company-email$/);
    await looked(page, 'email');
    await page.fill('input[name=email]', 'zhou@example.org');
    await press(page, 'form[action$="/company-email"]');
    await page.waitForSelector('.error-summary');
    await looked(page, 'email-elsewhere');
    await page.fill('input[name=email]', `zhou@${domain}`);
    await press(page, 'form[action$="/company-email"]');
    await page.waitForURL(/done=sent/);
    await looked(page, 'code');

    const mail = await person.context.newPage();
    await mail.goto(site.url(`/dev/inbox?email=${encodeURIComponent(`zhou@${domain}`)}`));
    await looked(mail, 'mail');
    const [received = ''] = /(?<!\d)\d{6}(?!\d)/.exec((await mail.textContent('main')) ?? '') ?? [];
    await mail.close();
    // The page sends a code by itself once it is complete.
    await page.fill('input[name=code]', received === '000000' ? '000001' : '000000');
    await page.waitForSelector('.error-summary');
    await looked(page, 'code-wrong');
    await page.fill('input[name=code]', received);
    await page.waitForURL(/done=joined/);
    await looked(page, 'joined-by-email');
    expect(await site.membership(newcomer, id)).toMatchObject({ state: 'active', evidence: 'company_email' });
    expect((await status(newcomer.accountId))?.status).toBe('eligible');
    for (const one of [person, desk]) {
      expect(one.complaints()).toEqual([]);
      await one.close();
    }
  });

  it('as the legal representative, by the licence that names them', async () => {
    const employee = await site.somebody();
    const name = english ? '明信机器人有限公司' : '明信软件有限公司';
    const joined = await site.join(employee, { name });
    const { code, id } = joined;
    // While others act for a company, a reviewer looks at whoever comes with its licence.
    await leaveCompany(site.provider.app, employee.accountId, joined);
    const owner = await site.somebody();
    const person = await visit(browser, look);
    const { page } = person;
    await enter(site.provider, person, owner.accountId, '/company');
    await ask(page, code);
    await looked(page, 'nobody-to-ask');
    await page.click('main p.hint a[href="/verify"]');
    await page.waitForURL(/\/verify/);
    await looked(page, 'verify');
    await press(page, 'main form:has(input[name=scope][value=company])');
    await page.waitForURL(/photo\/licence$/);
    await looked(page, 'licence');
    await uploadLicence(page, { name, code, legalRepresentative: owner.name });
    await page.waitForURL(/\/verify\/company$/);
    await looked(page, 'read');
    expect(await page.inputValue('input[name=credit_code]')).toBe(code);
    await press(page, 'form:has(input[name=credit_code])');
    await page.waitForURL((url) => !url.pathname.endsWith('/company'));
    if (page.url().endsWith('/supporting')) await press(page, 'form[action="/verify/skip/supporting"]');
    await page.waitForURL(/\/verify\/check$/);
    await looked(page, 'check');
    await press(page, 'form:has([name=version])');
    await page.waitForURL(/\/verify\/status$/);
    await expect.poll(() => status(owner.accountId).then((one) => one?.status)).toBe('eligible');
    await page.reload();
    await looked(page, 'approved');
    await page.goto(site.url(`/company/${id}`));
    await looked(page, 'representative');
    expect(await site.membership(owner, id)).toMatchObject({
      state: 'active',
      evidence: 'legal_representative',
    });
    await page.click(`a[href="/company/${id}/administer"]`);
    await looked(page, 'administer');
    await press(page, 'main form:not([action])');
    await page.waitForURL(/done=administers/);
    await looked(page, 'administers');
    expect((await site.membership(owner, id)).role).toBe('administrator');
    expect(person.complaints()).toEqual([]);
    await person.close();
  });
});
