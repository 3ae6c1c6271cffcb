import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { createRecogniser } from '../../src/providers/recognition/index.ts';
import { actedCamera, type ActedCamera } from '../support/acted-camera.ts';
import { accessibilityFindings, choose, launchBrowser, visit, type Visit } from '../support/browser.ts';
import { openSqlite } from '../support/databases.ts';
import { blinking, portrait, turned, type Person } from '../support/faces.ts';
import { codeFor, createReviewRig, enrol, startConsole, type ReviewRig } from '../support/review.ts';
import {
  businessLicence,
  distort,
  handHeld,
  idCardBack,
  idCardFront,
  specimenCompany,
  specimenPerson,
  type SpecimenPerson,
} from '../support/specimens.ts';
import { newAccount } from '../support/verification.ts';
import { startVerifySite } from '../support/verify-site.ts';

/** The pages with the models that the program ships with, on pictures drawn here: nothing is told to the recogniser. */

let rig: ReviewRig;
let site: Awaited<ReturnType<typeof startVerifySite>>;
let console: Awaited<ReturnType<typeof startConsole>>;
let browser: Browser;
const cleanups: (() => Promise<void> | void)[] = [];
const screenshots = process.env['RECOGNITION_SCREENSHOTS'];

beforeAll(async () => {
  rig = createReviewRig(await openSqlite(cleanups), undefined, {
    recogniser: createRecogniser('local', silentLog),
  });
  site = await startVerifySite(rig.verification);
  console = await startConsole(rig);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await console.close();
  await site.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

type Applicant = Visit & { readonly camera: ActedCamera; readonly accountId: AccountId };

const press = (page: Page) => page.locator('main form button.button-primary').last().click();
/** Until the page at this address has loaded, its scripts included. */
const at = (page: Page, path: string) => page.waitForURL(`**${path}`, { waitUntil: 'load' });

async function send(page: Page, picture: Buffer, next: string): Promise<void> {
  await page.setInputFiles('input[name=picture]', { name: 'p.jpg', mimeType: 'image/jpeg', buffer: picture });
  await page.locator('[data-upload] button[type=submit]').click();
  await at(page, next);
}

/** Nothing that axe finds serious, nothing the browser complains about, nothing wider than the screen. */
async function check({ page, complaints }: Visit, name: string): Promise<void> {
  if (screenshots) await photograph(page, name);
  expect(await accessibilityFindings(page), name).toEqual([]);
  // A picture that is asked for again is answered with 422, which the browser takes for a failure.
  const unasked = complaints().filter((one) => !/verify\/photo\/[a-z-]+ 422$/.test(one));
  expect(unasked, name).toEqual([]);
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow), `${name} is wider than the screen`).toBe(0);
}

/** The page as it is, on a wide screen and in the dark. */
async function photograph(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()!;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      const path = `${screenshots}/${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}

/** From the start to the page that takes the front of the card; the person is the company's legal representative. */
async function toCard(person: SpecimenPerson, lang: 'zh-CN' | 'en'): Promise<Applicant> {
  const visited = await visit(browser, { lang });
  const { page, context } = visited;
  context.setDefaultTimeout(40_000);
  const camera = await actedCamera(page);
  const accountId = newAccount();
  await context.addCookies([{ name: 'account', value: accountId, url: site.issuer }]);
  await page.goto(`${site.issuer}/verify`);
  await press(page);
  const company = specimenCompany({ legalRepresentative: person.name });
  await send(page, await businessLicence(company), '/verify/company');
  expect(await page.inputValue('[name=credit_code]')).toBe(company.code);
  expect(await page.inputValue('[name=company_name]')).toBe(company.name);
  await press(page);
  await page.locator('button[value=agree]').click();
  await choose(page, 'document_type', 'resident_id');
  await press(page);
  await at(page, '/document-front');
  return { ...visited, camera, accountId };
}

const frontOf = async (person: SpecimenPerson) =>
  idCardFront(person, { portrait: await portrait({ person: 'a' }) });

/** As {@link toCard}, and on to the page on which the person confirms what was read. */
async function toPerson(person: SpecimenPerson, lang: 'zh-CN' | 'en', back = person): Promise<Applicant> {
  const applicant = await toCard(person, lang);
  await send(applicant.page, await frontOf(person), '/document-back');
  await send(applicant.page, await idCardBack(back), '/verify/person');
  return applicant;
}

/** From the confirmed person to the page of the route. */
async function toHolder({ page }: Applicant, route: 'face' | 'hand_held'): Promise<void> {
  await press(page);
  await page.locator('form[action="/verify/skip/supporting"] button').click();
  await choose(page, 'route', route);
  await press(page);
  if (route === 'face') await page.locator('button[value=agree]').click();
  await at(page, route === 'face' ? '/selfie' : '/hand-held');
}

/** Somebody before the camera who follows what is asked of them. */
async function faceCheck({ page, camera }: Applicant, person: Person): Promise<void> {
  await camera.act(await portrait({ person, variation: 0 }), [
    { told: /左|your left/, picture: await turned(person, 'left') },
    { told: /右|your right/, picture: await turned(person, 'right') },
    { told: /闭|close both/, picture: await blinking(person) },
  ]);
  await page.locator('[data-camera-open]').click();
  await at(page, '/verify/check');
}

const standing = (page: Page) => page.locator('.tag').first().textContent();
/** What the machine concluded, and why. */
const verdictOn = async ({ accountId }: Applicant) =>
  (await rig.verification.verification.view(accountId))?.case.verdict;
const becomes = (page: Page, state: string) =>
  expect.poll(() => standing(page), { timeout: 30_000 }).toContain(state);

describe('with the models of the program', () => {
  it('a screen is asked again; card and face are approved without a person', async () => {
    const person = specimenPerson({ name: '样本一', expiresOn: '2040-01-01' });
    const applicant = await toCard(person, 'zh-CN');
    const { page, camera, close } = applicant;
    await camera.hold(await distort(await frontOf(person), 'screen', 3));
    await page.locator('[data-camera-open]').click();
    // The first pictures of a camera are dark.
    await page.waitForTimeout(1000);
    await page.locator('[data-camera-take]').click();
    await page.locator('[data-camera-use]').click();
    await page.waitForSelector('.complaint');
    expect(await page.locator('.complaint').textContent()).toContain('翻拍');
    await check(applicant, 'a-screen');
    await camera.hold(await distort(await frontOf(person), 'L1', 3));
    await page.locator('[data-camera-again]').click();
    // Nobody presses anything: the shutter counts and releases by itself.
    await page.locator('[data-camera-use]').click();
    await at(page, '/document-back');
    await camera.hold(await distort(await idCardBack(person), 'L1', 3));
    await page.locator('[data-camera-open]').click();
    await check(applicant, 'a-camera');
    await page.locator('[data-camera-use]').click();
    await at(page, '/verify/person');
    expect(await page.inputValue('[name=number]')).toBe(person.number);
    await page.fill('[name=name]', person.name);
    await check(applicant, 'a-person');
    await toHolder(applicant, 'face');
    await check(applicant, 'a-face');
    await faceCheck(applicant, 'a');
    await check(applicant, 'a-check');
    await press(page);
    await at(page, '/status');
    await expect.poll(() => verdictOn(applicant), { timeout: 30_000 }).toBeDefined();
    expect(await verdictOn(applicant)).toMatchObject({ verdict: 'approve', reasons: [] });
    await becomes(page, '已通过');
    await check(applicant, 'a-approved');
    await close();
  });

  it('somebody else before the camera is looked at by a person', async () => {
    const person = specimenPerson({ name: '范例安', expiresOn: '2040-01-01' });
    const applicant = await toPerson(person, 'en');
    const { page, close } = applicant;
    await page.fill('[name=name]', person.name);
    await toHolder(applicant, 'face');
    await faceCheck(applicant, 'b');
    await press(page);
    await at(page, '/status');
    await becomes(page, 'In review');
    expect(await verdictOn(applicant)).toMatchObject({ verdict: 'reject', reasons: ['face_match'] });
    await check(applicant, 'b-review');
    await close();
  });

  it('a slip is told by its group; the photo in the hand is approved by a reviewer who sees the parts', async () => {
    const person = specimenPerson({ name: '样本二', expiresOn: '2040-01-01' });
    const applicant = await toPerson(person, 'zh-CN');
    const { page, close } = applicant;
    expect(await page.locator('.read-from img').count()).toBeGreaterThanOrEqual(3);
    const other = specimenPerson({ birthdate: person.birthdate, sex: person.sex });
    await page.fill('[name=number]', other.number);
    await page.fill('[name=name]', person.name);
    await press(page);
    await page.waitForSelector('[name=confirmed]');
    expect(await page.locator('.error-summary').textContent()).toMatch(/位/);
    await check(applicant, 'c-slip');
    await page.fill('[name=number]', person.number);
    await toHolder(applicant, 'hand_held');
    await check(applicant, 'c-hand-held');
    await page.locator('form[action="/verify/consent/face"] button').click();
    await page.waitForSelector('#compare .notice');
    await check(applicant, 'c-compared');
    const held = await handHeld(person, { portrait: await portrait({ person: 'a', variation: 1 }) });
    await send(page, held, '/verify/check');
    await press(page);
    await at(page, '/status');
    await becomes(page, '审核中');
    const verdict = await verdictOn(applicant);
    expect(verdict).toMatchObject({
      verdict: 'review',
      reasons: expect.arrayContaining(['hand_held']) as unknown,
    });
    await approve('en');
    await page.reload();
    await becomes(page, '已通过');
    await check(applicant, 'c-approved');
    await close();
  });

  it('an expired card is told with its date, and who holds a picture to the camera is offered the other route', async () => {
    const person = specimenPerson({ name: '范例宁', expiresOn: '2040-01-01' });
    const expired = specimenPerson({ ...person, validFrom: '2001-05-06', expiresOn: '2021-05-06' });
    const applicant = await toPerson(person, 'en', expired);
    const { page, camera, close } = applicant;
    expect(await page.locator('.error-summary').textContent()).toContain('6 May 2021');
    await check(applicant, 'd-expired');
    await page.goto(`${site.issuer}/verify/photo/document-back`);
    await send(page, await idCardBack(person), '/verify/person');
    await page.fill('[name=name]', person.name);
    await toHolder(applicant, 'face');
    await camera.hold(await portrait({ person: 'a', variation: 2 }));
    await page.locator('[data-camera-open]').click();
    await page.waitForSelector('.complaint');
    expect(await page.locator('.complaint').textContent()).toContain('follow the prompts');
    await check(applicant, 'd-still');
    await page.locator('.complaint a[href="/verify/route"]').click();
    await choose(page, 'route', 'hand_held');
    await press(page);
    await at(page, '/hand-held');
    await close();
  });
});

/** A reviewer takes the case of the photo in the hand, sees parts and faces of the pictures, and approves. */
async function approve(lang: 'zh-CN' | 'en'): Promise<void> {
  const enrolment = await enrol(rig.review, 'reviewer');
  const seen = await visit(browser, { lang, device: 'desktop' });
  const { page } = seen;
  await page.goto(`${console.base}/staff`);
  await page.fill('[name=login]', enrolment.staff.login);
  await page.fill('[name=password]', enrolment.password);
  await page.fill('[name=code]', codeFor(enrolment, rig.clock));
  await page.click('main button[type=submit]');
  await page.fill('[name=current]', enrolment.password);
  for (const field of ['next', 'again']) await page.fill(`[name=${field}]`, 'four words in a row');
  await page.click('main button[type=submit]');
  await at(page, '/staff?notice=password');
  await page.goto(`${console.base}/staff?route=hand_held`);
  await page.locator('form[action^="/staff/cases/"][action$="/claim"] button').click();
  await page.waitForSelector('[name=decision]');
  expect(await loaded(page, '.compare img'), 'parts of the card and the licence').toBeGreaterThanOrEqual(4);
  const validity = page.locator('.compare tbody', { hasText: 'Valid until' }).locator('td');
  expect(await validity.first().textContent()).toBe('2040-01-01');
  expect(await validity.nth(1).textContent(), 'of the card, not of the licence').toContain('2040-01-01');
  expect(await loaded(page, '.faces img'), 'of the card, the person and the card in the hand').toBe(3);
  expect(await page.locator('.faces strong').count(), 'likenesses').toBe(2);
  await check(seen, 'c-console');
  await page.locator('[name=decision][value=approve]').check();
  await page.selectOption('[name=approve_reason]', 'evidence_consistent');
  await page.locator('button[form=decide]:not([formaction]):not([name])').click();
  await at(page, '/decided');
  await seen.close();
}

/** How many of the pictures were fetched and can be shown. */
async function loaded(page: Page, pictures: string): Promise<number> {
  await page.waitForLoadState('networkidle');
  return page.evaluate(
    `[...document.querySelectorAll('${pictures}')].filter((one) => one.naturalWidth > 0).length`,
  );
}
