import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/core/ids.ts';
import {
  accessibilityFindings,
  choose,
  launchBrowser,
  visit,
  type Visit,
  type VisitOptions,
} from '../support/browser.ts';
import { openSqlite } from '../support/databases.ts';
import {
  businessLicence,
  creditCode,
  enlarge,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
  withGps,
} from '../support/specimens.ts';
import { createVerificationRig, newAccount, type VerificationRig } from '../support/verification.ts';
import { startVerifySite } from '../support/verify-site.ts';

const person = specimenPerson();
const cleanups: (() => Promise<void> | void)[] = [];
let rig: VerificationRig;
let site: Awaited<ReturnType<typeof startVerifySite>>;
let browser: Browser;

beforeAll(async () => {
  rig = createVerificationRig(await openSqlite(cleanups));
  site = await startVerifySite(rig);
  browser = await launchBrowser(await selfie(person));
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function enter(accountId: AccountId, options: VisitOptions = {}): Promise<Visit> {
  const visited = await visit(browser, options);
  await visited.context.addCookies([{ name: 'account', value: accountId, url: site.issuer }]);
  await visited.page.goto(`${site.issuer}/verify`);
  return visited;
}

const file = (buffer: Buffer) => ({ name: 'picture.jpg', mimeType: 'image/jpeg', buffer });

describe.each([
  ['zh-CN', 'phone'],
  ['en', 'desktop'],
] as const)('verification in %s on a %s', (lang, device) => {
  it('goes from the start to the status with the camera, without a serious finding', async () => {
    const { page, complaints, close } = await enter(newAccount(), { lang, device });
    const findings: string[] = [];
    const check = async () =>
      findings.push(...(await accessibilityFindings(page)).map((one) => `${page.url()} ${one}`));
    const go = () => page.locator('main form button.button-primary').last().click();
    const send = async (picture: Buffer, next: RegExp) => {
      await page.setInputFiles('input[name=picture]', file(picture));
      await page.locator('[data-upload] button[type=submit]').click();
      await page.waitForURL(next);
    };

    const cameraOpens = () =>
      expect.poll(() => page.evaluate('document.querySelector("video").videoWidth')).toBeGreaterThan(0);

    await check();
    await go();
    await page.waitForURL(/licence$/);
    await check();
    await send(await enlarge(await businessLicence(specimenCompany())), /company$/);
    await check();
    await page.fill('[name=company_name]', '样本科技有限公司');
    await page.fill('[name=credit_code]', creditCode());
    await go();
    await page.waitForURL(/consent\/images$/);
    await check();
    await page.locator('button[value=agree]').click();
    await page.waitForURL(/document$/);
    await check();
    await choose(page, 'document_type', 'resident_id');
    await go();
    await page.waitForURL(/document-front$/);
    await check();

    await page.locator('[data-camera-open]').click();
    await cameraOpens();
    await page.locator('label[for=f-shutter]').click();
    await check();
    await page.locator('[data-camera-take]').click();
    await page.waitForSelector('[data-camera-picture]');
    await check();
    await page.locator('[data-camera-retake]').click();
    await cameraOpens();
    expect(await page.locator('[data-camera-auto]').isChecked()).toBe(false);
    await page.locator('[data-camera-take]').click();
    await page.locator('[data-camera-use]').click();
    await page.waitForURL(/document-back$/);
    await page.goto(`${site.issuer}/verify/photo/document-front`);
    await check();
    await send(await withGps(await idCardFront(person)), /document-back$/);
    await page.setInputFiles('input[name=picture]', file(Buffer.from('%PDF-1.7')));
    await page.locator('[data-upload] button[type=submit]').click();
    await page.waitForSelector('.error-summary');
    await send(await idCardBack(person), /person$/);
    await check();
    await page.fill('[name=name]', person.name);
    await page.fill('[name=number]', '110105194912310021');
    await page.fill('[name=expires_on]', '2040-01-01');
    await go();
    await page.waitForSelector('.error-summary');
    await check();
    await page.fill('[name=number]', person.number);
    await go();
    await page.waitForURL(/supporting$/);
    await check();
    await page.locator('form[action="/verify/skip/supporting"] button').click();
    await page.waitForURL(/route$/);
    await check();
    await page.locator('input[value=face]').check({ force: true });
    await go();
    await page.waitForURL(/consent\/face$/);
    await check();
    await page.locator('button[value=agree]').click();
    await page.waitForURL(/selfie$/);
    await check();

    const said: string[] = [];
    await page.exposeFunction('heard', (text: string) => said.push(text));
    await page.evaluate(`new MutationObserver(() => heard(document.querySelector('.capture-hint').textContent))
      .observe(document.querySelector('.capture-hint'), { childList: true })`);
    await page.locator('[data-camera-open]').click();
    await cameraOpens();
    await check();
    await page.waitForURL(/check$/);
    expect(new Set(said).size, said.join(' → ')).toBeGreaterThanOrEqual(3);
    await check();
    await go();
    await page.waitForURL(/status$/);
    await check();
    const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(wide).toBe(false);
    expect(findings).toEqual([]);
    expect(complaints().filter((one) => !one.includes('422'))).toEqual([]);
    await close();
  });
});

describe('the camera page', () => {
  it('takes the picture by itself once it has been good for a while', async () => {
    const withCard = await launchBrowser(await businessLicence(specimenCompany()));
    const { page, context, close } = await visit(withCard);
    await context.addCookies([{ name: 'account', value: newAccount(), url: site.issuer }]);
    await page.goto(`${site.issuer}/verify`);
    await page.locator('main form button').last().click();
    await page.locator('[data-camera-open]').click();
    await page.waitForSelector('.capture-counting');
    expect(await page.locator('.capture-hint').textContent()).toContain('别动');
    await page.waitForSelector('[data-camera-picture]:visible');
    await page.locator('[data-camera-use]').click();
    await page.waitForURL(/company$/);
    await close();
    await withCard.close();
  });

  it('explains a denied permission and keeps the file', async () => {
    const accountId = newAccount();
    const { page, context, close } = await enter(accountId);
    await context.clearPermissions();
    await page.addInitScript(
      'navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"))',
    );
    await page.locator('main form button').last().click();
    await page.waitForURL(/licence$/);
    await page.locator('[data-camera-open]').click();
    await page.waitForSelector('[data-camera-denied] .notice');
    expect(await page.locator('[data-camera-denied]').textContent()).toContain('允许');
    expect(await page.locator('input[name=picture]').isVisible()).toBe(true);
    expect(await accessibilityFindings(page)).toEqual([]);
    await close();
  });

  it('works as a plain form without script', async () => {
    const { page, close } = await enter(newAccount(), { script: false });
    await page.locator('main form button').last().click();
    await page.waitForURL(/licence$/);
    expect(await page.locator('[data-camera]').isVisible()).toBe(false);
    expect(await page.locator('input[name=picture]').getAttribute('capture')).toBe('environment');
    await page.setInputFiles('input[name=picture]', file(await idCardFront(person)));
    await page.locator('[data-upload] button[type=submit]').click();
    await page.waitForURL(/company$/);
    await close();
  });
});
