import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import type { CompanyId } from '../../src/core/ids.ts';
import { startTestProvider, testPicture, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { choose, launchBrowser, type Visit } from '../support/browser.ts';
import { browserOf, createLooked, looks, press, type Look } from '../support/company-browser.ts';
import { askedApi, startHiringApp, type HiringApp } from '../support/hiring-app.ts';
import { pdfText } from '../support/pdf-text.ts';
import { signInReviewer } from '../support/recruiting.ts';

/** A recruiter joins a company by a letter of authorisation, which a reviewer refuses once before it is accepted. */

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

/** A verified company with somebody who acts for it. */
async function companyOf(owner: Person): Promise<{ id: CompanyId; name: string; code: string }> {
  await owner.verify();
  const company = await provider.app.database.stores.companies.findByCode(owner.company.code);
  if (!company) throw new Error('no company');
  return { id: company.id, name: company.name, code: company.creditCode };
}

async function membershipOf({ phone }: Person, companyId: CompanyId) {
  const { accounts, memberships } = provider.app.database.stores;
  const account = await accounts.findByPhone(phone as never);
  return account && memberships.findFor(account.id, companyId);
}

/** Hands a photograph of the sealed letter in, as far as the page that shows it. */
async function upload(page: Page, member: Person): Promise<void> {
  const lines = ['招聘授权书', `被授权人 ${member.identity.name}`, '（公章）'];
  const buffer = await testPicture({ lines });
  await page.setInputFiles('input[type=file]', { name: 'letter.jpg', mimeType: 'image/jpeg', buffer });
  await press(page, 'form:has(input[type=file])');
  await page.waitForSelector('figure.photo img');
}

/** The reviewer at the page of the check that waits. */
async function review(look: Look, looked: (page: Page, name: string) => Promise<void>): Promise<Visit> {
  // Codes of the second factor work once.
  provider.clock.advance(minutes(1));
  const { jar } = await signInReviewer(provider.issuer, provider.clock);
  const staff = await browserOf(browser, { browser: { jar } as never }, provider.issuer, look);
  await staff.page.goto(`${provider.issuer}/staff/company-checks`);
  await looked(staff.page, 'queue');
  await staff.page.locator('td button.link, td a[href^="/staff/company-checks/chk_"]').first().click();
  await staff.page.waitForURL('**/staff/company-checks/chk_*');
  await staff.page.waitForLoadState('networkidle');
  const drawn = '[...document.images].every((image) => image.complete && image.naturalWidth > 0)';
  expect(await staff.page.evaluate(`document.images.length > 0 && ${drawn}`)).toBe(true);
  await looked(staff.page, 'check');
  return staff;
}

async function decide({ page, complaints, close }: Visit): Promise<void> {
  await page.click('.decision-bar button.button-primary');
  await page.waitForURL('**/staff/company-checks?notice=decided');
  expect(complaints()).toEqual([]);
  await close();
}

describe.each(looks)('in $lang on a $device, a recruiter', (look) => {
  it('joins by a letter that is refused once, and may publish at the app they came from', async () => {
    const looked = createLooked(look, 'letter-');
    const [owner, member] = [provider.person({ role: 'recruiter' }), provider.person({ role: 'recruiter' })];
    const { id, name, code } = await companyOf(owner);
    await member.walk(`${provider.issuer}/account`, ({ url }) => url.pathname === '/account');
    const person = await browserOf(browser, member, provider.issuer, look);
    const { page } = person;
    await page.goto(`${provider.issuer}/company/join?credit_code=${code}`);
    await press(page, 'form[method=post][action="/company/join"]');
    await page.waitForURL(/\/company\/com_/);
    const home = `${provider.issuer}/company/${id}`;
    await looked(page, 'asked');
    // A letter is about somebody who is known.
    await page.goto(`${home}/letter`);
    expect(await page.locator('form[action$="/print"]').count()).toBe(0);
    await looked(page, 'not-verified');
    expect(await member.verify()).toBe('approved');

    await page.goto(home);
    await looked(page, 'ways');
    await choose(page, 'way', 'authorisation_letter');
    await press(page, 'form[action$="/way"]');
    await page.waitForURL(`${home}/letter`);
    await looked(page, 'letter');
    await page.fill('#f-print-until', '2099-06-30');
    const downloading = page.waitForEvent('download');
    await press(page, 'form[action$="/print"]');
    const letter = await readFile(await (await downloading).path());
    expect(letter.subarray(0, 5).toString()).toBe('%PDF-');
    const lines = pdfText(letter).split('\n');
    expect(lines).toEqual(expect.arrayContaining([name, code, member.identity.name]));
    expect(lines.find((line) => line.includes('2099年6月30日'))).toMatch(/^自\d{4}年\d+月\d+日起至/);
    expect(lines.join('')).not.toContain(member.identity.number);

    await upload(page, member);
    await looked(page, 'picture');
    await press(page, 'form[action$="/letter/send"]');
    await page.waitForURL(`${home}/letter`);
    await looked(page, 'handed-in');
    await page.goto(`${provider.issuer}/account`);
    await looked(page, 'account-in-review');
    // From there to where it stands.
    await page.click('main .card a');
    await page.waitForURL(`${provider.issuer}/company`);
    await page.click(`a[href="/company/${id}"]`);
    await page.waitForURL(home);
    expect(await page.locator('.notice-info a[href$="/letter"]').count()).toBe(1);
    await looked(page, 'in-review');
    expect((await membershipOf(member, id))?.state).toBe('in_review');

    const app = await startHiringApp(provider, '招聘助手');
    apps.push(app);
    await page.goto(`${app.url}/sign-in?insist`);
    await page.waitForURL(/\/consent$/);
    await looked(page, 'consent');
    await page.click('button[value=allow]');
    await page.waitForURL(`${app.url}/`);
    expect(await app.publish()).toBe('insufficient_scope');

    // Refused, with a reason and a word from the reviewer.
    const first = await review(look, looked);
    await choose(first.page, 'decision', 'reject');
    await first.page.selectOption('select[name=reason]', 'seal_missing');
    await first.page.fill('textarea[name=message]', '请在右下角加盖公章后重新拍照。');
    await looked(first.page, 'refusing');
    await decide(first);
    expect((await membershipOf(member, id))?.state).toBe('evidence_pending');
    await page.goto(`${provider.issuer}/account`);
    await looked(page, 'account-refused');
    await page.click('main .card a');
    await page.waitForURL(home);
    expect(await page.textContent('.notice-danger')).toContain('请在右下角加盖公章后重新拍照。');
    await looked(page, 'refused');
    await page.click('.notice-danger a');
    await page.waitForURL(`${home}/letter`);
    expect(await page.textContent('main')).toContain('请在右下角加盖公章后重新拍照。');
    expect(await page.textContent('main')).toMatch(/缺少清晰的单位公章|no legible seal/);
    await looked(page, 'letter-refused');

    // Once more, with the seal and a last day.
    await upload(page, member);
    await page.fill('form[action$="/letter/send"] input[name=until]', '2099-06-30');
    await press(page, 'form[action$="/letter/send"]');
    await page.waitForURL(`${home}/letter`);
    const second = await review(look, looked);
    expect(await second.page.inputValue('input[name=until]')).toBe('2099-06-30');
    await choose(second.page, 'decision', 'approve');
    await looked(second.page, 'accepting');
    await decide(second);

    await page.goto(`${home}/letter`);
    await looked(page, 'accepted');
    await page.click(`.notice-success a[href="/company/${id}"]`);
    await page.waitForURL(home);
    // The last day is the one that the letter names.
    expect(await page.textContent('main')).toMatch(/2099年6月30日|30 June 2099/);
    await looked(page, 'member');
    await page.goto(`${provider.issuer}/account`);
    await looked(page, 'account-eligible');
    expect(await membershipOf(member, id)).toMatchObject({
      state: 'active',
      role: 'recruiter',
      evidence: 'authorisation_letter',
    });
    // Without another sign-in.
    await app.refresh();
    expect(app.signedIn().scopes).toEqual(expect.arrayContaining(['job:publish', 'resume:search']));
    expect(await app.publish()).toBe('published');
    expect(await app.userinfo()).toMatchObject({ recruiter_status: 'eligible', company: { code } });
    expect(person.complaints()).toEqual([]);
    await person.close();
  });
});
