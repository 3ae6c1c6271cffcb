import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { createRecogniser } from '../../src/providers/recognition/index.ts';
import { accessibilityFindings, choose, launchBrowser, visit, type Visit } from '../support/browser.ts';
import { openSqlite } from '../support/databases.ts';
import { portrait } from '../support/faces.ts';
import {
  businessLicence,
  handHeld,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
  type SpecimenPerson,
} from '../support/specimens.ts';
import { createVerificationRig, newAccount, type VerificationRig } from '../support/verification.ts';
import { startVerifySite } from '../support/verify-site.ts';

/** The pages with the models that the program ships with, on pictures drawn here: nothing is told to the recogniser. */

let rig: VerificationRig;
let site: Awaited<ReturnType<typeof startVerifySite>>;
let browser: Browser;
const cleanups: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  rig = createVerificationRig(await openSqlite(cleanups), {
    recogniser: createRecogniser('local', silentLog),
  });
  site = await startVerifySite(rig);
  browser = await launchBrowser(
    await selfie(specimenPerson(), { portrait: await portrait({ person: 'a' }) }),
  );
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const press = (page: Page) => page.locator('main form button.button-primary').last().click();

async function send(page: Page, picture: Buffer, next?: string): Promise<void> {
  await page.setInputFiles('input[name=picture]', { name: 'p.jpg', mimeType: 'image/jpeg', buffer: picture });
  await page.locator('[data-upload] button[type=submit]').click();
  if (next) await page.waitForURL(`**${next}`);
}

/** From the start to the page on which the person confirms what was read. */
async function toPerson(person: SpecimenPerson, lang: 'zh-CN' | 'en', back = person): Promise<Visit> {
  const visited = await visit(browser, { lang, device: lang === 'en' ? 'desktop' : 'phone' });
  const { page, context } = visited;
  context.setDefaultTimeout(40_000);
  await context.addCookies([{ name: 'account', value: newAccount(), url: site.issuer }]);
  await page.goto(`${site.issuer}/verify`);
  await press(page);
  const company = specimenCompany({ legalRepresentative: person.name });
  await send(page, await businessLicence(company), '/verify/company');
  expect(await page.inputValue('[name=credit_code]')).toBe(company.code);
  expect(await page.inputValue('[name=company_name]')).toBe(company.name);
  expect(await accessibilityFindings(page)).toEqual([]);
  await press(page);
  await page.locator('button[value=agree]').click();
  await choose(page, 'document_type', 'resident_id');
  await press(page);
  await page.waitForURL('**/document-front');
  await send(
    page,
    await idCardFront(person, { portrait: await portrait({ person: 'a' }) }),
    '/document-back',
  );
  await send(page, await idCardBack(back), '/verify/person');
  return visited;
}

async function toHolder(page: Page, route: 'face' | 'hand_held'): Promise<void> {
  await press(page);
  await page.locator('form[action="/verify/skip/supporting"] button').click();
  await choose(page, 'route', route);
  await press(page);
}

describe('with the models of the program', () => {
  it('a card is read, a slip is told by its group, and the photo in the hand goes to a person', async () => {
    const person = specimenPerson({ name: '样本一', expiresOn: '2040-01-01' });
    const { page, complaints, close } = await toPerson(person, 'zh-CN');
    expect(await page.inputValue('[name=number]')).toBe(person.number);
    expect(await page.inputValue('[name=expires_on]')).toBe(person.expiresOn);
    expect(await page.locator('.read-from img').count()).toBeGreaterThanOrEqual(3);
    expect(await accessibilityFindings(page)).toEqual([]);
    const other = specimenPerson({ birthdate: person.birthdate, sex: person.sex });
    await page.fill('[name=number]', other.number);
    await page.fill('[name=name]', person.name);
    await press(page);
    await page.waitForSelector('[name=confirmed]');
    expect(await page.locator('.error-summary').textContent()).toMatch(/位/);
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.fill('[name=number]', person.number);
    await toHolder(page, 'hand_held');
    await page.waitForURL('**/hand-held');
    await send(
      page,
      await handHeld(person, { portrait: await portrait({ person: 'a', variation: 1 }) }),
      '/verify/check',
    );
    await press(page);
    await page.waitForURL('**/status');
    await expect
      .poll(() => page.locator('.tag').first().textContent(), { timeout: 20_000 })
      .toContain('审核中');
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(complaints()).toEqual([]);
    await close();
  });

  it('an expired card is told with its date, and a still picture before the camera follows no prompt', async () => {
    const person = specimenPerson({ name: '范例安', expiresOn: '2040-01-01' });
    const expired = specimenPerson({ ...person, validFrom: '2001-05-06', expiresOn: '2021-05-06' });
    const { page, close } = await toPerson(person, 'en', expired);
    expect(await page.locator('.error-summary').textContent()).toContain('6 May 2021');
    await page.goto(`${site.issuer}/verify/photo/document-back`);
    await send(page, await idCardBack(person), '/verify/person');
    await page.fill('[name=name]', person.name);
    await toHolder(page, 'face');
    await page.locator('button[value=agree]').click();
    await page.waitForURL('**/selfie');
    await page.locator('[data-camera-open]').click();
    await page.waitForSelector('.complaint');
    expect(await page.locator('.complaint').textContent()).toContain('prompts');
    expect(await accessibilityFindings(page)).toEqual([]);
    await close();
  });
});
