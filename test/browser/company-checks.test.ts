import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { testPictures } from '../../src/testkit/test-pictures.ts';
import {
  accessibilityFindings,
  choose,
  launchBrowser,
  visit,
  type Visit,
  type VisitOptions,
} from '../support/browser.ts';
import { signInReviewer } from '../support/recruiting.ts';

/** Company evidence on a phone without script, in both languages, and at the console. */

const screenshots = process.env['CHECKS_SCREENSHOTS'];

let browser: Browser;
let provider: TestProvider;
let owner: Person;
let company: string;

beforeAll(async () => {
  [browser, provider] = await Promise.all([
    launchBrowser(),
    startTestProvider({ settings: { SHIMING_DEPOSIT_SENDER: 'fake' } }),
  ]);
  owner = provider.person({ role: 'recruiter', lang: 'en' });
  await owner.verify();
  company = (await provider.app.database.stores.companies.findByCode(owner.company.code))!.id;
});
afterAll(async () => {
  await browser.close();
  await provider.close();
});

/** A browser that is signed in as whoever holds the cookies. */
async function as(jar: Person['browser']['jar'], options: VisitOptions): Promise<Visit> {
  const seen = await visit(browser, options);
  const cookies = jar
    .header(new URL(provider.issuer))
    .split('; ')
    .map((pair) => pair.split(/=(.*)/s));
  const named = cookies.filter(([name]) => name !== 'shiming_lang');
  await seen.context.addCookies(
    named.map(([name = '', value = '']) => ({ name, value, url: provider.issuer })),
  );
  return seen;
}

async function look({ page, complaints }: Visit, name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
  const wider = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  expect(await accessibilityFindings(page), `axe on ${name}`).toEqual([]);
  expect(complaints(), name).toEqual([]);
}

const licence = (name: string, over = {}) =>
  testPictures(owner.identity, { ...owner.company, legalRepresentative: owner.identity.name, name }).licence(
    over,
  );

describe.each(['zh-CN', 'en'] as const)('company evidence in %s', (lang) => {
  it('is handed in on a phone without script, and decided at the console', async () => {
    const { accounts, memberships } = provider.app.database.stores;
    const { id: accountId } = (await accounts.findByPhone(owner.phone as never))!;
    // Axe runs in the page, which needs script; the forms are those of a page without it.
    const plain = await as(owner.browser.jar, { device: 'phone', lang, script: false });
    const seen = await as(owner.browser.jar, { device: 'phone', lang });
    const at = (page: string) => `${provider.issuer}/company/${company}/${page}`;
    try {
      for (const page of ['renew', 'letter', 'class', 'deposit']) {
        await seen.page.goto(at(page));
        await look(seen, `${page}-${lang}`);
      }
      const name = `样本${lang === 'en' ? '甲' : '乙'}有限公司`;
      await plain.page.goto(at('renew'));
      await plain.page.setInputFiles('input[type=file]', {
        name: 'licence.jpg',
        mimeType: 'image/jpeg',
        buffer: await licence(name, { quality: { screen: 1 } }),
      });
      await plain.page.click('form[enctype] button[type=submit]');
      await plain.page.waitForURL(at('renew'));
      await seen.page.goto(at('renew'));
      await look(seen, `renew-picture-${lang}`);
      await plain.page.click('form[action$="/send"] button[type=submit]');
      await plain.page.waitForLoadState();
      await seen.page.goto(at('renew'));
      await look(seen, `renew-submitted-${lang}`);

      provider.clock.advance(minutes(1));
      const { jar } = await signInReviewer(provider.issuer, provider.clock);
      for (const device of ['desktop', 'phone'] as const) {
        const staff = await as(jar, { device, lang });
        await staff.page.goto(`${provider.issuer}/staff/company-checks`);
        await look(staff, `staff-queue-${device}-${lang}`);
        const link = staff.page.locator('td a[href^="/staff/company-checks/chk_"], td button.link').first();
        await link.click();

        await staff.page.waitForURL('**/staff/company-checks/chk_*');
        await staff.page.waitForLoadState('networkidle');
        await look(staff, `staff-check-${device}-${lang}`);
        if (device === 'desktop') {
          await staff.page.click('.decision-bar button.button-primary');
          await staff.page.waitForLoadState();
          await look(staff, `staff-check-error-${lang}`);
        } else {
          await choose(staff.page, 'decision', 'approve');
          await staff.page.click('.decision-bar button.button-primary');
          await staff.page.waitForURL('**/staff/company-checks?notice=decided');
          await look(staff, `staff-decided-${lang}`);
        }
        await staff.close();
      }
      expect((await provider.app.database.stores.companies.find(company as never))?.name).toBe(name);
      expect((await memberships.findFor(accountId, company as never))?.state).toBe('active');
    } finally {
      await plain.close();
      await seen.close();
    }
  });
});
